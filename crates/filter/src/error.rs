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
    /// There is nothing but whitespace and comments.
    #[error("expected a condition like name = 'value', found nothing")]
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

const THE_END: &str = "the end";

impl ParseError {
    /// Something else should stand at `span` of `text`.
    pub(crate) fn unexpected(text: &str, span: Span, expected: &'static str) -> Self {
        // An empty span is the end of a group or an item: what ends it stands there.
        let here = if span.start == span.end { next_char(text, span) } else { span };
        let excerpt: String = here.of(text).chars().take(EXCERPT).collect();
        let found = if excerpt.is_empty() { THE_END.to_owned() } else { format!("{excerpt:?}") };
        Self { span: here, kind: ParseErrorKind::Unexpected { expected, found } }
    }

    /// What `span` covers goes on to the end of the text without being closed.
    pub(crate) fn unclosed(span: Span, expected: &'static str) -> Self {
        Self { span, kind: ParseErrorKind::Unexpected { expected, found: THE_END.to_owned() } }
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

fn next_char(text: &str, span: Span) -> Span {
    let char = text.get(span.start..).and_then(|rest| rest.chars().next());
    Span::new(span.start, span.start + char.map_or(0, char::len_utf8))
}
