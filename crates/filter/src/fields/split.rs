//! Splits lists of which quotes and brackets hold parts together.

use crate::{ParseError, Span};

/// The trimmed, non-empty parts between the commas outside quotes and brackets, and where they stand.
pub(super) fn split(text: &str) -> Result<Vec<(&str, Span)>, ParseError> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut state = State::default();
    for (index, char) in text.char_indices() {
        state.read(char);
        if char == ',' && state.is_outside() {
            push(&mut parts, text, start, index);
            start = index + 1;
            state = State::default();
        }
    }
    if !state.is_outside() {
        let rest = Span::new(start, text.len());
        return Err(ParseError::unclosed(rest, "a closing quote or )"));
    }
    push(&mut parts, text, start, text.len());
    Ok(parts)
}

fn push<'a>(parts: &mut Vec<(&'a str, Span)>, text: &'a str, start: usize, end: usize) {
    let raw = text.get(start..end).unwrap_or_default();
    let part = raw.trim_matches(is_blank);
    if !part.is_empty() {
        let lead = raw.len() - raw.trim_start_matches(is_blank).len();
        parts.push((part, Span::new(start + lead, start + lead + part.len())));
    }
}

fn is_blank(char: char) -> bool {
    matches!(char, '\t' | '\n' | '\x0b' | '\x0c' | '\r' | ' ' | '\u{85}' | '\u{a0}')
}

#[derive(Default)]
struct State {
    brackets: usize,
    quote: Option<char>,
    escaped: bool,
}

impl State {
    fn read(&mut self, char: char) {
        if !self.escaped {
            match (char, self.quote) {
                ('(', None) => self.brackets += 1,
                (')', None) => self.brackets = self.brackets.saturating_sub(1),
                ('\'' | '"' | '`', None) => self.quote = Some(char),
                (_, Some(quote)) if quote == char => self.quote = None,
                _ => {}
            }
        }
        self.escaped = char == '\\';
    }

    fn is_outside(&self) -> bool {
        self.brackets == 0 && self.quote.is_none()
    }
}

/// The words of a modifier: what stands between brackets, commas and spaces.
pub(super) fn split_words(text: &str) -> Vec<&str> {
    text.split(['(', ')', ',', ' '])
        .map(|word| word.trim_matches(is_blank))
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_quotes_hold_together() {
        let text = "a, b(c,d) ,'e,(' , \\(f,g";
        let parts: Vec<_> =
            split(text).unwrap().into_iter().map(|(part, span)| (part, span.of(text))).collect();
        assert_eq!(
            parts,
            [("a", "a"), ("b(c,d)", "b(c,d)"), ("'e,('", "'e,('"), ("\\(f", "\\(f"), ("g", "g")]
        );
        assert!(split("a,(b").is_err());
        assert!(split("a,'b").is_err());
    }
}
