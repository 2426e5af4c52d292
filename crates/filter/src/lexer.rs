//! Text to tokens. Whitespace is space, tab and line feed; `//` begins a comment that ends with its line.

use crate::{Number, Operator, ParseError, Span};

/// The smallest part of a text that means something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A name, not followed by a bracket.
    Identifier(String),
    /// A name and the bracket that opens its arguments.
    Call(String),
    /// A number.
    Number(Number),
    /// A quoted text, unescaped.
    Text(String),
    /// A comparison, with its `?`.
    Operator(Operator, bool),
    /// `&&`
    And,
    /// `||`
    Or,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// A character or a run of signs that means nothing.
    Unknown,
    /// Nothing follows.
    End,
}

/// Reads tokens from a part of a text.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    position: usize,
    end: usize,
}

impl<'a> Lexer<'a> {
    /// A lexer for all of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, position: 0, end: text.len() }
    }

    /// The text that spans refer to.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The next token and where it stands.
    pub(crate) fn next(&mut self) -> Result<(Token, Span), ParseError> {
        self.skip_blank()?;
        let start = self.position;
        let Some(first) = self.peek() else { return Ok((Token::End, Span::new(start, start))) };
        let token = match first {
            '(' | ')' | ',' => {
                self.advance(first);
                match first {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    _ => Token::Comma,
                }
            }
            '\'' | '"' => self.quoted(first)?,
            '-' | '0'..='9' => self.number()?,
            '@' | '_' | '#' | 'a'..='z' | 'A'..='Z' => self.identifier()?,
            '=' | '?' | '!' | '>' | '<' | '~' => self.operator(),
            '&' | '|' => self.join(),
            _ => {
                self.advance(first);
                Token::Unknown
            }
        };
        Ok((token, Span::new(start, self.position)))
    }

    /// Splits off the inside of a group whose opening bracket was just read, and goes on after its closing one.
    ///
    /// Brackets are counted in comments too, but not in quoted texts; a comment thus ends with its group.
    pub(crate) fn group(&mut self, open: Span) -> Result<Self, ParseError> {
        let start = self.position;
        let mut depth = 1_usize;
        while let Some(char) = self.peek() {
            match char {
                '\'' | '"' => {
                    self.quoted(char)?;
                    continue;
                }
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            let end = self.position;
            self.advance(char);
            if depth == 0 {
                return Ok(Self { text: self.text, position: start, end });
            }
        }
        Err(ParseError::unclosed(open, "a ) that closes this bracket"))
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.position..self.end)?.chars().next()
    }

    fn advance(&mut self, char: char) {
        self.position += char.len_utf8();
    }

    fn error(&self, start: usize, expected: &'static str) -> ParseError {
        ParseError::unexpected(self.text, Span::new(start, self.position), expected)
    }

    /// Takes characters as long as `belongs` says so, and returns all from `start` on.
    fn take_while(&mut self, start: usize, belongs: impl Fn(char) -> bool) -> &'a str {
        while let Some(char) = self.peek().filter(|char| belongs(*char)) {
            self.advance(char);
        }
        self.text.get(start..self.position).unwrap_or_default()
    }

    fn skip_blank(&mut self) -> Result<(), ParseError> {
        loop {
            let start = self.position;
            self.take_while(start, |char| matches!(char, ' ' | '\t' | '\n'));
            let start = self.position;
            if self.peek() != Some('/') {
                return Ok(());
            }
            self.advance('/');
            if self.peek() != Some('/') {
                return Err(self.error(start, "a second / for a comment"));
            }
            self.take_while(start, |char| char != '\n');
        }
    }

    fn quoted(&mut self, quote: char) -> Result<Token, ParseError> {
        let start = self.position;
        self.advance(quote);
        let mut text = String::new();
        let mut escaped = false;
        while let Some(char) = self.peek().filter(|char| *char != '\0') {
            self.advance(char);
            if escaped {
                escaped = false;
                match char {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    '\\' | '\'' | '"' => text.push(char),
                    _ => text.extend(['\\', char]),
                }
            } else if char == '\\' {
                escaped = true;
            } else if char == quote {
                return Ok(Token::Text(text));
            } else {
                text.push(char);
            }
        }
        let expected = if quote == '"' { "a closing \" for this text" } else { "a closing ' for this text" };
        Err(ParseError::unclosed(Span::new(start, self.position), expected))
    }

    fn number(&mut self) -> Result<Token, ParseError> {
        let start = self.position;
        if self.peek() == Some('-') {
            self.advance('-');
        }
        self.take_while(start, |char| char.is_ascii_digit());
        if self.peek() == Some('.') {
            self.advance('.');
        }
        let text = self.take_while(start, |char| char.is_ascii_digit());
        let well_formed = text.ends_with(|char: char| char.is_ascii_digit());
        match text.parse::<f64>() {
            Ok(value) if well_formed && value.is_finite() => {
                Ok(Token::Number(Number { value, text: text.to_owned() }))
            }
            _ => Err(self.error(start, "a number with digits after the dot")),
        }
    }

    fn identifier(&mut self) -> Result<Token, ParseError> {
        let start = self.position;
        if let Some(first) = self.peek() {
            self.advance(first);
        }
        let name =
            self.take_while(start, |char| char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | ':'));
        if name.ends_with(['.', ':']) || matches!(name, "@" | "_" | "#") {
            return Err(self.error(start, "a name that ends with a letter, digit or underscore"));
        }
        let name = name.to_owned();
        if self.peek() == Some('(') {
            self.advance('(');
            return Ok(Token::Call(name));
        }
        Ok(Token::Identifier(name))
    }

    fn operator(&mut self) -> Token {
        let start = self.position;
        let sign = self.take_while(start, |char| matches!(char, '=' | '?' | '!' | '>' | '<' | '~'));
        let (bare, any) = sign.strip_prefix('?').map_or((sign, false), |bare| (bare, true));
        Operator::from_sign(bare).map_or(Token::Unknown, |operator| Token::Operator(operator, any))
    }

    fn join(&mut self) -> Token {
        let start = self.position;
        match self.take_while(start, |char| matches!(char, '&' | '|')) {
            "&&" => Token::And,
            "||" => Token::Or,
            _ => Token::Unknown,
        }
    }
}
