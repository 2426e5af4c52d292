//! JSON text in the spelling that PocketBase's clients and databases know.
//!
//! `<`, `>`, `&`, U+2028 and U+2029 are escaped inside strings, and a number has its shortest form without a
//! fraction where it needs none (`1`, not `1.0`).

use std::io::{Result, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

/// The JSON text of a value. Struct keys come in their order, the keys of maps as the map sorts them.
///
/// # Errors
/// When a `Serialize` implementation fails or a map has keys that are not strings.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Compact))?;
    String::from_utf8(bytes).map_err(serde::ser::Error::custom)
}

/// The spelling, for a [`serde_json::Serializer`] of one's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compact;

impl Formatter for Compact {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> Result<()> {
        let mut rest = fragment;
        while let Some((plain, escaped, tail)) = split_at_escaped(rest) {
            writer.write_all(plain.as_bytes())?;
            write!(writer, "\\u{:04x}", u32::from(escaped))?;
            rest = tail;
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_f64<W: Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> Result<()> {
        writer.write_all(number_text(value).as_bytes())
    }
}

/// The first character that is escaped here although JSON does not ask for it, with what is before and after.
fn split_at_escaped(text: &str) -> Option<(&str, char, &str)> {
    let (at, escaped) =
        text.char_indices().find(|(_, c)| matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}'))?;
    let plain = text.get(..at)?;
    let tail = text.get(at + escaped.len_utf8()..)?;
    Some((plain, escaped, tail))
}

/// The shortest text that reads back as this number; an exponent below 1e-6 and from 1e21 on.
pub fn number_text(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return value.to_string();
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn html_characters_and_line_separators_are_escaped() {
        let text = to_string("<a href=\"x\">&\u{2028}\u{2029}é\u{7f}\n\u{1}</a>").unwrap();
        let expected = concat!(
            r#""\u003ca href=\"x\"\u003e\u0026\u2028\u2029"#,
            "é\u{7f}",
            r#"\n\u0001\u003c/a\u003e""#
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn numbers_have_their_shortest_form() {
        let cases = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-2.5, "-2.5"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-1.25e300, "-1.25e+300"),
        ];
        for (value, expected) in cases {
            assert_eq!(number_text(value), expected);
        }
        assert_eq!(to_string(&json!({"b": 1.0, "a": [2, null]})).unwrap(), r#"{"a":[2,null],"b":1}"#);
    }
}
