/// What the values of an expression are, as SQLite sees them, and how PostgreSQL holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Always null.
    Null,
    /// Text: `text`.
    Text,
    /// Whole numbers: `bigint`.
    Integer,
    /// Numbers, the whole ones of which are integers: `double precision`.
    Numeric,
    /// Numbers that are never integers: `double precision`.
    Real,
    /// 0 and 1: `boolean`.
    Bool,
    /// Text of a JSON column, which is a number where it reads like one: `text`.
    Json,
    /// A number or a text, one by one: `json`.
    Any,
}

/// The type that the declaration of a column or a `CAST` gives to what it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Affinity {
    None,
    Text,
    Numeric,
}

/// An expression for PostgreSQL.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    /// The text; it stands for itself wherever an operand can be.
    pub(super) sql: String,
    pub(super) kind: Kind,
    pub(super) affinity: Affinity,
    /// How texts are compared; the name of a collation of SQLite in upper case.
    pub(super) collation: Option<String>,
    /// What a literal says.
    pub(super) literal: Option<String>,
}

impl Term {
    /// An expression without an affinity.
    pub(super) fn new(sql: impl Into<String>, kind: Kind) -> Self {
        Self { sql: sql.into(), kind, affinity: Affinity::None, collation: None, literal: None }
    }

    pub(super) fn null() -> Self {
        Self::new("NULL", Kind::Null)
    }

    pub(super) fn text(sql: impl Into<String>) -> Self {
        Self::new(sql, Kind::Text)
    }

    pub(super) fn integer(sql: impl Into<String>) -> Self {
        Self::new(sql, Kind::Integer)
    }

    pub(super) fn numeric(sql: impl Into<String>) -> Self {
        Self::new(sql, Kind::Numeric)
    }

    pub(super) fn real(sql: impl Into<String>) -> Self {
        Self::new(sql, Kind::Real)
    }

    pub(super) fn bool(sql: impl Into<String>) -> Self {
        Self::new(sql, Kind::Bool)
    }

    pub(super) fn any(sql: impl Into<String>) -> Self {
        Self::new(sql, Kind::Any)
    }

    pub(super) fn with_affinity(self, affinity: Affinity) -> Self {
        Self { affinity, ..self }
    }

    /// Whether its values are numbers.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Integer | Kind::Numeric | Kind::Real | Kind::Bool)
    }
}
