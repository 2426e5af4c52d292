use sqlparser::ast::{
    Expr, LimitClause, OrderBy, OrderByExpr, OrderByKind, OrderBySort, UnaryOperator, Value,
};

use super::Result;
use super::error::Untranslatable;
use super::query::Translator;
use super::scope::Scope;
use super::term::Term;

/// What stands behind a query: an order and a limit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tail<'q> {
    pub(super) order_by: Option<&'q OrderBy>,
    pub(super) limit: Option<&'q LimitClause>,
    /// Whether the rows, without an order, come in that in which SQLite finds them.
    pub(super) is_natural: bool,
}

impl<'q> Tail<'q> {
    pub(super) fn is_empty(self) -> bool {
        self.order_by.is_none() && self.limit.is_none() && !self.is_natural
    }

    /// The parts of the order.
    pub(super) fn orders(self) -> Result<&'q [OrderByExpr]> {
        match self.order_by.map(|order| &order.kind) {
            None => Ok(&[]),
            Some(OrderByKind::Expressions(parts)) => Ok(parts),
            Some(OrderByKind::All(_)) => Err(Untranslatable::Syntax("all".into())),
        }
    }
}

impl Translator<'_> {
    /// The text behind a query; `items` are the columns of its result.
    pub(super) fn tail(&mut self, tail: Tail<'_>, items: &[Term], scope: &Scope<'_>) -> Result<String> {
        let mut text = String::new();
        let mut parts = Vec::new();
        for part in tail.orders()? {
            let term = self.order_term(&part.expr, items, scope)?;
            parts.push(directed(&term.ordered(), part));
        }
        if !parts.is_empty() {
            text.push_str(&format!(" ORDER BY {}", parts.join(", ")));
        }
        if let Some(limit) = tail.limit {
            text.push_str(&limited(limit)?);
        }
        Ok(text)
    }

    /// What a part of an order stands for: a number or a name of a column of the result, or an expression.
    pub(super) fn order_term(&mut self, expr: &Expr, items: &[Term], scope: &Scope<'_>) -> Result<Term> {
        match expr {
            Expr::Nested(inner) => self.order_term(inner, items, scope),
            Expr::Collate { expr, collation } => {
                let collation = Some(collation.to_string().to_uppercase());
                Ok(Term { collation, ..self.order_term(expr, items, scope)? })
            }
            Expr::Value(value) => match &value.value {
                Value::Number(number, _) => {
                    let position = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                    let item = position.and_then(|position| items.get(position));
                    item.cloned()
                        .ok_or_else(|| Untranslatable::unsupported(format!("an order by column {number}")))
                }
                _ => self.expr(expr, scope),
            },
            Expr::Identifier(name) => match scope.alias(&name.value) {
                Some((_, aliased)) => self.expr(aliased, scope),
                None => self.with_aliases(expr, scope),
            },
            _ => self.with_aliases(expr, scope),
        }
    }
}

/// An order by several values, the least first.
pub(super) fn ascending(terms: &[Term]) -> String {
    let parts: Vec<String> = terms.iter().map(|term| format!("{} NULLS FIRST", term.ordered())).collect();
    if parts.is_empty() { String::new() } else { format!(" ORDER BY {}", parts.join(", ")) }
}

/// A part of an order with its direction: without another word, null is the least of all.
pub(super) fn directed(sql: &str, part: &OrderByExpr) -> String {
    let descending = matches!(part.options.sort, Some(OrderBySort::Desc));
    let nulls_first = part.options.nulls_first.unwrap_or(!descending);
    let direction = if descending { "DESC" } else { "ASC" };
    let nulls = if nulls_first { "FIRST" } else { "LAST" };
    format!("{sql} {direction} NULLS {nulls}")
}

fn limited(limit: &LimitClause) -> Result<String> {
    let (limit, offset) = match limit {
        LimitClause::LimitOffset { limit, offset, .. } => {
            (limit.as_ref(), offset.as_ref().map(|offset| &offset.value))
        }
        LimitClause::OffsetCommaLimit { offset, limit } => (Some(limit), Some(offset)),
    };
    let mut text = String::new();
    if let Some(rows) = limit.map(rows).transpose()?.flatten() {
        text.push_str(&format!(" LIMIT {rows}"));
    }
    if let Some(rows) = offset.map(rows).transpose()?.flatten() {
        text.push_str(&format!(" OFFSET {rows}"));
    }
    Ok(text)
}

/// A number of rows; `None` for one below zero, which is no limit.
fn rows(expr: &Expr) -> Result<Option<u64>> {
    match expr {
        Expr::Nested(inner) => rows(inner),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => rows(expr).map(|_| None),
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => number.parse().map(Some).map_err(|_| not_a_number()),
            _ => Err(not_a_number()),
        },
        _ => Err(not_a_number()),
    }
}

fn not_a_number() -> Untranslatable {
    Untranslatable::unsupported("a LIMIT that is no whole number")
}
