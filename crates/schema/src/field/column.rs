use super::{Field, FieldKind};

/// How a field's values are stored in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// The text that identifies a row.
    PrimaryKey,
    /// Text, empty by default, never null.
    Text,
    /// An integer or a float, 0 by default, never null.
    Number,
    /// True or false, false by default, never null.
    Bool,
    /// A JSON text, null by default.
    Json,
    /// A JSON array of strings, empty by default, never null.
    JsonList,
    /// A JSON object with `lon` and `lat`, both 0 by default, never null.
    GeoPoint,
}

impl Field {
    /// How its values are stored.
    pub fn column(&self) -> ColumnKind {
        match &self.kind {
            FieldKind::Text(options) if options.primary_key => ColumnKind::PrimaryKey,
            FieldKind::Select(_) | FieldKind::File(_) | FieldKind::Relation(_) if self.kind.is_multiple() => {
                ColumnKind::JsonList
            }
            FieldKind::Text(_)
            | FieldKind::Editor(_)
            | FieldKind::Email(_)
            | FieldKind::Url(_)
            | FieldKind::Date(_)
            | FieldKind::Autodate(_)
            | FieldKind::Select(_)
            | FieldKind::File(_)
            | FieldKind::Relation(_)
            | FieldKind::Password(_) => ColumnKind::Text,
            FieldKind::Number(_) => ColumnKind::Number,
            FieldKind::Bool(_) => ColumnKind::Bool,
            FieldKind::Json(_) => ColumnKind::Json,
            FieldKind::GeoPoint(_) => ColumnKind::GeoPoint,
        }
    }
}
