use sqlparser::ast::BinaryOperator;

use super::Result;
use super::error::Untranslatable;
use super::term::{Kind, Term};

/// A calculation with two numbers.
pub(super) fn calculate(left: &Term, op: &BinaryOperator, right: &Term) -> Result<Term> {
    let (left_number, right_number) = (left.as_number(), right.as_number());
    let whole = left_number.kind == Kind::Integer && right_number.kind == Kind::Integer;
    let kind = match (left_number.kind, right_number.kind) {
        _ if whole => Kind::Integer,
        (Kind::Real, _) | (_, Kind::Real) => Kind::Real,
        _ => Kind::Numeric,
    };
    let simple = |op: &str| {
        let (left, right) = if whole {
            (left_number.sql.clone(), right_number.sql.clone())
        } else {
            (left.as_double(), right.as_double())
        };
        Ok(Term::new(format!("({left} {op} {right})"), kind))
    };
    let bits = |op: &str| Ok(Term::integer(format!("({} {op} {})", left.as_integer(), right.as_integer())));
    match op {
        BinaryOperator::Plus => simple("+"),
        BinaryOperator::Minus => simple("-"),
        BinaryOperator::Multiply => simple("*"),
        // Nothing can be divided by zero: that is null.
        BinaryOperator::Divide => Ok(match kind {
            Kind::Integer => {
                Term::integer(format!("({} / nullif({}, 0))", left_number.sql, right_number.sql))
            }
            Kind::Real => Term::real(format!("({} / nullif({}, 0))", left.as_double(), right.as_double())),
            _ => Term::numeric(format!("baibase_divide({}, {})", left.as_double(), right.as_double())),
        }),
        BinaryOperator::Modulo => {
            let sql = format!("({} % nullif({}, 0))", left.as_integer(), right.as_integer());
            Ok(match kind {
                Kind::Real => Term::real(format!("{sql}::double precision")),
                _ => Term::integer(sql),
            })
        }
        BinaryOperator::BitwiseAnd => bits("&"),
        BinaryOperator::BitwiseOr => bits("|"),
        BinaryOperator::PGBitwiseShiftLeft => shift(left, "<<", right),
        BinaryOperator::PGBitwiseShiftRight => shift(left, ">>", right),
        other => Err(Untranslatable::unsupported(format!("the operator {other}"))),
    }
}

fn shift(left: &Term, op: &str, right: &Term) -> Result<Term> {
    Ok(Term::integer(format!("({} {op} {}::integer)", left.as_integer(), right.as_integer())))
}
