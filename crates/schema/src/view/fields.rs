use std::sync::Arc;

use ambient::{Entropy, EntropyExt};

use super::identifiers::{Identifier, Identifiers};
use super::{ViewQueryError, trimmed};
use crate::collection::{Collection, CollectionLookup, DEFAULT_ID_PATTERN, field_name};
use crate::field::{
    BoolOptions, Field, FieldKind, JsonOptions, NumberOptions, RelationOptions, TextOptions, add_field,
};

const CLONE_ALPHABET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// A view's query, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewQuery {
    text: String,
    identifiers: Identifiers,
}

/// Where the values of a view's field come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// The collection that the query reads from.
    pub collection: Arc<Collection>,
    /// The name of the field there.
    pub field: String,
}

impl ViewQuery {
    /// Takes a query apart.
    ///
    /// # Errors
    /// [`ViewQueryError`] when it cannot be told apart or has a column `*`.
    pub fn parse(query: &str) -> Result<Self, ViewQueryError> {
        let identifiers = Identifiers::parse(query)?;
        if identifiers.columns.iter().any(|column| column.alias == "*") {
            return Err(ViewQueryError::Wildcard);
        }
        Ok(Self { text: trimmed(query).to_owned(), identifiers })
    }

    /// The fields for the columns that the query turned out to have, in their order.
    pub fn fields(
        &self,
        columns: &[String],
        lookup: &dyn CollectionLookup,
        entropy: &dyn Entropy,
    ) -> Vec<Field> {
        let mut fields = Vec::new();
        for name in columns {
            let written = self.identifiers.columns.iter().rfind(|column| column.alias == *name);
            let field = written.map_or_else(|| default(name), |column| self.field(column, lookup, entropy));
            add_field(&mut fields, field);
        }
        fields
    }

    /// Where the values of a field come from; `None` when they are not those of a collection's field.
    pub fn origin(&self, field: &str, lookup: &dyn CollectionLookup) -> Option<Origin> {
        let column = self.identifiers.columns.iter().rfind(|column| column.alias == field)?;
        if field == "id" || computed(column).is_some() {
            return None;
        }
        let (collection, field) = self.source(column, lookup)?;
        let field = find(&collection, field).filter(|field| !is_id(&field.name))?.name.clone();
        Some(Origin { collection, field })
    }

    /// The same query with its `id` as text, which is all that the id of a record can be.
    pub fn with_text_id(&self) -> String {
        let columns: Vec<String> = self
            .identifiers
            .columns
            .iter()
            .map(|column| {
                let name = format!("`{}`", column.alias.replace('`', "``"));
                if column.alias == "id" { format!("CAST({name} as TEXT) {name}") } else { name }
            })
            .collect();
        format!("SELECT {} FROM ({})", columns.join(","), self.text)
    }

    fn field(&self, column: &Identifier, lookup: &dyn CollectionLookup, entropy: &dyn Entropy) -> Field {
        let name = column.alias.as_str();
        if name == "id" {
            return default(name);
        }
        if let Some(kind) = computed(column) {
            return Field::new(name, kind);
        }
        let Some((collection, field)) = self.source(column, lookup) else { return default(name) };
        match find(&collection, field) {
            None => default(name),
            Some(field) if is_id(&field.name) => {
                let options = RelationOptions {
                    collection_id: collection.id.clone(),
                    max_select: 1,
                    ..RelationOptions::default()
                };
                Field::new(name, FieldKind::Relation(options))
            }
            // One field can be there several times: each needs an id of its own.
            Some(field) => Field {
                id: format!("_clone_{}", entropy.text(4, CLONE_ALPHABET)),
                name: name.to_owned(),
                ..field.clone()
            },
        }
    }

    /// The collection that a column is of, and the name of the field there, as the query has them.
    fn source<'a>(
        &self,
        column: &'a Identifier,
        lookup: &dyn CollectionLookup,
    ) -> Option<(Arc<Collection>, &'a str)> {
        let parts: Vec<&str> = column.original.split('.').collect();
        let tables = &self.identifiers.tables;
        let (table, field) = match parts.as_slice() {
            &[table, field] => (table, field),
            // A name of more parts counts as its first one.
            &[first, ..] => (tables.first()?.alias.as_str(), first),
            [] => return None,
        };
        let table =
            tables.iter().rfind(|known| known.alias == table && find_table(known, lookup).is_some())?;
        Some((find_table(table, lookup)?, field))
    }
}

/// Checks the names of a view's fields, which are those of its columns.
///
/// # Errors
/// [`ViewQueryError::MissingId`] when none is named `id`, [`ViewQueryError::FieldName`] for the first one that no field
/// can have.
pub fn check_names(fields: &[Field]) -> Result<(), ViewQueryError> {
    if !fields.iter().any(|field| field.name == "id") {
        return Err(ViewQueryError::MissingId);
    }
    for (position, field) in fields.iter().enumerate() {
        if let Some(error) = field_name(field) {
            let (name, reason) = (field.name.clone(), error.message);
            return Err(ViewQueryError::FieldName { name, position, reason });
        }
    }
    Ok(())
}

/// The type of a column that says it by itself.
fn computed(column: &Identifier) -> Option<FieldKind> {
    let text = column.original.to_lowercase();
    let number = |only_int| FieldKind::Number(NumberOptions { only_int, ..NumberOptions::default() });
    if text.starts_with("count(") {
        return Some(number(true));
    }
    if text.starts_with("total(") {
        return Some(number(false));
    }
    match cast_type(&text)? {
        "real" | "decimal" | "numeric" => Some(number(false)),
        "int" | "integer" => Some(number(true)),
        "text" => Some(FieldKind::Text(TextOptions::default())),
        "boolean" | "bool" => Some(FieldKind::Bool(BoolOptions::default())),
        _ => None,
    }
}

/// The type in `cast(… as type)`, in lower case.
fn cast_type(text: &str) -> Option<&str> {
    let is_space = |c: char| matches!(c, '\t' | '\n' | '\u{c}' | '\r' | ' ');
    let inner = text.strip_suffix(')')?.trim_end_matches(is_space);
    let start = inner.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    let (before, name) = inner.split_at_checked(start).filter(|(_, name)| !name.is_empty())?;
    let before = before.strip_suffix(is_space)?.trim_end_matches(is_space);
    let operand = before.strip_suffix("as")?.strip_suffix(is_space)?;
    operand.strip_prefix("cast")?.trim_start_matches(is_space).starts_with('(').then_some(name)
}

fn find_table(table: &Identifier, lookup: &dyn CollectionLookup) -> Option<Arc<Collection>> {
    if table.alias.contains('(') {
        return None;
    }
    lookup.by_name(&table.original).filter(|collection| collection.name == table.original)
}

/// The first field of this name, as a database reads names.
fn find<'a>(collection: &'a Collection, name: &str) -> Option<&'a Field> {
    let name = name.to_lowercase();
    collection.fields.iter().find(|field| field.name.to_lowercase() == name)
}

fn is_id(name: &str) -> bool {
    name.eq_ignore_ascii_case("id")
}

/// The field of a column of which nothing is known.
fn default(name: &str) -> Field {
    if name != "id" {
        return Field::new(name, FieldKind::Json(JsonOptions { max_size: 1, ..JsonOptions::default() }));
    }
    let options = TextOptions {
        pattern: DEFAULT_ID_PATTERN.to_owned(),
        required: true,
        primary_key: true,
        ..TextOptions::default()
    };
    Field { system: true, ..Field::new(name, FieldKind::Text(options)) }
}

#[cfg(test)]
mod tests {
    use ambient::SeededEntropy;

    use super::*;
    use crate::CollectionKind;
    use crate::field::{FileOptions, SelectOptions};

    /// `notes` with the fields title, size, kind and files, and `tags` with a label.
    struct Known(Vec<Arc<Collection>>);

    impl Known {
        fn new() -> Self {
            let mut notes = Collection::new(CollectionKind::Base, "notes", "n0");
            let files = FileOptions { max_select: 3, ..FileOptions::default() };
            for (name, kind) in [
                ("title", FieldKind::Text(TextOptions { max: 7, ..TextOptions::default() })),
                ("size", FieldKind::Number(NumberOptions::default())),
                ("kind", FieldKind::Select(SelectOptions::default())),
                ("files", FieldKind::File(files)),
            ] {
                add_field(&mut notes.fields, Field::new(name, kind));
            }
            let mut tags = Collection::new(CollectionKind::Base, "tags", "t0");
            add_field(&mut tags.fields, Field::new("label", FieldKind::Text(TextOptions::default())));
            Self(vec![Arc::new(notes), Arc::new(tags)])
        }
    }

    impl CollectionLookup for Known {
        fn by_id(&self, id: &str) -> Option<Arc<Collection>> {
            self.0.iter().find(|collection| collection.id == id).cloned()
        }

        fn by_name(&self, name: &str) -> Option<Arc<Collection>> {
            self.0.iter().find(|collection| collection.name.eq_ignore_ascii_case(name)).cloned()
        }
    }

    fn infer(query: &str, columns: &[&str]) -> Vec<Field> {
        let columns: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
        let query = ViewQuery::parse(query).unwrap();
        query.fields(&columns, &Known::new(), &SeededEntropy::new(1))
    }

    fn kinds(query: &str, columns: &[&str]) -> Vec<&'static str> {
        infer(query, columns).iter().map(|field| field.kind.name()).collect()
    }

    #[test]
    fn fields_of_collections_are_cloned() {
        let fields = infer("select id, title, n.title as t2 from notes n", &["id", "title", "t2"]);
        let known = Known::new();
        let title = known.0[0].field("title").unwrap();
        for (field, name) in fields[1..].iter().zip(["title", "t2"]) {
            assert_eq!((&field.kind, field.name.as_str()), (&title.kind, name));
            assert!(field.id.starts_with("_clone_") && field.id.len() == 11);
        }
        assert_ne!(fields[1].id, fields[2].id);
        assert_eq!(fields[0].id, "text3208210256");
        assert!(fields[0].is_primary_key() && fields[0].system);
    }

    #[test]
    fn the_id_of_a_collection_is_a_relation_to_it() {
        let query = "select n.id, t.id as tag, notes.id as other from notes n left join tags t on t.id = n.x";
        let fields = infer(query, &["id", "tag", "other"]);
        let FieldKind::Relation(options) = &fields[1].kind else { panic!("{:?}", fields[1]) };
        assert_eq!((options.collection_id.as_str(), options.max_select), ("t0", 1));
        // Its alias hides the name of a table.
        assert_eq!(fields[2].kind.name(), "json");
    }

    #[test]
    fn computed_columns_say_their_type() {
        let query = "select (ROW_NUMBER() OVER()) as id, COUNT(id) c, total(size) t, sum(size) s, 1 as one,
            cast( size\n AS Int ) i, cast(size as decimal) d, CAST(x as text) x,
            cast((select 1 as int) as blob) y, broadcast(x as int) z, cast(a as BOOLEAN) from notes";
        let columns = ["id", "c", "t", "s", "one", "i", "d", "x", "y", "z", "cast(a as BOOLEAN)"];
        let expected =
            ["text", "number", "number", "json", "json", "number", "number", "text", "json", "json", "bool"];
        assert_eq!(kinds(query, &columns), expected);
    }

    #[test]
    fn what_is_not_known_is_json() {
        let query = "select id, nope, lower(title) as l, other.title as o, notes.size.x as s from notes";
        assert_eq!(
            kinds(query, &["id", "nope", "l", "o", "s", "extra"]),
            ["text", "json", "json", "json", "json", "json"]
        );
        // Names of tables are not found in another case, those of fields are.
        assert_eq!(kinds("select id, TITLE from Notes", &["id", "TITLE"]), ["text", "json"]);
        assert_eq!(kinds("select id, TITLE from notes", &["id", "TITLE"]), ["text", "text"]);
    }

    #[test]
    fn names_are_those_of_fields() {
        let error = |name: &str| check_names(&[default("id"), default(name)]).unwrap_err().to_string();
        assert_eq!(error("count(*)"), r#"invalid field "count(*)" (1): name: must be in a valid format."#);
        assert_eq!(
            error("a_via_b"),
            r#"invalid field "a_via_b" (1): name: The value cannot contain "_via_".."#
        );
        assert!(check_names(&[default("id"), default("total")]).is_ok());
    }

    #[test]
    fn an_id_and_no_star_are_asked_for() {
        assert_eq!(ViewQuery::parse("select a.* from a"), Err(ViewQueryError::Wildcard));
        assert_eq!(check_names(&infer("select ID from notes", &["ID"])), Err(ViewQueryError::MissingId));
    }

    #[test]
    fn an_id_that_is_no_text_is_made_one() {
        let query = ViewQuery::parse("select 1 as id, `title` from notes;").unwrap();
        assert_eq!(
            query.with_text_id(),
            "SELECT CAST(`id` as TEXT) `id`,`title` FROM (select 1 as id, `title` from notes)"
        );
    }

    #[test]
    fn a_field_knows_where_it_comes_from() {
        let query = ViewQuery::parse("select id, files as f, id as i, count(files) c from notes").unwrap();
        let known = Known::new();
        let origin = query.origin("f", &known).unwrap();
        assert_eq!((origin.collection.name.as_str(), origin.field.as_str()), ("notes", "files"));
        for name in ["id", "i", "c", "nope"] {
            assert_eq!(query.origin(name, &known), None, "{name}");
        }
    }
}
