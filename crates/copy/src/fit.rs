//! Values of the source, as the columns of the target take them.

use schema::value::Stored;
use sql::{ColumnKind, Value};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Integer,
    Bool,
    /// A JSON text. SQLite keeps numbers among them as numbers.
    Json,
}

impl Kind {
    pub(crate) fn of(column: ColumnKind) -> Self {
        match column {
            ColumnKind::RandomId
            | ColumnKind::TextKey
            | ColumnKind::Text
            | ColumnKind::UniqueText
            | ColumnKind::NullableText
            | ColumnKind::TextOr(_)
            | ColumnKind::CurrentTime => Self::Text,
            ColumnKind::Number => Self::Number,
            ColumnKind::Integer | ColumnKind::RequiredInteger => Self::Integer,
            ColumnKind::Bool => Self::Bool,
            ColumnKind::Json
            | ColumnKind::JsonBytes
            | ColumnKind::JsonArray
            | ColumnKind::JsonObject
            | ColumnKind::GeoPoint => Self::Json,
        }
    }
}

/// The value that a column of the target gets for one of the source; the reason when it cannot hold it.
///
/// Columns that older versions of PocketBase made can hold null where there is none today: it is read as the empty
/// value, and becomes it.
pub(crate) fn fit(value: Value, column: ColumnKind, typed: bool) -> Result<Value, &'static str> {
    let value = match value {
        Value::Null => return Ok(empty(column)),
        value => value,
    };
    if !typed {
        return Ok(value);
    }
    if column == ColumnKind::JsonBytes {
        return Ok(bytes(value));
    }
    match (Kind::of(column), value) {
        (Kind::Text | Kind::Json, Value::Text(text)) => without_nul(text),
        (Kind::Text | Kind::Json, Value::Blob(bytes)) => {
            without_nul(String::from_utf8(bytes).map_err(|_| "is not UTF-8")?)
        }
        (Kind::Json, Value::Real(number)) => Ok(Stored::Real(number).into_json_text().into_owned().into()),
        (Kind::Text | Kind::Json, number) => {
            Ok(number.as_ref().to_text().unwrap_or_default().into_owned().into())
        }
        (Kind::Number, value @ Value::Real(_)) => Ok(value),
        (Kind::Number, value) => {
            let exact = value.as_ref().as_i64().filter(|&whole| is_exact(whole));
            exact.map(|whole| Value::Real(whole as f64)).ok_or("is no number of 64 bits")
        }
        (Kind::Integer, value) => value.as_ref().as_i64().map(Value::Integer).ok_or("is no whole number"),
        (Kind::Bool, value) => value.as_ref().as_bool().map(Value::Bool).ok_or("is neither true nor false"),
    }
}

/// Whether a float can hold the number.
pub(crate) fn is_exact(whole: i64) -> bool {
    (whole as f64) as i128 == i128::from(whole)
}

fn bytes(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Blob(text.into_bytes()),
        number @ (Value::Integer(_) | Value::Real(_)) => {
            Value::Blob(number.as_ref().to_text().unwrap_or_default().into_owned().into_bytes())
        }
        other => other,
    }
}

fn without_nul(text: String) -> Result<Value, &'static str> {
    if text.contains('\0') { Err("has the character NUL") } else { Ok(Value::Text(text)) }
}

fn empty(column: ColumnKind) -> Value {
    match column {
        ColumnKind::NullableText | ColumnKind::Json | ColumnKind::JsonBytes => Value::Null,
        ColumnKind::RandomId
        | ColumnKind::TextKey
        | ColumnKind::Text
        | ColumnKind::UniqueText
        | ColumnKind::TextOr(_)
        | ColumnKind::CurrentTime => Value::Text(String::new()),
        ColumnKind::Number | ColumnKind::Integer | ColumnKind::RequiredInteger => Value::Integer(0),
        ColumnKind::Bool => Value::Bool(false),
        ColumnKind::JsonArray => Value::from("[]"),
        ColumnKind::JsonObject => Value::from("{}"),
        ColumnKind::GeoPoint => Value::from(r#"{"lon":0,"lat":0}"#),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_of_the_type_of_their_column() {
        let text = |text: &str| Value::from(text);
        for (value, column, expected) in [
            (text("a"), ColumnKind::Text, Ok(text("a"))),
            (Value::Blob(b"{}".to_vec()), ColumnKind::Json, Ok(text("{}"))),
            (Value::Blob(vec![0xff]), ColumnKind::Text, Err("is not UTF-8")),
            (text("a\0b"), ColumnKind::Text, Err("has the character NUL")),
            (text("{}"), ColumnKind::JsonBytes, Ok(Value::Blob(b"{}".to_vec()))),
            (Value::Integer(7), ColumnKind::Json, Ok(text("7"))),
            (Value::Real(1e300), ColumnKind::Json, Ok(text("1e+300"))),
            (Value::Integer(7), ColumnKind::Number, Ok(Value::Real(7.0))),
            (Value::Integer((1 << 53) + 1), ColumnKind::Number, Err("is no number of 64 bits")),
            (Value::Integer(i64::MAX), ColumnKind::Number, Err("is no number of 64 bits")),
            (text("x"), ColumnKind::Number, Err("is no number of 64 bits")),
            (Value::Real(3.0), ColumnKind::Integer, Ok(Value::Integer(3))),
            (Value::Integer(1), ColumnKind::Bool, Ok(Value::Bool(true))),
            (text("yes"), ColumnKind::Bool, Err("is neither true nor false")),
        ] {
            assert_eq!(fit(value.clone(), column, true), expected, "{value:?} in {column:?}");
            assert_eq!(fit(value.clone(), column, false), Ok(value));
        }
    }

    #[test]
    fn null_becomes_empty_where_there_is_none() {
        for (column, expected) in [
            (ColumnKind::Text, Value::from("")),
            (ColumnKind::NullableText, Value::Null),
            (ColumnKind::Json, Value::Null),
            (ColumnKind::JsonArray, Value::from("[]")),
            (ColumnKind::Bool, Value::Bool(false)),
            (ColumnKind::Number, Value::Integer(0)),
        ] {
            assert_eq!(fit(Value::Null, column, false), Ok(expected), "{column:?}");
        }
    }
}
