//! JSON text in the spelling that PocketBase's clients and databases know.
//!
//! `<`, `>`, `&`, U+2028 and U+2029 are escaped inside strings, and a number has its shortest form without a
//! fraction where it needs none (`1`, not `1.0`).

use std::io::{Result, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::value::go_json;

/// How many bytes a text usually has at most.
const USUAL_SIZE: usize = 512;

/// The JSON text of a value. Struct keys come in their order, the keys of maps as the map sorts them.
///
/// # Errors
/// When a `Serialize` implementation fails or a map has keys that are not strings.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let mut bytes = Vec::with_capacity(USUAL_SIZE);
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, Compact))?;
    String::from_utf8(bytes).map_err(serde::ser::Error::custom)
}

/// The spelling, for a [`serde_json::Serializer`] of one's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compact;

impl Formatter for Compact {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> Result<()> {
        if go_json::is_plain(fragment) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut escaped = Vec::with_capacity(fragment.len());
        go_json::write_fragment(fragment, &mut escaped);
        writer.write_all(&escaped)
    }

    fn write_f64<W: Write + ?Sized>(&mut self, writer: &mut W, value: f64) -> Result<()> {
        let mut digits = Vec::new();
        go_json::write_f64(value, &mut digits);
        writer.write_all(&digits)
    }
}

/// The same spelling with a line for each key, and two spaces for each level.
#[derive(Debug, Clone, Default)]
pub(crate) struct Indented<'a>(PrettyFormatter<'a>);

impl Formatter for Indented<'_> {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> Result<()> {
        Compact.write_string_fragment(writer, fragment)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        self.0.end_object_value(writer)
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
        let value = json!({"b": [1.0, -2.5, 1.5e-7, 1e21], "a": [2, null]});
        assert_eq!(to_string(&value).unwrap(), r#"{"a":[2,null],"b":[1,-2.5,1.5e-7,1e+21]}"#);
    }
}
