use std::borrow::Cow;

use super::{Value, boolean, date, geo_point, go_float, go_json, json, list, number};
use crate::field::{Field, FieldKind};

/// The content of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Stored<'a> {
    /// Nothing.
    Null,
    /// An integer.
    Integer(i64),
    /// A float.
    Real(f64),
    /// A text.
    Text(Cow<'a, str>),
}

impl<'a> Stored<'a> {
    /// The content as text; nothing is the empty text. Floats are in the form of Go's `%g`, which is what clients
    /// of PocketBase see for a fraction in a JSON field.
    pub fn into_text(self) -> Cow<'a, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Integer(integer) => Cow::Owned(integer.to_string()),
            Self::Real(real) => Cow::Owned(go_float::format_general(real)),
            Self::Text(text) => text,
        }
    }

    /// The content of a column of JSON as the text that a database without SQLite's types holds.
    pub fn into_json_text(self) -> Cow<'a, str> {
        match self {
            Self::Real(real) => Cow::Owned(json::real_to_stored(real)),
            other => other.into_text(),
        }
    }

    /// The content as a number; 0 for what is not finite or no number.
    pub(super) fn to_number(&self) -> f64 {
        let number = match self {
            Self::Null => 0.0,
            Self::Integer(integer) => *integer as f64,
            Self::Real(real) => *real,
            Self::Text(text) => number::from_text(text),
        };
        if number.is_finite() { number } else { 0.0 }
    }

    /// The content as a flag. A view can have other numbers than 0 and 1; they are read like text.
    pub(super) fn to_bool(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Integer(integer) => *integer == 1,
            Self::Real(real) => *real == 1.0,
            Self::Text(text) => boolean::from_text(text),
        }
    }
}

impl Value {
    /// The value of a column. Content of an unexpected type, as old databases have it, is converted like input.
    pub fn from_sql(field: &Field, stored: Stored<'_>) -> Self {
        match &field.kind {
            FieldKind::Text(_) | FieldKind::Editor(_) | FieldKind::Email(_) | FieldKind::Url(_) => {
                Self::Text(stored.into_text().into_owned())
            }
            FieldKind::Number(_) => Self::Number(stored.to_number()),
            FieldKind::Bool(_) => Self::Bool(stored.to_bool()),
            FieldKind::Date(_) | FieldKind::Autodate(_) => {
                Self::Text(date::normalize(&stored.into_text()).into())
            }
            FieldKind::Select(_) | FieldKind::Relation(_) | FieldKind::File(_) => {
                let items = list::from_text(&stored.into_text());
                if field.kind.is_multiple() { Self::List(items) } else { Self::Text(list::last(items)) }
            }
            FieldKind::Json(_) => match stored {
                Stored::Null => Self::zero(field),
                other => Self::Json(json::from_stored(&other.into_text())),
            },
            FieldKind::Password(_) => Self::Password { hash: stored.into_text().into_owned(), plain: None },
            FieldKind::GeoPoint(_) => geo_point::from_text(&stored.into_text()),
        }
    }

    /// The content of the column for this value: of a password its hash, so it must have been hashed before.
    pub fn to_sql(&self) -> Stored<'_> {
        match self {
            Self::Text(text) => Stored::Text(Cow::Borrowed(text)),
            Self::Number(number) => Stored::Real(*number),
            Self::Bool(flag) => Stored::Integer(i64::from(*flag)),
            Self::Json(json) if json == json::NULL => Stored::Null,
            Self::Json(json) => Stored::Text(json::to_stored(json)),
            Self::Password { hash, .. } => Stored::Text(Cow::Borrowed(hash)),
            Self::List(_) | Self::GeoPoint { .. } => {
                let mut out = Vec::new();
                self.write_json(&mut out);
                Stored::Text(Cow::Owned(go_json::into_string(out)))
            }
        }
    }
}
