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
    /// `,"name":`, escaped once, and the value if that is the same in every record.
    label: Vec<u8>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// The same in every record.
    Fixed,
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
        let mut keys =
            vec![Key::fixed("collectionId", &collection.id), Key::fixed("collectionName", &collection.name)];
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
        // Every key brings the comma before it; that of the first one makes room for the brace.
        let start = out.len();
        for key in &self.keys {
            if matches!(key.content, Content::Field { hidden, private, .. } if hidden && !see.hidden || private && !public_email)
            {
                continue;
            }
            if expand.is_some() && key.name.as_str() > "expand" {
                write_expand(expand.take(), out);
            }
            out.extend_from_slice(&key.label);
            if let Content::Field { index, .. } = key.content {
                values.write(index, collection, out);
            }
        }
        write_expand(expand, out);
        if let Some(first) = out.get_mut(start) {
            *first = b'{';
        }
        out.push(b'}');
    }
}

impl Key {
    fn new(name: &str, content: Content) -> Self {
        let mut label = vec![b','];
        go_json::write_string(name, &mut label);
        label.push(b':');
        Self { name: name.to_owned(), label, content }
    }

    /// A key with the same text in every record.
    fn fixed(name: &str, text: &str) -> Self {
        let mut key = Self::new(name, Content::Fixed);
        go_json::write_string(text, &mut key.label);
        key
    }
}

/// Writes the records that one is expanded by, if it is.
fn write_expand(expanded: Option<&[u8]>, out: &mut Vec<u8>) {
    if let Some(expanded) = expanded {
        out.extend_from_slice(b",\"expand\":");
        out.extend_from_slice(expanded);
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
