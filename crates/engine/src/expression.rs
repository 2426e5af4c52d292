//! What is wrong with a filter, a sort or a rule, for superusers and for the log.

use std::fmt;

use filter::{ParseError, Position, Span};
use schema::{FieldError, FieldErrors};

use crate::Error;

/// One of the texts in the languages of filters and sorts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The filter of a list.
    Filter,
    /// The sort of a list.
    Sort,
    /// A rule of a collection.
    Rule {
        /// Its key in the collection, for example `listRule`.
        key: &'static str,
        /// The collection's name.
        collection: String,
    },
}

/// Where in a text of these languages something else was expected, and what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part}, {position}: {problem}")]
pub struct ExpressionError {
    /// Which text.
    pub part: Part,
    /// Where in it.
    pub position: Position,
    /// How many characters from there on are wrong; 0 at the end of the text.
    pub length: usize,
    /// What was expected and what was found. It can name fields and collections that only superusers may know of.
    pub problem: String,
}

impl ExpressionError {
    /// Something is wrong with the characters of `text` that `span` covers.
    pub(crate) fn new(part: Part, text: &str, span: Span, problem: &dyn fmt::Display) -> Self {
        let (position, length) = (Position::of(span, text), span.of(text).chars().count());
        Self { part, position, length, problem: problem.to_string() }
    }

    /// The text cannot be read.
    pub(crate) fn unreadable(part: Part, text: &str, error: &ParseError) -> Self {
        Self::new(part, text, error.span, &error.kind)
    }

    /// The refusal of a request because of this error. What is wrong with their own filter or sort is told to
    /// superusers; others may not learn of the collections behind it.
    pub(crate) fn refuse(self, superuser: bool) -> Error {
        let data = if superuser { self.data() } else { FieldErrors::new() };
        Error::invalid("", data).because(self)
    }

    fn data(&self) -> FieldErrors {
        let (key, code) = match self.part {
            Part::Filter => ("filter", "validation_invalid_filter"),
            Part::Sort => ("sort", "validation_invalid_sort"),
            Part::Rule { .. } => return FieldErrors::new(),
        };
        let error = FieldError::new(code, format!("invalid {self}"))
            .with_param("position", self.position.character)
            .with_param("line", self.position.line)
            .with_param("column", self.position.column)
            .with_param("length", self.length);
        FieldErrors::single(key, error)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filter => f.write_str("filter"),
            Self::Sort => f.write_str("sort"),
            Self::Rule { key, collection } => write!(f, "{key} of {collection}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(part: Part) -> ExpressionError {
        let text = "你 = 1 && b";
        ExpressionError::new(part, text, Span::new(text.len() - 1, text.len()), &"expected c, found \"b\"")
    }

    #[test]
    fn the_text_names_the_part_and_the_place() {
        assert_eq!(
            error(Part::Filter).to_string(),
            "filter, position 10 (line 1, column 10): expected c, found \"b\""
        );
        let rule = Part::Rule { key: "viewRule", collection: "posts".into() };
        assert!(error(rule).to_string().starts_with("viewRule of posts, position 10"));
    }

    #[test]
    fn superusers_alone_are_told() {
        assert_eq!(
            error(Part::Sort).refuse(true).data.to_json(),
            serde_json::json!({"sort": {
                "code": "validation_invalid_sort",
                "message": "Invalid sort, position 10 (line 1, column 10): expected c, found \"b\".",
                "params": {"position": 10, "line": 1, "column": 10, "length": 1},
            }})
        );
        let refusal = error(Part::Sort).refuse(false);
        assert!(refusal.data.is_empty() && refusal.message.is_empty() && refusal.cause.is_some());
        // Superusers stand above rules.
        assert!(
            error(Part::Rule { key: "listRule", collection: "posts".into() }).refuse(true).data.is_empty()
        );
    }
}
