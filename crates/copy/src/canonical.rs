//! What tables are compared by: the same bytes for the same value, however a database keeps it.

use sha2::{Digest, Sha256};
use sql::{Value, ValueRef};

use crate::fit::{Kind, is_exact};

/// The checksum of the rows of a table, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checksum {
    hash: Sha256,
    rows: u64,
}

/// How many rows there are, and the checksum of all of them.
pub(crate) type Summary = (u64, [u8; 32]);

impl Checksum {
    /// Adds a row, with what its columns hold.
    pub(crate) fn row<'a>(&mut self, values: impl IntoIterator<Item = (&'a Value, Kind)>) {
        self.rows += 1;
        for (value, kind) in values {
            self.value(value.as_ref(), kind);
        }
    }

    pub(crate) fn summary(self) -> Summary {
        (self.rows, self.hash.finalize().into())
    }

    fn value(&mut self, value: ValueRef<'_>, kind: Kind) {
        match (value, kind) {
            (ValueRef::Null, _) => self.part(b'0', &[]),
            (value, Kind::Bool) if value.as_bool().is_some() => {
                self.part(b'b', &[u8::from(value.as_bool() == Some(true))]);
            }
            (ValueRef::Bool(value), _) => self.integer(i64::from(value)),
            (ValueRef::Integer(value), _) => self.integer(value),
            (ValueRef::Real(value), _) => self.real(value),
            (ValueRef::Text(text), Kind::Json) => self.json(text),
            (ValueRef::Text(text), _) => self.part(b't', text.as_bytes()),
            (ValueRef::Blob(bytes), Kind::Json) if let Ok(text) = std::str::from_utf8(bytes) => {
                self.json(text);
            }
            (ValueRef::Blob(bytes), _) => self.part(b't', bytes),
        }
    }

    /// A text that SQLite would take for a number is one.
    fn json(&mut self, text: &str) {
        let trimmed = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
        let starts_like_one = trimmed.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
        match (trimmed.parse::<i64>(), trimmed.parse::<f64>()) {
            (Ok(whole), _) if starts_like_one => self.integer(whole),
            (_, Ok(real)) if starts_like_one && !trimmed.contains(['i', 'n', 'I', 'N']) => self.real(real),
            _ => self.part(b't', text.as_bytes()),
        }
    }

    /// A whole number and the same as a float are one.
    fn integer(&mut self, value: i64) {
        if is_exact(value) { self.real(value as f64) } else { self.part(b'i', &value.to_be_bytes()) }
    }

    fn real(&mut self, value: f64) {
        // Negative zero is zero.
        self.part(b'r', &(value + 0.0).to_bits().to_be_bytes());
    }

    fn part(&mut self, tag: u8, bytes: &[u8]) {
        self.hash.update([tag]);
        self.hash.update((bytes.len() as u64).to_be_bytes());
        self.hash.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: impl Into<Value>, kind: Kind) -> [u8; 32] {
        let mut checksum = Checksum::default();
        checksum.row([(&value.into(), kind)]);
        checksum.summary().1
    }

    #[test]
    fn the_same_value_has_the_same_checksum() {
        assert_eq!(of(5, Kind::Number), of(5.0, Kind::Number));
        assert_eq!(of(0.0, Kind::Number), of(-0.0, Kind::Number));
        assert_eq!(of(1, Kind::Bool), of(true, Kind::Bool));
        assert_eq!(of("{}", Kind::Json), of(b"{}".to_vec(), Kind::Json));
        assert_eq!(of("12", Kind::Json), of(12, Kind::Json));
        assert_eq!(of("1e+300", Kind::Json), of(1e300, Kind::Json));
        assert_eq!(of("-1.50", Kind::Json), of(-1.5, Kind::Json));
    }

    #[test]
    fn another_value_has_another_checksum() {
        assert_ne!(of("12", Kind::Text), of("12.0", Kind::Text));
        assert_ne!(of("12", Kind::Text), of(12, Kind::Text));
        assert_ne!(of("inf", Kind::Json), of(f64::INFINITY, Kind::Json));
        assert_ne!(of(i64::MAX, Kind::Number), of(i64::MAX as f64, Kind::Number));
        assert_ne!(of(Value::Null, Kind::Text), of("", Kind::Text));
        assert_ne!(of(1.0, Kind::Number), of(1.0 + f64::EPSILON, Kind::Number));
    }

    #[test]
    fn values_do_not_run_into_each_other() {
        let row = |values: &[&str]| {
            let mut checksum = Checksum::default();
            let values: Vec<Value> = values.iter().map(|&text| text.into()).collect();
            checksum.row(values.iter().map(|value| (value, Kind::Text)));
            checksum.summary()
        };
        assert_ne!(row(&["ab", "c"]), row(&["a", "bc"]));
    }
}
