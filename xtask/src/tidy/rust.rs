//! Rust text taken apart into code, comments and literals, without parsing it.

/// The three channels of a Rust file. Each is as long as the file: what belongs to another channel is blank, so
/// line numbers and offsets agree.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// Code without comments and without the content of literals.
    pub(super) code: String,
    pub(super) comments: String,
    /// The content of string and character literals, with their quotes.
    pub(super) literals: String,
    /// The lines (counted from 1) that only tests use.
    test_lines: Vec<std::ops::RangeInclusive<usize>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Channel {
    Code,
    Comment,
    Literal,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let mut source = Self::default();
        let mut rest = text;
        let mut after_word = false;
        while !rest.is_empty() {
            let (channel, length) = next(rest, after_word);
            let (piece, tail) = rest.split_at(length);
            source.push(channel, piece);
            after_word = channel == Channel::Code && piece.ends_with(is_word);
            rest = tail;
        }
        source.test_lines =
            if is_test_file(path) { vec![1..=usize::MAX] } else { test_modules(&source.code) };
        source
    }

    /// Whether only tests use this line.
    pub(super) fn is_test(&self, line: usize) -> bool {
        self.test_lines.iter().any(|lines| lines.contains(&line))
    }

    fn push(&mut self, channel: Channel, piece: &str) {
        let blank: String = piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        let targets = [
            (Channel::Code, &mut self.code),
            (Channel::Comment, &mut self.comments),
            (Channel::Literal, &mut self.literals),
        ];
        for (of, target) in targets {
            target.push_str(if of == channel { piece } else { &blank });
        }
    }
}

/// The lines of a text with their numbers, counted from 1.
pub(super) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split('\n').enumerate().map(|(index, line)| (index + 1, line))
}

/// The number of the line in which an offset lies, counted from 1.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

/// The offset of the bracket that closes the one at `open`.
pub(super) fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(offset);
                }
            }
            _ => {}
        }
    }
    None
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Whether a file holds nothing but tests, by its name or folder.
pub(super) fn is_test_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|part| part == "tests" || part == "benches")
        || name == "tests.rs"
        || name.ends_with("_tests.rs")
}

/// The channel and the length in bytes of what comes next.
fn next(rest: &str, after_word: bool) -> (Channel, usize) {
    if rest.starts_with("//") {
        return (Channel::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Channel::Comment, block_comment(rest));
    }
    if rest.starts_with('"') {
        return (Channel::Literal, quoted(rest, '"'));
    }
    if rest.starts_with('\'') {
        return character(rest);
    }
    if !after_word && let Some(length) = raw_string(rest) {
        return (Channel::Literal, length);
    }
    (Channel::Code, rest.chars().next().map_or(1, char::len_utf8))
}

/// The length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut previous = ' ';
    for (offset, c) in rest.char_indices() {
        match (previous, c) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth = depth.saturating_sub(1),
            _ => {
                previous = c;
                continue;
            }
        }
        if depth == 0 {
            return offset + 1;
        }
        // A character that ended one delimiter does not begin another.
        previous = ' ';
    }
    rest.len()
}

/// The length of a literal in plain quotes.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (offset, c) in rest.char_indices().skip(1) {
        if c == quote && !escaped {
            return offset + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

/// A quote begins a character, or a lifetime.
fn character(rest: &str) -> (Channel, usize) {
    let mut chars = rest.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => (Channel::Literal, quoted(rest, '\'')),
        _ => (Channel::Code, 1),
    }
}

/// The length of a raw string, if one begins here.
fn raw_string(rest: &str) -> Option<usize> {
    let after =
        rest.strip_prefix("br").or_else(|| rest.strip_prefix("cr")).or_else(|| rest.strip_prefix('r'))?;
    let body = after.trim_start_matches('#');
    let hashes = after.len() - body.len();
    let body = body.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let opening = rest.len() - body.len();
    Some(body.find(&end).map_or(rest.len(), |at| opening + at + end.len()))
}

/// The lines of the items that are compiled for tests only.
fn test_modules(code: &str) -> Vec<std::ops::RangeInclusive<usize>> {
    let attribute = "#[cfg(test)]";
    code.match_indices(attribute)
        .filter_map(|(start, _)| {
            let after = start + attribute.len();
            let open = after + code.get(after..)?.find(['{', ';'])?;
            // `mod tests;` is a file of its own.
            let end = if code.get(open..)?.starts_with(';') { open } else { closing(code, open)? };
            Some(line_of(code, start)..=line_of(code, end))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("src/lib.rs", text)
    }

    fn words(channel: &str) -> Vec<&str> {
        channel.split_whitespace().collect()
    }

    #[test]
    fn comments_strings_and_code_are_told_apart() {
        let source = source("a /* b /* c */ d */ \"e // f\" // g \"h\"\nlet x = 'y'; 'life: z");
        assert_eq!(words(&source.code), ["a", "let", "x", "=", ";", "'life:", "z"]);
        assert_eq!(words(&source.comments), ["/*", "b", "/*", "c", "*/", "d", "*/", "//", "g", "\"h\""]);
        assert_eq!(words(&source.literals), ["\"e", "//", "f\"", "'y'"]);
    }

    #[test]
    fn escapes_and_raw_strings_end_where_they_end() {
        let source =
            source(r####"one("\"\\"); two(r#"a " b"#); three('\''); four(br"\"); bar"5" for_"6""####);
        assert_eq!(
            words(&source.code),
            ["one(", ");", "two(", ");", "three(", ");", "four(", ");", "bar", "for_"]
        );
    }

    #[test]
    fn channels_keep_lines_and_offsets() {
        let text = "// 注释\nfn a() {} /* \n */ \"字\n\"\n";
        let source = source(text);
        for channel in [&source.code, &source.comments, &source.literals] {
            assert_eq!(channel.len(), text.len());
            assert_eq!(channel.matches('\n').count(), text.matches('\n').count());
        }
    }

    #[test]
    fn test_code_is_known_by_attribute_and_by_file() {
        let inline = source("fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n");
        let lines: Vec<_> = (1..=6).filter(|line| inline.is_test(*line)).collect();
        assert_eq!(lines, [2, 3, 4, 5]);
        let declared = source("#[cfg(test)]\nmod tests;\nfn a() {}\n");
        assert!(!declared.is_test(3));
        assert!(Source::new("crates/a/tests/b.rs", "").is_test(7));
        assert!(Source::new("crates/a/src/tests.rs", "").is_test(7));
    }
}
