//! What is known of the columns of collections.

use schema::field::ColumnKind;
use schema::{Collection, Field};
use sql::{ColumnType, Expr, Ident, Value, Values};

/// The values of a field's column.
pub(crate) fn values(collection: &Collection, field: &Field) -> Values {
    let kind = match field.column() {
        ColumnKind::PrimaryKey | ColumnKind::Text => ColumnType::Text,
        ColumnKind::Number => ColumnType::Number,
        ColumnKind::Bool => ColumnType::Bool,
        ColumnKind::Json | ColumnKind::JsonList | ColumnKind::GeoPoint => ColumnType::Json,
    };
    if collection.is_view() { Values::Viewed(kind) } else { Values::Stored(kind) }
}

/// The values of a column of nothing but this value.
pub(crate) fn values_of(value: &Value) -> Values {
    Values::Computed(match value {
        Value::Bool(_) => ColumnType::Bool,
        Value::Integer(_) | Value::Real(_) => ColumnType::Number,
        Value::Null | Value::Text(_) | Value::Blob(_) => ColumnType::Text,
    })
}

/// The column with the id of a record.
pub(crate) fn id(at: &Ident, collection: &Collection) -> Expr {
    let kind = ColumnType::Text;
    let values = if collection.is_view() { Values::Viewed(kind) } else { Values::Stored(kind) };
    Expr::column_of(at, "id", values)
}
