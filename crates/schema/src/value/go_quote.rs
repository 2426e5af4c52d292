use std::fmt::Write as _;
use std::sync::LazyLock;

use regex_syntax::hir::{Class, HirKind};

/// A text in double quotes with the escapes of a Go string literal (`%q`).
///
/// It is the JSON form for most texts, but not for all: other control characters than `\b \f \n \r \t` and
/// unprintable characters outside the basic plane get escapes that JSON does not know.
pub fn go_quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{07}' => quoted.push_str("\\a"),
            '\u{08}' => quoted.push_str("\\b"),
            '\u{0b}' => quoted.push_str("\\v"),
            '\u{0c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if is_printable(c) => quoted.push(c),
            c => push_code(&mut quoted, c),
        }
    }
    quoted.push('"');
    quoted
}

fn push_code(quoted: &mut String, c: char) {
    let code = u32::from(c);
    // Writing to a string cannot fail.
    let _ = match code {
        0..0x20 | 0x7f => write!(quoted, "\\x{code:02x}"),
        0x20..0x1_0000 => write!(quoted, "\\u{code:04x}"),
        _ => write!(quoted, "\\U{code:08x}"),
    };
}

/// Letters, marks, numbers, punctuation, symbols and the ASCII space.
fn is_printable(c: char) -> bool {
    static RANGES: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
        let class =
            regex_syntax::parse(r"[\p{L}\p{M}\p{N}\p{P}\p{S}]").map(regex_syntax::hir::Hir::into_kind);
        match class {
            Ok(HirKind::Class(Class::Unicode(class))) => class.iter().map(|r| (r.start(), r.end())).collect(),
            _ => Vec::new(),
        }
    });
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    let next = RANGES.partition_point(|&(start, _)| start <= c);
    next.checked_sub(1).and_then(|i| RANGES.get(i)).is_some_and(|&(_, end)| c <= end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_like_go() {
        for (text, quoted) in [
            ("a\"b\\", r#""a\"b\\""#),
            ("<é\u{2028}>", "\"<é\\u2028>\""),
            ("\u{0}\u{7}\u{b}\u{7f}\n", r#""\x00\a\v\x7f\n""#),
            ("\u{ad}\u{a0}", r#""\u00ad\u00a0""#),
            ("\u{e0001}\u{1f600}", "\"\\U000e0001\u{1f600}\""),
        ] {
            assert_eq!(go_quote(text), quoted);
        }
    }
}
