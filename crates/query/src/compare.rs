//! From two operands and an operator to a condition.

use filter::Operator;
use sql::{Comparison, Expr, Literal, Select, Source, Value};

use crate::like;
use crate::operand::{Many, Nulls, Operand, Shape, Side};

/// The condition that a comparison stands for.
///
/// Where an operand has many values, all of them must meet the condition, and at least one; with `any`, one is enough.
pub(crate) fn compare(left: Operand, operator: Operator, any: bool, right: Operand) -> Expr {
    let mut condition = one_to_one(left.side.clone(), operator, right.side.clone());
    if !any && let Some(violation) = violation(&left, operator, &right) {
        condition = condition.and(violation);
    }
    [left.guard, right.guard].into_iter().flatten().fold(condition, Expr::and)
}

/// That no value of many fails to meet the condition. Null is no failure.
fn violation(left: &Operand, operator: Operator, right: &Operand) -> Option<Expr> {
    let each = |many: &Many, nulls| Side::column(many.value.clone(), nulls);
    // Beside many values, JSON on the other side counts as any other column.
    let other = |operand: &Operand| Side { nulls: Nulls::Auto, ..operand.side.clone() };
    let (joins, inner) = match (&left.many, &right.many) {
        (Some(l), Some(r)) => {
            let inner = one_to_one(each(l, left.side.nulls), operator, each(r, right.side.nulls));
            (l.joins.iter().chain(&r.joins).cloned().collect(), inner)
        }
        (Some(l), None) => (l.joins.clone(), one_to_one(each(l, left.side.nulls), operator, other(right))),
        (None, Some(r)) => (r.joins.clone(), one_to_one(other(left), operator, each(r, right.side.nulls))),
        (None, None) => return None,
    };
    // The joins begin at the row of the query around this one; a row of nothing stands for it.
    let row = Source::select(Select::new().column(Expr::integer(1)), "@row");
    let values = Select { joins, ..Select::from(row) };
    Some(Expr::not_exists(values.column(Expr::integer(1)).filter(inner.not())))
}

fn one_to_one(left: Side, operator: Operator, right: Side) -> Expr {
    let plain = |comparison, left: Side, right: Side| left.into_expr().compare(comparison, right.into_expr());
    match operator {
        Operator::Equal => equal(left, right),
        Operator::NotEqual => not_equal(left, right),
        Operator::Like => left.into_expr().like(pattern(right)),
        Operator::NotLike => {
            Expr::Like { subject: left.into_expr().into(), pattern: pattern(right).into(), negated: true }
        }
        Operator::Less => plain(Comparison::Lt, left, right),
        Operator::LessOrEqual => plain(Comparison::Lte, left, right),
        Operator::Greater => plain(Comparison::Gt, left, right),
        Operator::GreaterOrEqual => plain(Comparison::Gte, left, right),
    }
}

/// Equal, where null is the same as empty text unless JSON is compared. The forms avoid `coalesce` where they can, so
/// that an index on the column is of use.
fn equal(left: Side, right: Side) -> Expr {
    match form(&left, &right) {
        Form::Exact => left.into_expr().is(right.into_expr()),
        Form::BothEmpty => Expr::TRUE,
        Form::Known => or_empty(left).eq(or_empty(right)),
        Form::LeftEmpty => {
            let right = right.into_expr();
            Expr::EMPTY.eq(right.clone()).or(right.is_null())
        }
        Form::RightEmpty => {
            let left = left.into_expr();
            left.clone().eq(Expr::EMPTY).or(left.is_null())
        }
        Form::Unknown => coalesced(left).eq(coalesced(right)),
    }
}

/// Not equal, where null is the same as empty text unless JSON is compared; null differs from any other value.
fn not_equal(left: Side, right: Side) -> Expr {
    match form(&left, &right) {
        Form::Exact => left.into_expr().is_not(right.into_expr()),
        Form::BothEmpty => Expr::FALSE,
        Form::Known => or_empty(left).is_not(or_empty(right)),
        Form::LeftEmpty => {
            let right = right.into_expr();
            Expr::EMPTY.is_not(right.clone()).and(right.is_not_null())
        }
        Form::RightEmpty => {
            let left = left.into_expr();
            left.clone().is_not(Expr::EMPTY).and(left.is_not_null())
        }
        Form::Unknown => coalesced(left).is_not(coalesced(right)),
    }
}

enum Form {
    /// Null differs from empty text.
    Exact,
    /// Both are surely empty.
    BothEmpty,
    /// One is surely not empty, so that null on the other side does not matter.
    Known,
    /// Only the left one is surely empty.
    LeftEmpty,
    /// Only the right one is surely empty.
    RightEmpty,
    /// Any of them can be null.
    Unknown,
}

fn form(left: &Side, right: &Side) -> Form {
    if left.nulls == Nulls::Distinct || right.nulls == Nulls::Distinct {
        return Form::Exact;
    }
    match (left.is_empty(), right.is_empty()) {
        (true, true) => Form::BothEmpty,
        _ if left.is_known() || right.is_known() => Form::Known,
        (true, false) => Form::LeftEmpty,
        (false, true) => Form::RightEmpty,
        (false, false) => Form::Unknown,
    }
}

fn or_empty(side: Side) -> Expr {
    if side.is_empty() { Expr::EMPTY } else { side.into_expr() }
}

fn coalesced(side: Side) -> Expr {
    Expr::coalesce([side.into_expr(), Expr::EMPTY])
}

/// A pattern as the argument of a function, as PocketBase has it: the values that a function gets become patterns, and
/// not its result. A number that became one is none any more.
fn within(expr: Expr) -> Expr {
    match expr {
        Expr::Value(Value::Text(text)) => Expr::value(like::pattern(&text)),
        Expr::Value(_) => Expr::Literal(Literal::Null),
        Expr::Call(function, arguments) => Expr::Call(function, arguments.into_iter().map(within).collect()),
        Expr::Arithmetic { op, left, right } => {
            Expr::Arithmetic { op, left: within(*left).into(), right: within(*right).into() }
        }
        other => other,
    }
}

/// What a text must match to contain this operand.
fn pattern(side: Side) -> Expr {
    let bound = |value: &Value| Expr::value(like::pattern(&value.as_ref().to_text().unwrap_or_default()));
    match side.shape {
        Shape::Bound(value) => bound(&value),
        Shape::BoundLower(value) => bound(&value).lower(),
        Shape::Computed(expr) => within(expr),
        Shape::Literal(_) | Shape::Column(_) | Shape::Known(_) => {
            Expr::Concat(vec![Expr::value("%"), side.into_expr(), Expr::value("%")])
        }
    }
}
