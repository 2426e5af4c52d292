//! What is left of a pattern, and the escapes that mean the same inside and outside of brackets.

use super::PatternError;

/// What is left of a pattern.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) rest: &'a str,
}

const INVALID_ESCAPE: &str = "invalid escape sequence";

/// The problem of ranges and classes alike.
pub(super) const INVALID_RANGE: &str = "invalid character class range";

impl<'a> Source<'a> {
    /// Takes the next character.
    pub(super) fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next()?;
        self.rest = chars.as_str();
        Some(next)
    }

    /// The next character, which stays.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Takes this text, if it comes next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// What was taken since `start`.
    pub(super) fn since(&self, start: &'a str) -> &'a str {
        start.len().checked_sub(self.rest.len()).and_then(|length| start.get(..length)).unwrap_or_default()
    }

    /// A class like `\d`, if one comes next: its items in brackets, negated or not.
    pub(super) fn perl_class(&mut self) -> Option<(bool, &'static str)> {
        let mut after = *self;
        let letter = after.take("\\").then(|| after.next()).flatten()?;
        let items = match letter.to_ascii_lowercase() {
            'd' => "0-9",
            's' => r"\t\n\x0c\r ",
            'w' => "0-9A-Za-z_",
            _ => return None,
        };
        *self = after;
        Some((letter.is_ascii_uppercase(), items))
    }

    /// A class like `\p{Greek}`, if one comes next: in the form that names a category or a script and nothing else.
    pub(super) fn unicode_class(&mut self) -> Result<Option<String>, PatternError> {
        let start = self.rest;
        let mut negated = match start.as_bytes() {
            [b'\\', b'p', ..] => false,
            [b'\\', b'P', ..] => true,
            _ => return Ok(None),
        };
        self.rest = start.get(2..).unwrap_or_default();
        let name = if self.take("{") {
            let Some((name, rest)) = self.rest.split_once('}') else {
                return Err(PatternError::new(INVALID_RANGE, start));
            };
            self.rest = rest;
            name
        } else {
            let letter = self.rest;
            self.next();
            Source { rest: self.rest }.since(letter)
        };
        let plain = name.strip_prefix('^').unwrap_or(name);
        negated ^= plain.len() < name.len();
        let letter = if negated { 'P' } else { 'p' };
        let named = plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' '));
        ["gc", "sc"]
            .into_iter()
            .map(|property| format!(r"\{letter}{{{property}={plain}}}"))
            .find(|class| named && regex_syntax::parse(class).is_ok())
            .map(Some)
            .ok_or_else(|| PatternError::new(INVALID_RANGE, self.since(start)))
    }

    /// The character that the escape which comes next stands for.
    pub(super) fn escape(&mut self) -> Result<char, PatternError> {
        let start = self.rest;
        self.take("\\");
        let Some(letter) = self.next() else {
            return Err(PatternError::new("trailing backslash at end of expression", ""));
        };
        let escaped = match letter {
            'a' => Some('\u{7}'),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'v' => Some('\u{b}'),
            'x' => self.hexadecimal(),
            '0' => self.octal(0, 2),
            // A single digit would refer back to a group, which is not possible.
            '1'..='7' if matches!(self.peek(), Some('0'..='7')) => {
                self.octal(letter.to_digit(8).unwrap_or(0), 2)
            }
            _ => Some(letter).filter(|letter| letter.is_ascii() && !letter.is_ascii_alphanumeric()),
        };
        escaped.ok_or_else(|| PatternError::new(INVALID_ESCAPE, self.since(start)))
    }

    /// Two digits, or any number of them in braces.
    fn hexadecimal(&mut self) -> Option<char> {
        if !self.take("{") {
            let high = self.next()?.to_digit(16);
            let low = self.next()?.to_digit(16);
            return char::from_u32(high? * 16 + low?);
        }
        let mut code = None;
        loop {
            match self.next()? {
                '}' => return char::from_u32(code?),
                digit => {
                    let sum: u32 = code.unwrap_or(0) * 16 + digit.to_digit(16)?;
                    code = Some(sum).filter(|&code| code <= u32::from(char::MAX));
                    code?;
                }
            }
        }
    }

    fn octal(&mut self, mut code: u32, most_digits: usize) -> Option<char> {
        for _ in 0..most_digits {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else { break };
            code = code * 8 + digit;
            self.next();
        }
        char::from_u32(code)
    }
}
