//! Rows of the database as records.

use std::sync::Arc;

use schema::value::Stored;
use schema::{Collection, Value};
use sql::{Expr, Select, ValueRef};
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
        Stored::Text(text) => {
            let number = matches!(value, Value::Json(_)).then(|| stored_number(&text)).flatten();
            sql::Value::Text(number.map_or_else(|| text.into_owned(), str::to_owned))
        }
    }
}

/// What becomes of a number that is a whole JSON document where it is not kept as it is: SQLite keeps it as a 64-bit
/// float, in which a zero has no sign and what is too great is no number to clients any more. Other databases keep the
/// text.
fn stored_number(json: &str) -> Option<&'static str> {
    let is_number = json.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    match json.parse::<f64>().ok().filter(|_| is_number)? {
        0.0 if json.starts_with('-') => Some("0"),
        f64::INFINITY => Some(r#""+Inf""#),
        f64::NEG_INFINITY => Some(r#""-Inf""#),
        _ => None,
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

/// All fields of a collection's rows, in their order.
pub(crate) fn select(collection: &Collection) -> Select {
    let table = Select::from_table(&collection.name);
    collection
        .fields
        .iter()
        .fold(table, |query, field| query.column(Expr::column(&collection.name, &field.name)))
}

#[cfg(test)]
mod tests {
    use super::stored_number;

    #[test]
    fn numbers_of_json_are_those_of_a_64_bit_float() {
        for (json, stored) in [
            ("-0", Some("0")),
            ("-0.0", Some("0")),
            ("0", None),
            ("1.5", None),
            ("1e400", Some(r#""+Inf""#)),
            ("-1e400", Some(r#""-Inf""#)),
            (r#""-0""#, None),
            ("[1e400]", None),
        ] {
            assert_eq!(stored_number(json), stored, "{json}");
        }
    }
}
