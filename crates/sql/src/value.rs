use std::borrow::Cow;

/// A value that is bound to a statement, never part of its text.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// SQL null.
    #[default]
    Null,
    /// True or false; 1 or 0 where the database has no such type.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A 64-bit float.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A value of a result row, borrowed from the row.
///
/// A database without booleans gives them as integers, and text that is not UTF-8 comes as a [`Self::Blob`]. The
/// `as_` methods see through both; they do not parse text.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum ValueRef<'a> {
    /// SQL null.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A 64-bit float.
    Real(f64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl Value {
    /// The same value, borrowed.
    pub fn as_ref(&self) -> ValueRef<'_> {
        match self {
            Self::Null => ValueRef::Null,
            Self::Bool(value) => ValueRef::Bool(*value),
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value),
            Self::Blob(value) => ValueRef::Blob(value),
        }
    }
}

impl<'a> ValueRef<'a> {
    /// The same value, owned.
    pub fn to_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Integer(value) => Value::Integer(value),
            Self::Real(value) => Value::Real(value),
            Self::Text(value) => Value::Text(value.to_owned()),
            Self::Blob(value) => Value::Blob(value.to_vec()),
        }
    }

    /// Whether it is SQL null.
    pub fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, when it is text or bytes in UTF-8.
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Self::Text(value) => Some(value),
            Self::Blob(value) => std::str::from_utf8(value).ok(),
            _ => None,
        }
    }

    /// The whole number, when it is one (a float without a fraction and a boolean are).
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(value),
            Self::Bool(value) => Some(i64::from(value)),
            #[expect(clippy::cast_possible_truncation, reason = "the guard leaves whole numbers that fit")]
            Self::Real(value) if value.fract() == 0.0 && value.abs() < 9.0e18 => Some(value as i64),
            _ => None,
        }
    }

    /// The number as a float, when it is a number or a boolean.
    pub fn as_f64(self) -> Option<f64> {
        match self {
            Self::Real(value) => Some(value),
            #[expect(clippy::cast_precision_loss, reason = "clients get numbers as 64-bit floats anyway")]
            Self::Integer(value) => Some(value as f64),
            Self::Bool(value) => Some(f64::from(u8::from(value))),
            _ => None,
        }
    }

    /// The boolean, when it is one or a number (which is true unless it is zero).
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(value),
            Self::Integer(value) => Some(value != 0),
            Self::Real(value) => Some(value != 0.0),
            _ => None,
        }
    }

    /// The value as text: numbers in decimal, booleans as `true` or `false`, bytes that are not UTF-8 with
    /// replacement characters. `None` for null.
    pub fn to_text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Null => None,
            Self::Bool(value) => Some(Cow::Borrowed(if value { "true" } else { "false" })),
            Self::Integer(value) => Some(Cow::Owned(value.to_string())),
            Self::Real(value) => Some(Cow::Owned(value.to_string())),
            Self::Text(value) => Some(Cow::Borrowed(value)),
            Self::Blob(value) => Some(String::from_utf8_lossy(value)),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_booleans_see_through_each_other() {
        assert_eq!(ValueRef::Integer(1).as_bool(), Some(true));
        assert_eq!(ValueRef::Real(2.0).as_i64(), Some(2));
        assert_eq!(ValueRef::Real(2.5).as_i64(), None);
        assert_eq!(ValueRef::Real(f64::INFINITY).as_i64(), None);
        assert_eq!(ValueRef::Text("1").as_i64(), None);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_replaced_in_text() {
        assert_eq!(ValueRef::Blob(b"a\xff").as_str(), None);
        assert_eq!(ValueRef::Blob(b"a\xff").to_text().unwrap(), "a\u{fffd}");
        assert_eq!(ValueRef::Null.to_text(), None);
    }
}
