//! Rows of the database as records.

use std::sync::Arc;

use schema::value::Stored;
use schema::{Collection, Value};
use sql::ValueRef;
use store::Row;

use crate::Record;

/// A value of a row in the words of the schema.
pub(crate) fn stored(value: ValueRef<'_>) -> Stored<'_> {
    match value {
        ValueRef::Null => Stored::Null,
        ValueRef::Bool(truth) => Stored::Integer(i64::from(truth)),
        ValueRef::Integer(number) => Stored::Integer(number),
        ValueRef::Real(number) => Stored::Real(number),
        ValueRef::Text(text) => Stored::Text(text.into()),
        ValueRef::Blob(bytes) => Stored::Text(String::from_utf8_lossy(bytes)),
    }
}

/// A value of a record as it is bound to a statement.
pub(crate) fn bound(value: &Value) -> sql::Value {
    if let Value::Bool(truth) = value {
        return sql::Value::Bool(*truth);
    }
    match value.to_sql() {
        Stored::Null => sql::Value::Null,
        Stored::Integer(number) => sql::Value::Integer(number),
        Stored::Real(number) => sql::Value::Real(number),
        Stored::Text(text) => sql::Value::Text(text.into_owned()),
    }
}

/// A value of a record that is bound where no column gives it a type: JSON is as it was sent.
pub(crate) fn bound_untyped(value: &Value) -> sql::Value {
    match value {
        Value::Json(json) if value.to_sql() != Stored::Null => sql::Value::Text(json.clone()),
        value => bound(value),
    }
}

/// The record in a row whose columns are the fields of the collection, in their order.
pub(crate) fn record(collection: &Arc<Collection>, row: &dyn Row) -> Record {
    let values = collection
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| Value::from_sql(field, stored(row.get(index))))
        .collect();
    Record::from_values(Arc::clone(collection), values)
}
