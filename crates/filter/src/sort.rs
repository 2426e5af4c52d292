//! The sort language: `-created,+title,author.name`.

use crate::{ParseError, Span};

/// How many items a sort may have.
pub const MAX_ITEMS: usize = 8;
/// How long the name in an item may be, in bytes.
pub const MAX_NAME: usize = 255;

/// One key of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortItem {
    /// Whether the greatest comes first: a `-` before the name.
    pub descending: bool,
    /// A dotted path, `@random` or `@rowid`; not yet looked at.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
}

/// Reads a comma-separated list of names, each with an optional `+` or `-` and whitespace around it.
///
/// # Errors
/// [`ParseError`] for an empty item, a name that is too long, or too many items.
pub fn parse(text: &str) -> Result<Vec<SortItem>, ParseError> {
    let mut items = Vec::new();
    let mut start = 0;
    for part in text.split(',') {
        let trimmed = part.trim();
        let lead = part.len() - part.trim_start().len();
        let (name, descending) = match trimmed.strip_prefix('-') {
            Some(name) => (name, true),
            None => (trimmed.strip_prefix('+').unwrap_or(trimmed), false),
        };
        let end = start + lead + trimmed.len();
        let span = Span::new(end - name.len(), end);
        if name.is_empty() {
            return Err(ParseError::unexpected(text, Span::new(start, start + part.len()), "a field"));
        }
        if name.len() > MAX_NAME {
            return Err(ParseError::too_many(span, MAX_NAME, "bytes in the name of a field"));
        }
        if items.len() == MAX_ITEMS {
            return Err(ParseError::too_many(span, MAX_ITEMS, "fields to sort by"));
        }
        items.push(SortItem { descending, name: name.to_owned(), span });
        start += part.len() + 1;
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ParseErrorKind;

    #[test]
    fn reads_signs_whitespace_and_places() {
        let text = " -created,+title , author.name,--x";
        let items = parse(text).unwrap();
        let read: Vec<_> = items.iter().map(|i| (i.descending, i.name.as_str(), i.span.of(text))).collect();
        assert_eq!(
            read,
            [
                (true, "created", "created"),
                (false, "title", "title"),
                (false, "author.name", "author.name"),
                (true, "-x", "-x"),
            ]
        );
    }

    #[test]
    fn refuses_empty_items() {
        for text in ["", " ", "a,,b", "a,", "-", "a, + "] {
            assert!(matches!(parse(text).unwrap_err().kind, ParseErrorKind::Unexpected { .. }), "{text:?}");
        }
    }

    #[test]
    fn keeps_limits() {
        assert_eq!(parse("a,a,a,a,a,a,a,a").unwrap().len(), 8);
        assert!(parse("a,a,a,a,a,a,a,a,a").is_err());
        assert!(parse(&"a".repeat(255)).is_ok());
        assert!(parse(&"a".repeat(256)).is_err());
    }
}
