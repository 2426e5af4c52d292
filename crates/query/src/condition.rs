//! From the tree of a filter to a condition.

use filter::{Operand as Written, OperandKind, Span};
use jiff::Timestamp;
use sql::Expr;

use crate::compare::compare;
use crate::error::Error;
use crate::operand::Operand;
use crate::{function, macros};

/// Knows what identifiers stand for.
pub(crate) trait Names {
    /// What the macros of time stand for.
    fn now(&self) -> Timestamp;

    /// The operand that a path at `span` stands for.
    fn path(&mut self, name: &str, span: Span) -> Result<Operand, Error>;
}

/// The operand that an identifier stands for: a macro, a path, or a literal if there is no path of that name.
fn resolve(names: &mut dyn Names, name: &str, span: Span) -> Result<Operand, Error> {
    if let Some(value) = macros::value(name, names.now()) {
        return Ok(Operand::bound(value));
    }
    names.path(name, span).or_else(|error| match name.to_ascii_lowercase().as_str() {
        "null" => Ok(Operand::null()),
        "true" => Ok(Operand::truth(true)),
        "false" => Ok(Operand::truth(false)),
        _ => Err(error),
    })
}

/// The condition that a filter stands for.
pub(crate) fn condition(names: &mut dyn Names, expr: &filter::Expr) -> Result<Expr, Error> {
    let mut all =
        |items: &[filter::Expr]| items.iter().map(|item| condition(names, item)).collect::<Result<_, _>>();
    Ok(match expr {
        filter::Expr::And(items) => Expr::All(all(items)?),
        filter::Expr::Or(items) => Expr::Any(all(items)?),
        filter::Expr::Comparison(comparison) => {
            let left = operand(names, &comparison.left)?;
            let right = operand(names, &comparison.right)?;
            compare(left, comparison.operator, comparison.any, right)
        }
    })
}

/// The operand that one side of a comparison or an argument of a function stands for.
pub(crate) fn operand(names: &mut dyn Names, written: &Written) -> Result<Operand, Error> {
    match &written.kind {
        OperandKind::Identifier(name) => resolve(names, name, written.span),
        OperandKind::Text(text) => Ok(Operand::bound(text.as_str())),
        OperandKind::Number(number) => Ok(Operand::bound(number.value)),
        OperandKind::Function { name, arguments } => function::call(names, name, arguments, written.span),
    }
}
