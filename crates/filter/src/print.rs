//! Canonical text: single quotes, one space around operators, no bracket that precedence does not ask for.

use std::fmt::{self, Display, Formatter, Write};

use crate::{Comparison, Expr, Operand, OperandKind};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comparison(comparison) => comparison.fmt(f),
            Self::And(items) => join(f, items, " && ", |item| !matches!(item, Self::Comparison(_))),
            Self::Or(items) => join(f, items, " || ", |item| matches!(item, Self::Or(_))),
        }
    }
}

fn join(f: &mut Formatter<'_>, items: &[Expr], separator: &str, brackets: fn(&Expr) -> bool) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        if brackets(item) {
            write!(f, "({item})")?;
        } else {
            item.fmt(f)?;
        }
    }
    Ok(())
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let any = if self.any { "?" } else { "" };
        write!(f, "{} {any}{} {}", self.left, self.operator.sign(), self.right)
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            OperandKind::Identifier(name) => f.write_str(name),
            OperandKind::Number(number) => f.write_str(&number.text),
            OperandKind::Text(text) => quote(f, text),
            OperandKind::Function { name, arguments } => {
                write!(f, "{name}(")?;
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    argument.fmt(f)?;
                }
                f.write_char(')')
            }
        }
    }
}

fn quote(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('\'')?;
    for char in text.chars() {
        match char {
            '\n' => f.write_str("\\n")?,
            '\t' => f.write_str("\\t")?,
            '\r' => f.write_str("\\r")?,
            '\\' | '\'' => write!(f, "\\{char}")?,
            _ => f.write_char(char)?,
        }
    }
    f.write_char('\'')
}
