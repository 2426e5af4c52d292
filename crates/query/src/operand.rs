//! What stands on one side of a comparison, as far as it decides about the comparison's form.

use sql::{Expr, Join, Literal, Value};

/// A resolved side of a comparison.
#[derive(Debug, Clone)]
pub(crate) struct Operand {
    pub(crate) side: Side,
    /// The values of all rows that the path leads to, when they can be several.
    pub(crate) many: Option<Many>,
    /// What must hold besides any comparison with this operand.
    pub(crate) guard: Option<Expr>,
    /// Whether it is a value of the row that the filter is about, and not of one joined to it.
    pub(crate) own: bool,
}

/// A value and how null is treated in comparisons with it.
#[derive(Debug, Clone)]
pub(crate) struct Side {
    pub(crate) shape: Shape,
    pub(crate) nulls: Nulls,
}

/// What is known of a value before the query runs.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// A value from the text or the request.
    Bound(Value),
    /// The same in lower case.
    BoundLower(Value),
    /// `null`, `true` or `false`.
    Literal(Literal),
    /// Something that is read in the query.
    Column(Expr),
    /// Something that is neither null nor empty, whatever it is.
    Known(Expr),
    /// The result of a function with bound arguments.
    Computed(Expr),
}

/// Whether null and empty text are the same in a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// They are, as far as it matters for what is compared.
    Auto,
    /// They are not: JSON knows the difference.
    Distinct,
    /// They are, and the value can always be null.
    Empty,
}

/// All values that a path leads to from one row: `value` in the rows of `joins`, which begin at that row.
#[derive(Debug, Clone)]
pub(crate) struct Many {
    pub(crate) joins: Vec<Join>,
    pub(crate) value: Expr,
}

impl Operand {
    pub(crate) fn new(shape: Shape) -> Self {
        Self { side: Side { shape, nulls: Nulls::Auto }, many: None, guard: None, own: false }
    }

    pub(crate) fn bound(value: impl Into<Value>) -> Self {
        match value.into() {
            Value::Null => Self::null(),
            value => Self::new(Shape::Bound(value)),
        }
    }

    pub(crate) fn null() -> Self {
        Self::new(Shape::Literal(Literal::Null))
    }

    pub(crate) fn truth(value: bool) -> Self {
        Self::new(Shape::Literal(if value { Literal::True } else { Literal::False }))
    }

    /// The value itself, whatever is known of it.
    pub(crate) fn into_expr(self) -> Expr {
        self.side.into_expr()
    }
}

impl Side {
    pub(crate) fn column(expr: Expr, nulls: Nulls) -> Self {
        Self { shape: Shape::Column(expr), nulls }
    }

    /// Whether it is surely null or empty.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.shape {
            Shape::Literal(literal) => *literal == Literal::Null,
            Shape::Bound(Value::Text(text)) | Shape::BoundLower(Value::Text(text)) => {
                self.nulls == Nulls::Auto && text.is_empty()
            }
            _ => false,
        }
    }

    /// Whether it is surely neither null nor empty.
    pub(crate) fn is_known(&self) -> bool {
        let known = match &self.shape {
            Shape::Literal(literal) => *literal != Literal::Null,
            Shape::Bound(_) | Shape::BoundLower(_) => !self.is_empty(),
            Shape::Known(_) | Shape::Computed(_) => true,
            Shape::Column(_) => false,
        };
        known && self.nulls != Nulls::Empty
    }

    pub(crate) fn into_expr(self) -> Expr {
        match self.shape {
            Shape::Bound(value) => Expr::Value(value),
            Shape::BoundLower(value) => Expr::Value(value).lower(),
            Shape::Literal(literal) => Expr::Literal(literal),
            Shape::Column(expr) | Shape::Known(expr) | Shape::Computed(expr) => expr,
        }
    }
}
