//! The values of records: how input becomes a value, how a value is checked, stored and written.
//!
//! A value goes through these steps, each a pure function:
//!
//! 1. [`Value::from_json`] coerces one input; [`changes::resolve`] does it for a whole request body, with write
//!    modifiers.
//! 2. [`validate()`] checks a value against its field; what needs the database or an uploaded file comes in through
//!    its [`Context`].
//! 3. [`Value::to_sql`] and [`Value::from_sql`] convert to and from a column.
//! 4. [`Value::write_json`] writes the wire form, and [`write_stored`] does so without a value in between.
//!
//! The rules are those of PocketBase, which coerces silently: what cannot be read becomes the zero value.

pub mod autogenerate;
mod boolean;
pub mod changes;
pub mod date;
mod editor;
mod email;
mod file;
mod geo_point;
mod go_float;
pub mod go_json;
mod go_quote;
mod json;
mod list;
mod number;
mod output;
mod password;
pub mod pattern;
#[cfg(test)]
mod properties;
mod relation;
mod select;
mod stored;
#[cfg(test)]
mod test_support;
mod text;
mod url;
mod validate;

pub use self::url::is_url;
pub use email::is_email;
pub use file::UploadInfo;
pub use go_quote::go_quote;
pub use output::write_stored;
pub use relation::{missing_relation_collection, missing_relation_records};
pub use stored::Stored;
pub use text::{needs_id_lookup, validate_plain_text};
pub use validate::{Context, RecordState, validate};

use crate::field::{Field, FieldKind};

/// The value of one field of one record, normalised for the field's type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, editor, e-mail, URL, date, autodate, and the single forms of select, file and relation; empty when
    /// there is none. Dates are in the form of [`ambient::format_timestamp`].
    Text(String),
    /// A number; finite once it is validated, and always when it comes from a column.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// The multiple forms of select, file and relation: unique, non-empty items.
    List(Vec<String>),
    /// A JSON text, `null` included; well-formed once it is validated.
    Json(String),
    /// A geo point.
    GeoPoint {
        /// Degrees east.
        lon: f64,
        /// Degrees north.
        lat: f64,
    },
    /// A password. The plain text is there only between input and hashing.
    Password {
        /// The bcrypt hash as stored; empty when there is none.
        hash: String,
        /// What the client sent, not yet hashed; never empty.
        plain: Option<String>,
    },
}

impl Value {
    /// The value of a field that was never set.
    pub fn zero(field: &Field) -> Self {
        match &field.kind {
            FieldKind::Number(_) => Self::Number(0.0),
            FieldKind::Bool(_) => Self::Bool(false),
            FieldKind::Json(_) => Self::Json(json::NULL.to_owned()),
            FieldKind::GeoPoint(_) => Self::GeoPoint { lon: 0.0, lat: 0.0 },
            FieldKind::Password(_) => Self::Password { hash: String::new(), plain: None },
            kind if kind.is_multiple() => Self::List(Vec::new()),
            _ => Self::Text(String::new()),
        }
    }

    /// The items of a select, file or relation value, single or multiple; of other values, none or the text.
    pub fn items(&self) -> &[String] {
        match self {
            Self::List(items) => items,
            Self::Text(item) if !item.is_empty() => std::slice::from_ref(item),
            _ => &[],
        }
    }

    /// The text of a text value; empty for the other values.
    pub fn as_text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }
}
