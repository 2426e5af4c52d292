use serde_json::Value as JsonValue;

use super::{Stored, Value, date, go_json, json, list, number};
use crate::field::{Field, FieldKind};

impl Value {
    /// Writes the value as JSON, as clients get it. A password is an empty text.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        match self {
            Self::Text(text) => go_json::write_string(text, out),
            Self::Number(number) => go_json::write_f64(*number, out),
            Self::Bool(flag) => write_bool(*flag, out),
            Self::List(items) => {
                out.push(b'[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        out.push(b',');
                    }
                    go_json::write_string(item, out);
                }
                out.push(b']');
            }
            Self::Json(json) if json::is_valid(json) => go_json::write_compact(json, out),
            Self::Json(other) => go_json::write_string(other, out),
            Self::GeoPoint { lon, lat } => {
                out.extend_from_slice(b"{\"lon\":");
                go_json::write_f64(*lon, out);
                out.extend_from_slice(b",\"lat\":");
                go_json::write_f64(*lat, out);
                out.push(b'}');
            }
            Self::Password { .. } => out.extend_from_slice(b"\"\""),
        }
    }

    /// The value as JSON data, as rules see a body. A password is the plain text that was sent.
    pub fn to_json(&self) -> JsonValue {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => number::to_json(*number),
            Self::Bool(flag) => (*flag).into(),
            Self::List(items) => items.as_slice().into(),
            Self::Json(json) => serde_json::from_str(json).unwrap_or_else(|_| json.as_str().into()),
            Self::GeoPoint { lon, lat } => {
                serde_json::json!({"lon": number::to_json(*lon), "lat": number::to_json(*lat)})
            }
            Self::Password { plain, .. } => plain.as_deref().unwrap_or_default().into(),
        }
    }
}

/// Writes the content of a column as JSON, as clients get it: the same bytes as [`Value::from_sql`] and
/// [`Value::write_json`] give, without the value in between where that is possible.
pub fn write_stored(field: &Field, stored: &Stored<'_>, out: &mut Vec<u8>) {
    match (&field.kind, stored) {
        (
            FieldKind::Text(_) | FieldKind::Editor(_) | FieldKind::Email(_) | FieldKind::Url(_),
            Stored::Text(text),
        ) => go_json::write_string(text, out),
        (FieldKind::Number(_), Stored::Integer(integer)) if is_exact(*integer) => {
            go_json::write_integer(*integer, out);
        }
        (FieldKind::Number(_), stored) => go_json::write_f64(stored.to_number(), out),
        (FieldKind::Bool(_), stored) => write_bool(stored.to_bool(), out),
        (FieldKind::Date(_) | FieldKind::Autodate(_), Stored::Text(text)) => {
            go_json::write_string(&date::normalize(text), out);
        }
        // Only a text with a bracket may stand for something else than itself.
        (FieldKind::Select(_) | FieldKind::Relation(_) | FieldKind::File(_), Stored::Text(text))
            if !field.kind.is_multiple() && !text.contains('[') =>
        {
            go_json::write_string(text, out);
        }
        (FieldKind::Select(_) | FieldKind::Relation(_) | FieldKind::File(_), Stored::Text(text))
            if field.kind.is_multiple() && list::is_plain_json(text) =>
        {
            out.extend_from_slice(text.as_bytes());
        }
        (FieldKind::Json(_), Stored::Null) => out.extend_from_slice(json::NULL.as_bytes()),
        (FieldKind::Json(_), Stored::Integer(integer)) => go_json::write_integer(*integer, out),
        (FieldKind::Json(_), Stored::Text(text)) if json::is_infinite(text) => {
            go_json::write_compact(&json::from_stored(text), out);
        }
        (FieldKind::Json(_), Stored::Text(text)) if json::is_json_text(text) => {
            go_json::write_compact(text, out);
        }
        (FieldKind::Json(_), Stored::Text(text)) => go_json::write_string(text, out),
        _ => Value::from_sql(field, stored.clone()).write_json(out),
    }
}

fn write_bool(flag: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if flag { b"true" } else { b"false" });
}

/// Whether a float holds this integer exactly.
fn is_exact(integer: i64) -> bool {
    integer.unsigned_abs() <= 1 << 53
}
