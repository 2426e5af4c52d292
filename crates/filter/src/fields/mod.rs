//! The fields language: which keys of a JSON reply to send, `id,expand.author.*,body:excerpt(100,true)`.

mod excerpt;
mod pick;
mod split;

use split::{split, split_words};

use crate::{ParseError, Span};

/// Which keys to keep.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields {
    items: Vec<FieldPath>,
}

/// One path of a list of fields.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FieldPath {
    /// Keys joined by dots; `*` stands for every key that no other path names.
    path: String,
    modifier: Option<Modifier>,
}

/// What is done to a value that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Modifier {
    /// `:excerpt(max, withEllipsis)`: a text without HTML, cut to `max` characters.
    Excerpt { max: usize, ellipsis: bool },
}

/// Reads a comma-separated list of dotted paths, each with an optional modifier. Later ones replace earlier ones
/// of the same path.
///
/// # Errors
/// [`ParseError`] for an unknown or wrong modifier, and for quotes and brackets that are not closed.
pub fn parse(text: &str) -> Result<Fields, ParseError> {
    let mut items: Vec<FieldPath> = Vec::new();
    for (part, span) in split(text)? {
        let (path, modifier) = match part.split_once(':') {
            Some((path, modifier)) => (path, Some(parse_modifier(text, span, modifier)?)),
            None => (part, None),
        };
        items.retain(|item| item.path != path);
        items.push(FieldPath { path: path.to_owned(), modifier });
    }
    Ok(Fields { items })
}

fn parse_modifier(text: &str, span: Span, modifier: &str) -> Result<Modifier, ParseError> {
    let wrong = || {
        let place = Span::new(span.end - modifier.len(), span.end);
        ParseError::unexpected(text, place, "the modifier excerpt(max) or excerpt(max, withEllipsis)")
    };
    let (max, ellipsis) = match split_words(modifier).as_slice() {
        ["excerpt", max] => (*max, false),
        ["excerpt", max, ellipsis] => (*max, is_true(ellipsis)),
        _ => return Err(wrong()),
    };
    match max.parse() {
        Ok(max) if max > 0 => Ok(Modifier::Excerpt { max, ellipsis }),
        _ => Err(wrong()),
    }
}

fn is_true(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

impl Modifier {
    fn apply(self, value: &mut serde_json::Value) {
        let Self::Excerpt { max, ellipsis } = self;
        if let serde_json::Value::String(text) = value {
            *text = excerpt::excerpt(text, max, ellipsis);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_paths_and_modifiers() {
        let fields = parse(" a , b.c:excerpt( 3 , t ),*,,a:excerpt(10)").unwrap();
        let read: Vec<_> = fields.items.iter().map(|item| (item.path.as_str(), item.modifier)).collect();
        assert_eq!(
            read,
            [
                ("b.c", Some(Modifier::Excerpt { max: 3, ellipsis: true })),
                ("*", None),
                ("a", Some(Modifier::Excerpt { max: 10, ellipsis: false })),
            ]
        );
    }

    #[test]
    fn refuses_wrong_modifiers() {
        for text in [
            "a:",
            "a:x",
            "a:excerpt",
            "a:excerpt()",
            "a:excerpt(0)",
            "a:excerpt(-1)",
            "a:excerpt(1,t,3)",
            "a:excerpt(1",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
