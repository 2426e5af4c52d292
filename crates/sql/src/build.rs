//! Short ways to write expressions.

use crate::{Comparison, Expr, Function, Ident, Literal, Select, Value, Values};

impl Expr {
    /// SQL null.
    pub const NULL: Self = Self::Literal(Literal::Null);
    /// True.
    pub const TRUE: Self = Self::Literal(Literal::True);
    /// False.
    pub const FALSE: Self = Self::Literal(Literal::False);
    /// Empty text.
    pub const EMPTY: Self = Self::Literal(Literal::Empty);

    /// A column of a table, by the table's alias or name.
    pub fn column(table: impl Into<Ident>, name: impl Into<Ident>) -> Self {
        Self::column_of(table, name, Values::Unknown)
    }

    /// A column of a table, by the table's alias or name, with what is known of its values.
    pub fn column_of(table: impl Into<Ident>, name: impl Into<Ident>, values: Values) -> Self {
        Self::Column { table: Some(table.into()), name: name.into(), values }
    }

    /// The items of a [`Source::JsonEach`](crate::Source::JsonEach), by its alias.
    pub fn item(list: impl Into<Ident>) -> Self {
        Self::column_of(list, "value", Values::Items)
    }

    /// A column where there is only one table.
    pub fn name(name: impl Into<Ident>) -> Self {
        Self::Column { table: None, name: name.into(), values: Values::Unknown }
    }

    /// A bound value.
    pub fn value(value: impl Into<Value>) -> Self {
        Self::Value(value.into())
    }

    /// A number that is part of the statement.
    pub fn integer(number: i32) -> Self {
        Self::Literal(Literal::Integer(number))
    }

    /// A comparison.
    #[must_use]
    pub fn compare(self, op: Comparison, right: impl Into<Self>) -> Self {
        Self::Compare { op, left: Box::new(self), right: Box::new(right.into()) }
    }

    /// Equal; null when one of them is null.
    #[must_use]
    pub fn eq(self, right: impl Into<Self>) -> Self {
        self.compare(Comparison::Eq, right)
    }

    /// Equal or both null.
    #[must_use]
    pub fn is(self, right: impl Into<Self>) -> Self {
        self.compare(Comparison::Is, right)
    }

    /// Neither equal nor both null.
    #[must_use]
    pub fn is_not(self, right: impl Into<Self>) -> Self {
        self.compare(Comparison::IsNot, right)
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(self) -> Self {
        Self::IsNull { operand: Box::new(self), negated: false }
    }

    /// Whether it is not null.
    #[must_use]
    pub fn is_not_null(self) -> Self {
        Self::IsNull { operand: Box::new(self), negated: true }
    }

    /// Whether both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::All(mut parts) => {
                parts.push(other);
                Self::All(parts)
            }
            first => Self::All(vec![first, other]),
        }
    }

    /// Whether one of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Any(mut parts) => {
                parts.push(other);
                Self::Any(parts)
            }
            first => Self::Any(vec![first, other]),
        }
    }

    /// Whether it does not hold.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "it builds a tree, as and() and or() do")]
    pub fn not(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Whether it matches a pattern, see [`Expr::Like`].
    #[must_use]
    pub fn like(self, pattern: impl Into<Self>) -> Self {
        Self::Like { subject: Box::new(self), pattern: Box::new(pattern.into()), negated: false }
    }

    /// Whether it is one of `list`.
    #[must_use]
    pub fn in_list(self, list: impl IntoIterator<Item = impl Into<Self>>) -> Self {
        let list = list.into_iter().map(Into::into).collect();
        Self::InList { operand: Box::new(self), list, negated: false }
    }

    /// Whether it is in the first column of `select`.
    #[must_use]
    pub fn in_select(self, select: Select) -> Self {
        Self::InSelect { operand: Box::new(self), select: Box::new(select), negated: false }
    }

    /// Whether `select` has rows.
    pub fn exists(select: Select) -> Self {
        Self::Exists { select: Box::new(select), negated: false }
    }

    /// Whether `select` has no rows.
    pub fn not_exists(select: Select) -> Self {
        Self::Exists { select: Box::new(select), negated: true }
    }

    /// The first argument that is not null.
    pub fn coalesce(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::Call(Function::Coalesce, parts.into_iter().collect())
    }

    /// ASCII letters in lower case.
    #[must_use]
    pub fn lower(self) -> Self {
        Self::Call(Function::Lower, vec![self])
    }

    /// The number of rows.
    pub fn count() -> Self {
        Self::Count { operand: None, distinct: false }
    }

    /// The number of different values that are not null.
    #[must_use]
    pub fn count_distinct(self) -> Self {
        Self::Count { operand: Some(Box::new(self)), distinct: true }
    }
}

impl From<Value> for Expr {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Expr {
    fn from(value: &str) -> Self {
        Self::value(value)
    }
}

impl From<String> for Expr {
    fn from(value: String) -> Self {
        Self::value(value)
    }
}

impl From<i64> for Expr {
    fn from(value: i64) -> Self {
        Self::value(value)
    }
}

impl From<f64> for Expr {
    fn from(value: f64) -> Self {
        Self::value(value)
    }
}

impl From<bool> for Expr {
    fn from(value: bool) -> Self {
        Self::value(value)
    }
}
