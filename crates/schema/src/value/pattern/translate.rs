//! Go's syntax into that of the `regex` crate.

use super::PatternError;
use super::source::{INVALID_RANGE, Source};

/// The greatest number in a counted repetition, and the greatest product of those within one another.
const MAX_REPEAT: u32 = 1000;

/// The names between `[:` and `:]`.
const POSIX_CLASSES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

const MISSING_ARGUMENT: &str = "missing argument to repetition operator";
const INVALID_NESTING: &str = "invalid nested repetition operator";
const INVALID_COUNT: &str = "invalid repeat count";
const INVALID_FLAGS: &str = "invalid or unsupported Perl syntax";
const INVALID_NAME: &str = "invalid named capture";

/// A pattern that matches the same texts.
pub(super) fn translate(pattern: &str) -> Result<String, PatternError> {
    let mut translator = Translator {
        source: Source { rest: pattern },
        out: String::with_capacity(pattern.len() * 2),
        open: Vec::new(),
        copies: 1,
        atom: None,
        last_repeat: None,
    };
    while let Some(next) = translator.source.peek() {
        let start = translator.source.rest;
        let repeats = translator.step(next, pattern)?;
        translator.last_repeat = repeats.then_some(start);
    }
    if translator.open.is_empty() {
        Ok(translator.out)
    } else {
        Err(PatternError::new("missing closing )", pattern))
    }
}

struct Translator<'a> {
    source: Source<'a>,
    out: String,
    /// For each group that is open, the greatest number of copies in what comes before it in the group around.
    open: Vec<u32>,
    /// The greatest number of copies that counted repetitions make of anything in the group so far.
    copies: u32,
    /// The same for the part that a repetition operator would repeat; `None` when there is no such part.
    atom: Option<u32>,
    /// Where the repetition operator starts that was read last; `None` when something else was.
    last_repeat: Option<&'a str>,
}

impl<'a> Translator<'a> {
    /// Translates the next part, which starts with `next`. Tells whether it was a repetition operator.
    fn step(&mut self, next: char, pattern: &str) -> Result<bool, PatternError> {
        match next {
            '*' | '+' | '?' => {
                let start = self.source.rest;
                self.source.next();
                self.repeat(start, 1)?;
                return Ok(true);
            }
            '{' => return self.counted_repeat(),
            '(' => self.open_group()?,
            ')' => {
                self.source.next();
                self.end_atom();
                let Some(before) = self.open.pop() else {
                    return Err(PatternError::new("unexpected )", pattern));
                };
                self.out.push(')');
                self.atom = Some(self.copies);
                self.copies = before;
            }
            '|' => {
                self.source.next();
                self.end_atom();
                self.out.push('|');
            }
            '[' => self.class()?,
            '\\' => self.escape()?,
            '.' | '^' | '$' => {
                self.source.next();
                self.begin_atom();
                self.out.push(next);
            }
            literal => {
                self.source.next();
                self.literal(literal);
            }
        }
        Ok(false)
    }

    fn begin_atom(&mut self) {
        self.end_atom();
        self.atom = Some(1);
    }

    fn end_atom(&mut self) {
        self.copies = self.copies.max(self.atom.take().unwrap_or(1));
    }

    fn literal(&mut self, literal: char) {
        self.begin_atom();
        self.push_char(literal);
    }

    fn push_char(&mut self, c: char) {
        self.out.push_str(&format!(r"\x{{{:x}}}", u32::from(c)));
    }

    /// A repetition operator that has been taken since `start`; it makes this many copies.
    fn repeat(&mut self, start: &'a str, copies: u32) -> Result<(), PatternError> {
        let operator = self.source.since(start);
        self.source.take("?");
        if let Some(last) = self.last_repeat {
            return Err(PatternError::new(INVALID_NESTING, self.source.since(last)));
        }
        let whole = self.source.since(start);
        let Some(atom) = self.atom else { return Err(PatternError::new(MISSING_ARGUMENT, whole)) };
        let product = atom.saturating_mul(copies);
        if copies > 1 && product > MAX_REPEAT {
            return Err(PatternError::new(INVALID_COUNT, whole));
        }
        self.atom = Some(product.max(1));
        // Greed decides where a match ends, but not whether there is one.
        self.out.push_str(operator);
        Ok(())
    }

    /// `{2}`, `{2,}` or `{2,3}`; anything else that starts with a brace is literal.
    fn counted_repeat(&mut self) -> Result<bool, PatternError> {
        let start = self.source.rest;
        let Some((min, max, after)) = parse_count(start) else {
            self.source.next();
            self.literal('{');
            return Ok(false);
        };
        self.source.rest = after;
        let in_range = |count: u32| count <= MAX_REPEAT;
        if !in_range(min) || max.is_some_and(|max| !in_range(max) || max < min) {
            return Err(PatternError::new(INVALID_COUNT, self.source.since(start)));
        }
        self.repeat(start, max.unwrap_or(min))?;
        Ok(true)
    }

    /// A group, or flags for the rest of the group.
    fn open_group(&mut self) -> Result<(), PatternError> {
        let start = self.source.rest;
        self.source.take("(");
        let opening = if !self.source.take("?") {
            "(?:".to_owned()
        } else if self.source.take("P<") || self.source.take("<") {
            // Nobody asks for the groups, so they need no names.
            let name = self.source.rest.split_once('>');
            let Some((name, rest)) = name else { return Err(PatternError::new(INVALID_NAME, start)) };
            self.source.rest = rest;
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
                return Err(PatternError::new(INVALID_NAME, self.source.since(start)));
            }
            "(?:".to_owned()
        } else {
            self.flags(start)?
        };
        self.out.push_str(&opening);
        if opening.ends_with(':') {
            self.end_atom();
            self.open.push(self.copies);
            self.copies = 1;
        }
        Ok(())
    }

    /// The flags after `(?`, up to the colon or parenthesis that ends them.
    fn flags(&mut self, start: &'a str) -> Result<String, PatternError> {
        let mut on = String::new();
        let mut off: Option<String> = None;
        let end = loop {
            let next = self.source.next();
            let flags = off.as_mut().unwrap_or(&mut on);
            match next {
                Some(flag @ ('i' | 'm' | 's' | 'U')) if flags.contains(flag) => {}
                Some(flag @ ('i' | 'm' | 's' | 'U')) => flags.push(flag),
                Some('-') if off.is_none() => off = Some(String::new()),
                Some(end @ (':' | ')')) if off.as_ref().is_none_or(|off| !off.is_empty()) => break end,
                _ => return Err(PatternError::new(INVALID_FLAGS, self.source.since(start))),
            }
        };
        let off = off.unwrap_or_default();
        on.retain(|flag| !off.contains(flag));
        let minus = if off.is_empty() { "" } else { "-" };
        let none = end == ')' && on.is_empty() && off.is_empty();
        Ok(if none { String::new() } else { format!("(?{on}{minus}{off}{end}") })
    }

    /// An escape outside of brackets.
    fn escape(&mut self) -> Result<(), PatternError> {
        if self.source.take(r"\Q") {
            let (quoted, rest) = self.source.rest.split_once(r"\E").unwrap_or((self.source.rest, ""));
            quoted.chars().for_each(|c| self.literal(c));
            self.source.rest = rest;
            return Ok(());
        }
        let assertions = [(r"\A", r"\A"), (r"\z", r"\z"), (r"\b", r"(?-u:\b)"), (r"\B", r"(?-u:\B)")];
        if let Some((_, assertion)) = assertions.iter().find(|(escape, _)| self.source.take(escape)) {
            self.begin_atom();
            self.out.push_str(assertion);
        } else if let Some((negated, items)) = self.source.perl_class() {
            self.begin_atom();
            self.out.push_str(&format!("[{}{items}]", if negated { "^" } else { "" }));
        } else if let Some(class) = self.source.unicode_class()? {
            self.begin_atom();
            self.out.push_str(&class);
        } else {
            let escaped = self.source.escape()?;
            self.literal(escaped);
        }
        Ok(())
    }

    /// A class in brackets.
    fn class(&mut self) -> Result<(), PatternError> {
        let start = self.source.rest;
        self.source.take("[");
        self.begin_atom();
        self.out.push('[');
        if self.source.take("^") {
            self.out.push('^');
        }
        // A bracket that comes first is an item.
        let mut first = true;
        while first || !self.source.take("]") {
            first = false;
            if self.posix_class()? {
                continue;
            }
            if let Some(class) = self.source.unicode_class()? {
                self.out.push_str(&class);
            } else if let Some((negated, items)) = self.source.perl_class() {
                self.out.push_str(&format!("[{}{items}]", if negated { "^" } else { "" }));
            } else {
                self.range(start)?;
            }
        }
        self.out.push(']');
        Ok(())
    }

    /// `[:alpha:]` or `[:^alpha:]`, if that comes next.
    fn posix_class(&mut self) -> Result<bool, PatternError> {
        let start = self.source.rest;
        let Some((name, rest)) = start.strip_prefix("[:").and_then(|rest| rest.split_once(":]")) else {
            return Ok(false);
        };
        self.source.rest = rest;
        let class = self.source.since(start);
        if !POSIX_CLASSES.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return Err(PatternError::new(INVALID_RANGE, class));
        }
        self.out.push_str(class);
        Ok(true)
    }

    /// A character, or two with a dash between, in the class that starts at `class`.
    fn range(&mut self, class: &'a str) -> Result<(), PatternError> {
        let start = self.source.rest;
        let first = self.class_char(class)?;
        let mut last = first;
        if self.source.rest.starts_with('-')
            && self.source.rest.len() > 1
            && !self.source.rest.starts_with("-]")
        {
            self.source.take("-");
            last = self.class_char(class)?;
        }
        if last < first {
            return Err(PatternError::new(INVALID_RANGE, self.source.since(start)));
        }
        self.push_char(first);
        self.out.push('-');
        self.push_char(last);
        Ok(())
    }

    fn class_char(&mut self, class: &'a str) -> Result<char, PatternError> {
        match self.source.peek() {
            None => Err(PatternError::new("missing closing ]", class)),
            Some('\\') => self.source.escape(),
            Some(c) => {
                self.source.next();
                Ok(c)
            }
        }
    }
}

/// The least and the greatest count in braces, and what follows. Numbers that are far too great are `u32::MAX`.
fn parse_count(text: &str) -> Option<(u32, Option<u32>, &str)> {
    let (counts, after) = text.strip_prefix('{')?.split_once('}')?;
    let number = |digits: &str| {
        let leading_zero = digits.len() > 1 && digits.starts_with('0');
        let plain = !digits.is_empty() && !leading_zero && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    match counts.split_once(',') {
        None => number(counts).map(|count| (count, Some(count), after)),
        Some((min, "")) => number(min).map(|min| (min, None, after)),
        Some((min, max)) => Some((number(min)?, Some(number(max)?), after)),
    }
}
