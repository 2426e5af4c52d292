use sqlparser::ast::Value;

use super::Result;
use super::error::Untranslatable;
use super::term::Term;

/// A text in quotes.
pub(super) fn text(text: &str) -> Term {
    let sql = format!("'{}'::text", text.replace('\0', "").replace('\'', "''"));
    Term { literal: Some(text.to_owned()), ..Term::text(sql) }
}

/// A whole number.
pub(super) fn integer(number: i64) -> Term {
    let sql = if number < 0 { format!("({number})::bigint") } else { format!("{number}::bigint") };
    Term { literal: Some(number.to_string()), ..Term::integer(sql) }
}

/// What a literal stands for.
pub(super) fn value(value: &Value) -> Result<Term> {
    match value {
        Value::Number(number, _) => Ok(self::number(number)),
        Value::SingleQuotedString(content) => Ok(text(content)),
        Value::Boolean(truth) => {
            let sql = if *truth { "TRUE" } else { "FALSE" };
            Ok(Term { literal: Some(i32::from(*truth).to_string()), ..Term::bool(sql) })
        }
        Value::Null => Ok(Term::null()),
        Value::HexStringLiteral(_) => Err(Untranslatable::unsupported("blobs or hexadecimal numbers")),
        Value::Placeholder(_) => Err(Untranslatable::Parameter),
        other => Err(Untranslatable::Syntax(other.to_string())),
    }
}

fn number(text: &str) -> Term {
    let plain = text.replace('_', "");
    if let Ok(whole) = plain.parse() {
        return integer(whole);
    }
    // Digits, a point and an exponent are written alike everywhere.
    Term { literal: Some(plain.clone()), ..Term::real(format!("{plain}::double precision")) }
}
