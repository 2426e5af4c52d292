use std::fmt;

/// How a condition is joined to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the two words say it")]
pub enum Join {
    And,
    Or,
}

/// A comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The left operand, as written.
    pub left: String,
    /// The operator.
    pub operator: &'static str,
    /// The right operand, as written.
    pub right: String,
    /// What stands on both sides of the operator: white space, or a comment.
    pub gap: &'static str,
}

/// A filter or a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// Lets everybody in.
    Empty,
    /// One comparison.
    Comparison(Comparison),
    /// Conditions in a row; the first join means nothing. In parentheses unless it is the outermost.
    Sequence(Vec<(Join, Expression)>),
    /// Text that need not follow the grammar.
    Verbatim(String),
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { left, operator, right, gap } = self;
        write!(f, "{left}{gap}{operator}{gap}{right}")
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Comparison(comparison) => comparison.fmt(f),
            Self::Verbatim(text) => f.write_str(text),
            Self::Sequence(parts) => {
                for (at, (join, part)) in parts.iter().enumerate() {
                    match join {
                        _ if at == 0 => {}
                        Join::And => f.write_str(" && ")?,
                        Join::Or => f.write_str(" || ")?,
                    }
                    match part {
                        Self::Sequence(_) => write!(f, "({part})")?,
                        _ => part.fmt(f)?,
                    }
                }
                Ok(())
            }
        }
    }
}
