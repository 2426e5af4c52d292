//! What is known of an expression before the statement runs, by SQLite's rules.

use crate::{CastType, ColumnType, Expr, Function, Literal, Output, Select, Value, Values};

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// It is not said: it is compared as it is.
    Unknown,
    /// Null, whatever happens.
    Null,
    Text,
    /// A whole number.
    Integer,
    /// A number that has a point in its text, unless it comes as a whole one.
    Real,
    /// A number of a column, which has a point in its text only when it needs one.
    Stored,
    Bool,
    /// Text of a JSON column: a number when it reads like one.
    Json,
    /// A value of JSON, of the type `json` in PostgreSQL: a number or a text.
    Dynamic,
    /// One of several expressions of different classes.
    Mixed,
}

/// The type to which SQLite converts what an expression is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Affinity {
    None,
    Text,
    Numeric,
}

impl Class {
    /// Whether it is a number in PostgreSQL.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Real | Self::Stored)
    }

    pub(super) fn of(expr: &Expr) -> Self {
        match expr {
            Expr::Column { values, .. } => match values {
                Values::Unknown => Self::Unknown,
                Values::Stored(kind) | Values::Viewed(kind) => Self::of_column(*kind, Self::Stored),
                Values::Computed(kind) => Self::of_column(*kind, Self::Real),
                Values::Items => Self::Dynamic,
            },
            Expr::Value(value) => Self::of_value(value),
            Expr::Literal(literal) => match literal {
                Literal::Null => Self::Null,
                Literal::True | Literal::False => Self::Bool,
                Literal::Empty => Self::Text,
                Literal::Integer(_) => Self::Integer,
            },
            Expr::RowId { .. } | Expr::Count { .. } | Expr::JsonArrayLength(_) => Self::Integer,
            Expr::Arithmetic { .. } => Self::Real,
            Expr::Concat(_) | Expr::JsonArrayOf(_) => Self::Text,
            Expr::JsonExtract { .. } | Expr::JsonArrayLast(_) => Self::Dynamic,
            Expr::Call(function, arguments) => Self::of_call(*function, arguments),
            Expr::Case { branches, otherwise } => {
                Self::of_any(branches.iter().map(|(_, value)| value).chain(otherwise.as_deref()))
            }
            Expr::Cast { to: CastType::Text, .. } => Self::Text,
            Expr::Cast { to: CastType::Integer, .. } => Self::Integer,
            Expr::Cast { to: CastType::Real, .. } => Self::Real,
            Expr::Scalar(select) => first_output(select).map_or(Self::Unknown, Self::of),
            Expr::Compare { .. }
            | Expr::All(_)
            | Expr::Any(_)
            | Expr::Not(_)
            | Expr::IsNull { .. }
            | Expr::Like { .. }
            | Expr::InList { .. }
            | Expr::InSelect { .. }
            | Expr::Exists { .. } => Self::Bool,
        }
    }

    fn of_column(kind: ColumnType, number: Self) -> Self {
        match kind {
            ColumnType::Text => Self::Text,
            ColumnType::Number => number,
            ColumnType::Bool => Self::Bool,
            ColumnType::Json => Self::Json,
        }
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Integer(_) => Self::Integer,
            Value::Real(_) => Self::Real,
            Value::Text(_) => Self::Text,
            Value::Blob(_) => Self::Unknown,
        }
    }

    fn of_call(function: Function, arguments: &[Expr]) -> Self {
        match function {
            Function::Coalesce => Self::of_any(arguments),
            Function::Lower | Function::Strftime => Self::Text,
            Function::Max | Function::Min => arguments.first().map_or(Self::Null, Self::of),
            Function::Acos | Function::Cos | Function::Sin | Function::Radians | Function::Random => {
                Self::Real
            }
        }
    }

    /// The class of the one of these that is taken.
    fn of_any<'a>(parts: impl IntoIterator<Item = &'a Expr>) -> Self {
        parts.into_iter().map(Self::of).fold(Self::Null, |all, part| match (all, part) {
            (Self::Null, class) | (class, Self::Null) => class,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (all, part) if all == part => all,
            _ => Self::Mixed,
        })
    }
}

impl Affinity {
    pub(super) fn of(expr: &Expr) -> Self {
        match expr {
            Expr::Column { values: Values::Stored(kind) | Values::Viewed(kind), .. } => match kind {
                ColumnType::Text => Self::Text,
                ColumnType::Number | ColumnType::Bool | ColumnType::Json => Self::Numeric,
            },
            Expr::Cast { to: CastType::Text, .. } => Self::Text,
            Expr::Cast { .. } | Expr::RowId { .. } => Self::Numeric,
            Expr::Scalar(select) => first_output(select).map_or(Self::None, Self::of),
            _ => Self::None,
        }
    }

    /// What is done to both sides of a comparison: text that reads like a number becomes one, or numbers become text.
    pub(super) fn between(left: &Expr, right: &Expr) -> Self {
        match (Self::of(left), Self::of(right)) {
            (Self::Numeric, _) | (_, Self::Numeric) => Self::Numeric,
            // Of two columns of text, neither is converted.
            (Self::Text, Self::Text) | (Self::None, Self::None) => Self::None,
            (Self::Text, Self::None) | (Self::None, Self::Text) => Self::Text,
        }
    }
}

/// The first column of a query, if it is an expression.
pub(super) fn first_output(select: &Select) -> Option<&Expr> {
    match select.columns.first()? {
        Output::Expr { expr, .. } => Some(expr),
        Output::Shared(columns) => columns.columns().first(),
        Output::All(_) => None,
    }
}
