//! Records as the JSON text that clients get.

use schema::Collection;
use schema::value::{go_json, write_stored};
use store::Row;

use crate::{Record, row};

/// A JSON text that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(pub Vec<u8>);

/// What of a record its reader may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Visibility {
    /// Hidden fields, but never a password or a token key.
    pub(crate) hidden: bool,
    /// The e-mail address of an auth record that keeps it private.
    pub(crate) email: bool,
}

/// The keys of a collection's records in the order in which they are sent, worked out once.
#[derive(Debug)]
pub(crate) struct RecordShape {
    keys: Vec<Key>,
    email_visibility: Option<usize>,
}

#[derive(Debug)]
struct Key {
    name: String,
    /// `"name":`, escaped once.
    label: Vec<u8>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// The same in every record.
    Fixed(Vec<u8>),
    /// The value of a field, by its position.
    Field { index: usize, hidden: bool, private: bool },
}

/// Where the values of a record come from.
trait Values {
    fn write(&self, index: usize, collection: &Collection, out: &mut Vec<u8>);
    fn is_true(&self, index: usize) -> bool;
}

/// A row whose columns are the fields of the collection, in their order.
struct RowValues<'a>(&'a dyn Row);

impl RecordShape {
    pub(crate) fn new(collection: &Collection) -> Self {
        let auth = collection.is_auth();
        let fixed = |text: &str| Content::Fixed(quoted(text));
        let mut keys = vec![
            Key::new("collectionId", fixed(&collection.id)),
            Key::new("collectionName", fixed(&collection.name)),
        ];
        for (index, field) in collection.fields.iter().enumerate() {
            if auth && matches!(field.name.as_str(), "password" | "tokenKey") {
                continue;
            }
            let private = auth && field.name == "email";
            keys.push(Key::new(&field.name, Content::Field { index, hidden: field.hidden, private }));
        }
        keys.sort_by(|a, b| a.name.cmp(&b.name));
        let email_visibility = auth.then(|| collection.field_index("emailVisibility")).flatten();
        Self { keys, email_visibility }
    }

    /// Writes a row of the collection's columns, in the order of its fields.
    pub(crate) fn write_row(
        &self,
        collection: &Collection,
        row: &dyn Row,
        see: Visibility,
        out: &mut Vec<u8>,
    ) {
        self.write(collection, &RowValues(row), see, None, out);
    }

    /// Writes a record, with the records it is expanded by as a ready JSON object.
    pub(crate) fn write_record(
        &self,
        record: &Record,
        see: Visibility,
        expand: Option<&[u8]>,
        out: &mut Vec<u8>,
    ) {
        self.write(record.collection(), record, see, expand, out);
    }

    fn write(
        &self,
        collection: &Collection,
        values: &impl Values,
        see: Visibility,
        mut expand: Option<&[u8]>,
        out: &mut Vec<u8>,
    ) {
        let public_email = see.email || self.email_visibility.is_some_and(|index| values.is_true(index));
        out.push(b'{');
        let mut separator: &[u8] = b"";
        for key in &self.keys {
            if matches!(key.content, Content::Field { hidden, private, .. } if hidden && !see.hidden || private && !public_email)
            {
                continue;
            }
            if key.name.as_str() > "expand"
                && let Some(expanded) = expand.take()
            {
                out.extend([separator, b"\"expand\":", expanded].concat());
                separator = b",";
            }
            out.extend(separator);
            separator = b",";
            out.extend(&key.label);
            match &key.content {
                Content::Fixed(text) => out.extend(text),
                Content::Field { index, .. } => values.write(*index, collection, out),
            }
        }
        if let Some(expanded) = expand {
            out.extend([separator, b"\"expand\":", expanded].concat());
        }
        out.push(b'}');
    }
}

impl Key {
    fn new(name: &str, content: Content) -> Self {
        let mut label = quoted(name);
        label.push(b':');
        Self { name: name.to_owned(), label, content }
    }
}

impl Values for RowValues<'_> {
    fn write(&self, index: usize, collection: &Collection, out: &mut Vec<u8>) {
        if let Some(field) = collection.fields.get(index) {
            write_stored(field, &row::stored(self.0.get(index)), out);
        }
    }

    fn is_true(&self, index: usize) -> bool {
        self.0.get(index).as_bool().unwrap_or_default()
    }
}

impl Values for Record {
    fn write(&self, index: usize, _: &Collection, out: &mut Vec<u8>) {
        if let Some(value) = self.values().get(index) {
            value.write_json(out);
        }
    }

    fn is_true(&self, index: usize) -> bool {
        matches!(self.values().get(index), Some(schema::Value::Bool(true)))
    }
}

/// A JSON string.
fn quoted(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    go_json::write_string(text, &mut out);
    out
}
