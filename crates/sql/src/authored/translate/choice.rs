use sqlparser::ast::{CaseWhen, Expr};

use super::Result;
use super::compare::{self, Comparison};
use super::query::{Translator, common};
use super::scope::Scope;
use super::term::{Kind, Term};

impl Translator<'_> {
    pub(super) fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
        scope: &Scope<'_>,
    ) -> Result<Term> {
        let operand = operand.map(|operand| self.expr(operand, scope)).transpose()?;
        let mut branches = Vec::new();
        for CaseWhen { condition, result } in conditions {
            let condition = self.expr(condition, scope)?;
            let condition = match &operand {
                Some(operand) => compare::compare(operand, Comparison::Equal, &condition).sql,
                None => condition.truth(),
            };
            branches.push((condition, self.expr(result, scope)?));
        }
        let otherwise = otherwise.map(|otherwise| self.expr(otherwise, scope)).transpose()?;
        Ok(case(&branches, otherwise.as_ref()))
    }
}

/// The value of the first branch whose condition holds.
pub(super) fn case(branches: &[(String, Term)], otherwise: Option<&Term>) -> Term {
    let values = branches.iter().map(|(_, value)| value).chain(otherwise);
    let kind = mixed(values);
    let mut sql = "(CASE".to_owned();
    for (condition, value) in branches {
        sql.push_str(&format!(" WHEN {condition} THEN {}", value.coerced(kind)));
    }
    if let Some(otherwise) = otherwise {
        sql.push_str(&format!(" ELSE {}", otherwise.coerced(kind)));
    }
    sql.push_str(" END)");
    Term::new(sql, shown(kind))
}

/// The first value that is not null.
pub(super) fn coalesce(values: &[Term]) -> Term {
    let kind = mixed(values);
    let list: Vec<String> = values.iter().map(|value| value.coerced(kind)).collect();
    Term::new(format!("coalesce({})", list.join(", ")), shown(kind))
}

/// The greatest or the least of several values; null when one of them is.
pub(super) fn extreme(values: &[Term], name: &str) -> Term {
    let kind = mixed(values);
    let list: Vec<String> = values.iter().map(|value| value.coerced(kind)).collect();
    if kind == Kind::Any {
        // The type json has no order.
        return Term::any(format!("baibase_{name}({})", list.join(", ")));
    }
    let known: Vec<String> = values.iter().map(|value| format!("{} IS NOT NULL", value.sql)).collect();
    let list: Vec<String> = match kind {
        Kind::Text | Kind::Json => list.iter().map(|value| format!("({value} COLLATE \"C\")")).collect(),
        _ => list,
    };
    let sql = format!("(CASE WHEN {} THEN {name}({}) END)", known.join(" AND "), list.join(", "));
    Term::new(sql, shown(kind))
}

/// The kind that can hold each of several values as it is.
fn mixed<'t>(values: impl IntoIterator<Item = &'t Term>) -> Kind {
    let mut kind = Kind::Null;
    for value in values {
        kind = match (kind, common(kind, value.kind)) {
            (Kind::Null, _) => value.kind,
            (before, common) if is_text(before) != is_text(value.kind) && value.kind != Kind::Null => {
                if common == Kind::Any || before != value.kind {
                    Kind::Any
                } else {
                    common
                }
            }
            (_, common) => common,
        };
    }
    kind
}

fn is_text(kind: Kind) -> bool {
    matches!(kind, Kind::Text)
}

/// Null alone is a text to PostgreSQL.
fn shown(kind: Kind) -> Kind {
    if kind == Kind::Null { Kind::Text } else { kind }
}
