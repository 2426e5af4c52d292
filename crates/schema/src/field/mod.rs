//! The field types and their options.
//!
//! An option's zero value stands for its default, as it is stored and sent; the methods beside the options give
//! the effective value.

mod column;
mod json;
mod list;

pub use column::ColumnKind;
pub use list::{add_field, field_list, fields_from_json};

/// A column of a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The type's name and a number by default. Columns are matched by it, so that a field can be renamed.
    pub id: String,
    /// The name of the column and of the key in JSON.
    pub name: String,
    /// Whether it belongs to the system: it cannot be renamed or removed then.
    pub system: bool,
    /// Whether only superusers see and set it.
    pub hidden: bool,
    /// Whether a dashboard shows it in place of the record's id.
    pub presentable: bool,
    /// A note for people; an autodate has none.
    pub help: String,
    /// The type, with its options.
    pub kind: FieldKind,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// Plain text.
    Text(TextOptions),
    /// HTML from a rich text editor.
    Editor(EditorOptions),
    /// A 64-bit float.
    Number(NumberOptions),
    /// True or false.
    Bool(BoolOptions),
    /// An e-mail address.
    Email(DomainOptions),
    /// An absolute URL.
    Url(DomainOptions),
    /// A point in time.
    Date(DateOptions),
    /// A point in time that is set on create or update.
    Autodate(AutodateOptions),
    /// One or several of a list of values.
    Select(SelectOptions),
    /// One or several stored files, by name.
    File(FileOptions),
    /// One or several records of a collection, by id.
    Relation(RelationOptions),
    /// Any JSON value.
    Json(JsonOptions),
    /// A password, stored as a bcrypt hash.
    Password(PasswordOptions),
    /// A longitude and a latitude.
    GeoPoint(GeoPointOptions),
}

/// Options of a text field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TextOptions {
    /// Least number of characters.
    pub min: i64,
    /// Greatest number of characters; 0 for 5000.
    pub max: i64,
    /// A regular expression that the value matches somewhere; empty for any value.
    pub pattern: String,
    /// A pattern from which an empty value is generated on create; empty for none.
    pub autogenerate_pattern: String,
    /// Whether it must not be empty.
    pub required: bool,
    /// Whether it is the record's id.
    pub primary_key: bool,
}

/// Options of an editor field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EditorOptions {
    /// Greatest number of bytes; 0 for 5 MiB.
    pub max_size: i64,
    /// A hint for editors: keep URLs as they are typed or make them relative.
    pub convert_urls: bool,
    /// Whether it must not be empty.
    pub required: bool,
}

/// Options of a number field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NumberOptions {
    /// Least value other than zero.
    pub min: Option<f64>,
    /// Greatest value other than zero.
    pub max: Option<f64>,
    /// Whether a fraction is refused.
    pub only_int: bool,
    /// Whether zero is refused.
    pub required: bool,
}

/// Options of a bool field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BoolOptions {
    /// Whether false is refused.
    pub required: bool,
}

/// Options of an e-mail or URL field; at most one of the two lists is set.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DomainOptions {
    /// Domains that are refused.
    pub except_domains: Option<Vec<String>>,
    /// The only domains that are taken.
    pub only_domains: Option<Vec<String>>,
    /// Whether it must not be empty.
    pub required: bool,
}

/// Options of a date field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DateOptions {
    /// Earliest time text; empty for none.
    pub min: String,
    /// Latest time text; empty for none.
    pub max: String,
    /// Whether it must not be empty.
    pub required: bool,
}

/// Options of an autodate field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AutodateOptions {
    /// Set when the record is created.
    pub on_create: bool,
    /// Set when the record is changed.
    pub on_update: bool,
}

/// Options of a select field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SelectOptions {
    /// What can be selected.
    pub values: Vec<String>,
    /// How many can be selected; 0 for 1, and more than 1 makes the value a list.
    pub max_select: i64,
    /// Whether something must be selected.
    pub required: bool,
}

/// Options of a file field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FileOptions {
    /// Greatest size of one file in bytes; 0 for 5 MiB.
    pub max_size: i64,
    /// How many files; 0 for 1, and more than 1 makes the value a list.
    pub max_select: i64,
    /// The content types that are taken; none or empty for any.
    pub mime_types: Option<Vec<String>>,
    /// Sizes in which pictures can be asked for.
    pub thumbs: Option<Vec<String>>,
    /// Whether a download needs a file token and the view rule.
    pub protected: bool,
    /// Whether there must be a file.
    pub required: bool,
}

/// Options of a relation field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RelationOptions {
    /// The id of the collection pointed to; never changed.
    pub collection_id: String,
    /// Whether the record is deleted with the one it points to.
    pub cascade_delete: bool,
    /// Least number of records; not looked at for an empty optional field.
    pub min_select: i64,
    /// How many records; 0 for 1, and more than 1 makes the value a list.
    pub max_select: i64,
    /// Whether it must not be empty.
    pub required: bool,
}

/// Options of a JSON field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JsonOptions {
    /// Greatest number of bytes; 0 for 1 MiB.
    pub max_size: i64,
    /// Whether `null`, `""`, `[]` and `{}` are refused.
    pub required: bool,
}

/// Options of a password field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PasswordOptions {
    /// A regular expression that the plain password matches somewhere; empty for any.
    pub pattern: String,
    /// Least number of characters.
    pub min: i64,
    /// Greatest number of characters; 0 for 71.
    pub max: i64,
    /// The bcrypt cost; 0 for 10.
    pub cost: i64,
    /// Whether it must not be empty.
    pub required: bool,
}

/// Options of a geo point field.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GeoPointOptions {
    /// Whether 0,0 is refused.
    pub required: bool,
}

impl FieldKind {
    /// The type's name in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Editor(_) => "editor",
            Self::Number(_) => "number",
            Self::Bool(_) => "bool",
            Self::Email(_) => "email",
            Self::Url(_) => "url",
            Self::Date(_) => "date",
            Self::Autodate(_) => "autodate",
            Self::Select(_) => "select",
            Self::File(_) => "file",
            Self::Relation(_) => "relation",
            Self::Json(_) => "json",
            Self::Password(_) => "password",
            Self::GeoPoint(_) => "geoPoint",
        }
    }

    /// Whether the value is a list: a select, file or relation of more than one.
    pub fn is_multiple(&self) -> bool {
        match self {
            Self::Select(options) => options.max_select > 1,
            Self::File(options) => options.max_select > 1,
            Self::Relation(options) => options.max_select > 1,
            _ => false,
        }
    }
}

impl Field {
    /// Whether it is the record's id.
    pub fn is_primary_key(&self) -> bool {
        matches!(&self.kind, FieldKind::Text(options) if options.primary_key)
    }
}
