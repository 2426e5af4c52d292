//! The values of records.

/// The value of one field of one record, normalised for the field's type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, editor, e-mail, URL, date, autodate, and the single forms of select, file and relation; empty when
    /// there is none. Dates are in the form of [`ambient::format_timestamp`].
    Text(String),
    /// A number; always finite.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// The multiple forms of select, file and relation: unique, non-empty items.
    List(Vec<String>),
    /// A JSON text, `null` included.
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
        /// What the client sent, not yet hashed.
        plain: Option<String>,
    },
}
