use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArguments, OrderByExpr,
};

use super::Result;
use super::error::Untranslatable;

/// The arguments of a call.
#[derive(Debug, Default)]
pub(super) struct Arguments<'f> {
    pub(super) exprs: Vec<&'f Expr>,
    /// Whether the argument is `*`.
    pub(super) is_star: bool,
    pub(super) distinct: bool,
    pub(super) order_by: Vec<&'f OrderByExpr>,
}

impl<'f> Arguments<'f> {
    pub(super) fn of(function: &'f Function) -> Result<Self> {
        let mut arguments = Self::default();
        let list = match &function.args {
            FunctionArguments::None => return Ok(arguments),
            FunctionArguments::List(list) => list,
            FunctionArguments::Subquery(_) => return Err(Untranslatable::Syntax("select".into())),
        };
        arguments.distinct = matches!(list.duplicate_treatment, Some(DuplicateTreatment::Distinct));
        for argument in &list.args {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => arguments.exprs.push(expr),
                FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => arguments.is_star = true,
                other => return Err(Untranslatable::Syntax(other.to_string())),
            }
        }
        for clause in &list.clauses {
            match clause {
                FunctionArgumentClause::OrderBy(parts) => arguments.order_by.extend(parts),
                other => return Err(Untranslatable::Syntax(other.to_string())),
            }
        }
        Ok(arguments)
    }
}
