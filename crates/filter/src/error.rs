use crate::Span;

/// Why a text is not a filter, sort, expand or fields expression. For superusers and logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (at {span})")]
pub struct ParseError {
    /// Where it went wrong.
    pub span: Span,
    /// What went wrong.
    pub kind: ParseErrorKind,
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    /// It holds nothing but whitespace and comments.
    #[error("the expression is empty")]
    Empty,
    /// Something else should stand here.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What may stand here.
        expected: &'static str,
        /// What stands here: a quoted excerpt or `the end`.
        found: String,
    },
    /// There is too much of something.
    #[error("more than {limit} {what}")]
    TooMany {
        /// The greatest number.
        limit: usize,
        /// Of what, in the plural.
        what: &'static str,
    },
}

/// How much of a text an error message repeats, in characters.
const EXCERPT: usize = 40;

impl ParseError {
    /// Something else should stand at `span` of `text`.
    pub(crate) fn unexpected(text: &str, span: Span, expected: &'static str) -> Self {
        let excerpt: String = span.of(text).chars().take(EXCERPT).collect();
        let found = if excerpt.is_empty() { "the end".to_owned() } else { format!("{excerpt:?}") };
        Self { span, kind: ParseErrorKind::Unexpected { expected, found } }
    }

    /// There is too much of something from `span` on.
    pub(crate) fn too_many(span: Span, limit: usize, what: &'static str) -> Self {
        Self { span, kind: ParseErrorKind::TooMany { limit, what } }
    }

    /// Nothing stands where an expression should.
    pub(crate) fn empty(span: Span) -> Self {
        Self { span, kind: ParseErrorKind::Empty }
    }
}
