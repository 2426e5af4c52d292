use std::error::Error as StdError;

use sql::ValueRef;
use store::Row;
use tokio_postgres::types::{FromSql, Type};

use crate::columns::Kind;

/// A row of a result, read without a copy.
pub(crate) struct PostgresRow<'a> {
    pub(crate) row: &'a tokio_postgres::Row,
    pub(crate) kinds: &'a [Kind],
}

impl Row for PostgresRow<'_> {
    fn get(&self, column: usize) -> ValueRef<'_> {
        let value = self.kinds.get(column).and_then(|kind| {
            let bytes: Option<Bytes<'_>> = self.row.try_get(column).ok()?;
            decode(*kind, bytes?.0)
        });
        value.unwrap_or_default()
    }

    fn len(&self) -> usize {
        self.row.len()
    }
}

/// The value in its binary form. The server says how long each one is: `None` is not to be expected.
fn decode(kind: Kind, bytes: &[u8]) -> Option<ValueRef<'_>> {
    Some(match kind {
        Kind::Bool => ValueRef::Bool(bytes.first().copied()? != 0),
        Kind::Int2 => ValueRef::Integer(i16::from_be_bytes(bytes.try_into().ok()?).into()),
        Kind::Int4 => ValueRef::Integer(i32::from_be_bytes(bytes.try_into().ok()?).into()),
        Kind::Int8 => ValueRef::Integer(i64::from_be_bytes(bytes.try_into().ok()?)),
        Kind::Oid => ValueRef::Integer(u32::from_be_bytes(bytes.try_into().ok()?).into()),
        Kind::Float4 => ValueRef::Real(f32::from_be_bytes(bytes.try_into().ok()?).into()),
        Kind::Float8 => ValueRef::Real(f64::from_be_bytes(bytes.try_into().ok()?)),
        Kind::Text => ValueRef::Text(std::str::from_utf8(bytes).ok()?),
        Kind::Jsonb => ValueRef::Text(std::str::from_utf8(bytes.get(1..)?).ok()?),
        Kind::Bytes => ValueRef::Blob(bytes),
        Kind::Numeric => number(std::str::from_utf8(bytes).ok()?),
    })
}

/// A whole number where it is one that fits, as SQLite would give it.
fn number(text: &str) -> ValueRef<'_> {
    match text.parse() {
        Ok(whole) => ValueRef::Integer(whole),
        Err(_) => text.parse().map_or(ValueRef::Text(text), ValueRef::Real),
    }
}

/// A value of any type as it was sent.
struct Bytes<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Bytes<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_size_are_whole_where_they_can_be() {
        assert_eq!(number("12"), ValueRef::Integer(12));
        assert_eq!(number("-1.50"), ValueRef::Real(-1.5));
        assert_eq!(number("9223372036854775808"), ValueRef::Real(9_223_372_036_854_775_808.0));
        assert_eq!(number("Infinity"), ValueRef::Real(f64::INFINITY));
    }

    #[test]
    fn a_value_of_another_length_than_its_type_is_null() {
        assert_eq!(decode(Kind::Int8, &[1, 2]), None);
        assert_eq!(decode(Kind::Jsonb, &[]), None);
        assert_eq!(decode(Kind::Jsonb, b"\x01{}"), Some(ValueRef::Text("{}")));
    }
}
