use std::fmt;

use crate::Span;

/// Where something stands in a text as people count: in characters, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The character in the whole text.
    pub character: usize,
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Position {
    /// Where a span of a text begins; one that lies beyond the text begins at its end.
    pub fn of(span: Span, text: &str) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self {
            character: before.chars().count() + 1,
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "position {} (line {}, column {})", self.character, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_count_and_not_bytes() {
        let text = "a = '你好'\n  && é = 1";
        let start = text.find('é').unwrap();
        let position = Position::of(Span::new(start, start + 2), text);
        assert_eq!(position, Position { character: 15, line: 2, column: 6 });
        assert_eq!(position.to_string(), "position 15 (line 2, column 6)");
        assert_eq!(Position::of(Span::new(0, 1), text), Position { character: 1, line: 1, column: 1 });
        assert_eq!(Position::of(Span::new(99, 99), "ab").column, 3);
    }
}
