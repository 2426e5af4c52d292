use std::fmt::Write as _;

use tokio_postgres::Column;
use tokio_postgres::types::Type;

/// How the values of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Text,
    /// Text after a byte with the version of the format.
    Jsonb,
    Bytes,
    /// A number of any size, sent as text.
    Numeric,
}

impl Kind {
    /// How values of a type are read; `None` when their binary form is none that is known here.
    fn of(of: &Type) -> Option<Self> {
        Some(match *of {
            Type::BOOL => Self::Bool,
            Type::INT2 => Self::Int2,
            Type::INT4 => Self::Int4,
            Type::INT8 => Self::Int8,
            Type::OID => Self::Oid,
            Type::FLOAT4 => Self::Float4,
            Type::FLOAT8 => Self::Float8,
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN | Type::JSON => Self::Text,
            Type::JSONB => Self::Jsonb,
            Type::BYTEA => Self::Bytes,
            _ => return None,
        })
    }
}

/// How the columns of a result are read, and the query that gives them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Readable {
    /// The query as it is.
    Directly(Vec<Kind>),
    /// This query, which has the server write some values as text.
    Through(String, Vec<Kind>),
}

/// Finds how the columns of a query can be read. Dates, arrays and whatever else a view may have are read as the
/// server writes them.
pub(crate) fn readable(query: &str, columns: &[Column]) -> Readable {
    let types: Vec<&Type> = columns.iter().map(Column::type_).collect();
    let kinds = types.iter().map(|&of| match *of {
        Type::NUMERIC => Kind::Numeric,
        _ => Kind::of(of).unwrap_or(Kind::Text),
    });
    let kinds = kinds.collect();
    if types.iter().all(|of| Kind::of(of).is_some()) {
        return Readable::Directly(kinds);
    }
    Readable::Through(with_texts(query, &types), kinds)
}

/// `SELECT c0, c1::text FROM (query) AS q(c0, c1)`.
fn with_texts(query: &str, types: &[&Type]) -> String {
    let mut text = String::from("SELECT ");
    let separator = |position| if position > 0 { ", " } else { "" };
    for (position, of) in types.iter().enumerate() {
        let cast = if Kind::of(of).is_some() { "" } else { "::text" };
        // Writing to a String does not fail.
        let _ = write!(text, "{}c{position}{cast}", separator(position));
    }
    let _ = write!(text, " FROM ({query}) AS q(");
    for position in 0..types.len() {
        let _ = write!(text, "{}c{position}", separator(position));
    }
    text.push(')');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_be_read_is_written_as_text() {
        assert_eq!(
            with_texts("SELECT a, b FROM t", &[&Type::INT8, &Type::UUID]),
            "SELECT c0, c1::text FROM (SELECT a, b FROM t) AS q(c0, c1)"
        );
    }
}
