use sqlparser::ast::BinaryOperator;

use super::term::{Affinity, Kind, Term};

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    /// Equal, where null equals null.
    Is,
    /// Not equal, where null equals null.
    IsNot,
}

impl Comparison {
    pub(super) fn from_operator(op: &BinaryOperator) -> Option<Self> {
        Some(match op {
            BinaryOperator::Eq => Self::Equal,
            BinaryOperator::NotEq => Self::NotEqual,
            BinaryOperator::Lt => Self::Less,
            BinaryOperator::LtEq => Self::LessEqual,
            BinaryOperator::Gt => Self::Greater,
            BinaryOperator::GtEq => Self::GreaterEqual,
            _ => return None,
        })
    }

    fn sql(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Is => "IS NOT DISTINCT FROM",
            Self::IsNot => "IS DISTINCT FROM",
        }
    }
}

/// A comparison of two values.
pub(super) fn compare(left: &Term, op: Comparison, right: &Term) -> Term {
    if let Some(term) = with_a_word(left, op, right, false).or_else(|| with_a_word(right, op, left, true)) {
        return term;
    }
    let (left, right) = comparable(left, right);
    Term::bool(format!("({left} {} {right})", op.sql()))
}

/// A comparison of a number with a text that is none: any number is less.
fn with_a_word(number: &Term, op: Comparison, word: &Term, swapped: bool) -> Option<Term> {
    let is_word =
        word.kind == Kind::Text && word.literal.as_deref().is_some_and(|text| as_number(text).is_none());
    if !number.is_number() || !is_word {
        return None;
    }
    let known = match op {
        Comparison::Is => return Some(Term::bool("FALSE")),
        Comparison::IsNot => return Some(Term::bool("TRUE")),
        Comparison::Equal => false,
        Comparison::NotEqual => true,
        Comparison::Less | Comparison::LessEqual => !swapped,
        Comparison::Greater | Comparison::GreaterEqual => swapped,
    };
    let known = if known { "TRUE" } else { "FALSE" };
    Some(Term::bool(format!("(CASE WHEN {} IS NOT NULL THEN {known} END)", number.sql)))
}

fn as_number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// Two values in a form in which PostgreSQL compares them as SQLite would.
pub(super) fn comparable(left: &Term, right: &Term) -> (String, String) {
    if left.kind == Kind::Bool
        && let Some(truth) = truth(right)
    {
        return (left.sql.clone(), truth.into());
    }
    if right.kind == Kind::Bool
        && let Some(truth) = truth(left)
    {
        return (truth.into(), right.sql.clone());
    }
    let (left, right) = (applied(left, right), applied(right, left));
    match (left.kind, right.kind) {
        (Kind::Bool, Kind::Bool) => (left.sql, right.sql),
        (Kind::Null, Kind::Null) => ("NULL::text".into(), "NULL::text".into()),
        (Kind::Null, other) => (Term::null().coerced(other), right.ordered_plain()),
        (other, Kind::Null) => (left.ordered_plain(), Term::null().coerced(other)),
        (Kind::Text, Kind::Text) => {
            let collation = left.collation.clone().or_else(|| right.collation.clone());
            let with = |term: Term| Term { collation: collation.clone(), ..term }.collated();
            (with(left), with(right))
        }
        _ if left.is_number() && right.is_number() => (left.as_number().sql, right.as_number().sql),
        _ => {
            let reads = left.affinity == Affinity::Numeric || right.affinity == Affinity::Numeric;
            if left.is_number() || right.is_number() {
                (left.beside_a_number(reads), right.beside_a_number(reads))
            } else if reads {
                (left.numeric_key(), right.numeric_key())
            } else {
                (left.key(), right.key())
            }
        }
    }
}

/// A number that a boolean is compared with, as a boolean.
fn truth(term: &Term) -> Option<&'static str> {
    match (term.kind, term.literal.as_deref()) {
        (Kind::Integer | Kind::Bool, Some("1")) => Some("TRUE"),
        (Kind::Integer | Kind::Bool, Some("0")) => Some("FALSE"),
        _ => None,
    }
}

/// A value as it is after the declaration of what it is compared with has had its say.
fn applied(term: &Term, other: &Term) -> Term {
    match other.affinity {
        // A text that reads like a number counts as one.
        Affinity::Numeric if term.kind == Kind::Text && term.affinity != Affinity::Numeric => {
            match term.literal.as_deref().and_then(as_number) {
                Some(number) if other.is_number() => Term::numeric(format!("{number:?}::double precision")),
                _ => term.clone(),
            }
        }
        // A number counts as its text.
        Affinity::Text if term.affinity == Affinity::None && (term.is_number() || term.kind == Kind::Any) => {
            Term { collation: term.collation.clone(), ..Term::text(term.as_text()) }
        }
        _ => term.clone(),
    }
}

impl Term {
    /// The value where it is compared with null: no other order than its own.
    fn ordered_plain(&self) -> String {
        match self.kind {
            Kind::Any => self.as_text(),
            _ => self.sql.clone(),
        }
    }
}
