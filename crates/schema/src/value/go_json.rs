//! JSON text as Go's encoder writes it, which is what clients of PocketBase see: `<`, `>`, `&` and the two Unicode
//! line separators are escaped, floats have the fewest digits, and the keys of an object are sorted.

use std::io::Write as _;

use serde_json::Value;

/// Writes a string with its quotes.
pub fn write_string(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    let mut bytes = text.as_bytes();
    // Almost all bytes of almost all texts stand for themselves.
    while let Some((plain, rest)) = first_escape(bytes).map(|at| bytes.split_at(at)) {
        out.extend_from_slice(plain);
        let (length, written) = match escape_of(rest) {
            Some((length, replacement)) => (length, replacement.as_bytes()),
            None => (1, rest.get(..1).unwrap_or_default()),
        };
        out.extend_from_slice(written);
        bytes = rest.get(length..).unwrap_or_default();
    }
    out.extend_from_slice(bytes);
    out.push(b'"');
}

/// Writes a part of a string in which everything that JSON itself escapes is escaped elsewhere.
pub(crate) fn write_fragment(text: &str, out: &mut Vec<u8>) {
    write_escaped(text.as_bytes(), out, html_escape_of);
}

/// Whether a string stands for itself between its quotes.
pub(crate) fn is_plain(text: &str) -> bool {
    first_escape(text.as_bytes()).is_none()
}

/// A string with its quotes.
pub fn string(text: &str) -> String {
    let mut out = Vec::new();
    write_string(text, &mut out);
    into_string(out)
}

/// Writes a float: `5`, `0.000001`, `1e-7`, `1e+21`. What is not finite has no JSON form and becomes 0.
pub fn write_f64(number: f64, out: &mut Vec<u8>) {
    if !number.is_finite() {
        out.push(b'0');
        return;
    }
    let magnitude = number.abs();
    // Most numbers are whole, and those that are not large are quickly written as integers.
    #[expect(clippy::cast_possible_truncation, reason = "it is a whole number that an integer holds")]
    if magnitude <= LARGEST_EXACT && number.fract() == 0.0 && (number != 0.0 || number.is_sign_positive()) {
        return write_integer(number as i64, out);
    }
    // Writing to a vector cannot fail.
    let _ = if magnitude == 0.0 || (1e-6..1e21).contains(&magnitude) {
        write!(out, "{number}")
    } else {
        let scientific = format!("{number:e}");
        match scientific.split_once('e') {
            Some((mantissa, exponent)) if !exponent.starts_with('-') => write!(out, "{mantissa}e+{exponent}"),
            _ => write!(out, "{scientific}"),
        }
    };
}

/// Writes an integer.
pub fn write_integer(integer: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(integer).as_bytes());
}

/// Writes a JSON text that is embedded as it is, apart from white space and the escapes of this format.
///
/// The text must be well-formed JSON.
pub fn write_compact(json: &str, out: &mut Vec<u8>) {
    let mut in_string = false;
    let mut escaped = false;
    out.reserve(json.len());
    write_escaped(json.as_bytes(), out, |bytes| {
        let &byte = bytes.first()?;
        if !in_string {
            in_string = byte == b'"';
            return matches!(byte, b' ' | b'\t' | b'\r' | b'\n').then_some((1, ""));
        }
        if escaped {
            escaped = false;
            return None;
        }
        match byte {
            b'\\' => escaped = true,
            b'"' => in_string = false,
            _ => return html_escape_of(bytes),
        }
        None
    });
}

/// Writes any JSON value.
pub fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_f64(number.as_f64().unwrap_or_default(), out),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_value(item, out);
            }
            out.push(b']');
        }
        Value::Object(map) => {
            // The map is sorted unless a dependency turns on serde_json's `preserve_order`.
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|&(key, _)| key);
            out.push(b'{');
            for (i, (key, item)) in entries.into_iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_string(key, out);
                out.push(b':');
                write_value(item, out);
            }
            out.push(b'}');
        }
    }
}

/// Any JSON value as text. All numbers go through a float, so large integers lose digits.
pub fn to_go_string(value: &Value) -> String {
    let mut out = Vec::new();
    write_value(value, &mut out);
    into_string(out)
}

/// What the functions of this module wrote, as text.
pub fn into_string(written: Vec<u8>) -> String {
    // Only whole strings and ASCII are written, so nothing is ever replaced.
    String::from_utf8(written).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Copies bytes; where `escape` knows a replacement for the next few bytes, writes that in their place.
fn write_escaped(
    mut bytes: &[u8],
    out: &mut Vec<u8>,
    mut escape: impl FnMut(&[u8]) -> Option<(usize, &'static str)>,
) {
    let mut plain = 0;
    while let Some(rest) = bytes.get(plain..).filter(|rest| !rest.is_empty()) {
        let Some((length, replacement)) = escape(rest) else {
            plain += 1;
            continue;
        };
        out.extend_from_slice(bytes.get(..plain).unwrap_or_default());
        out.extend_from_slice(replacement.as_bytes());
        bytes = rest.get(length..).unwrap_or_default();
        plain = 0;
    }
    out.extend_from_slice(bytes);
}

/// Up to here, floats hold every integer.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// How many bytes are looked at together. The compiler makes a few comparisons of it, each of many bytes at once; of
/// fewer it makes one for each byte.
const TOGETHER: usize = 32;

/// Where the first byte is with which an escape can begin.
fn first_escape(bytes: &[u8]) -> Option<usize> {
    let (chunks, rest) = bytes.as_chunks::<TOGETHER>();
    let plain = chunks.iter().take_while(|&chunk| !has_escape(chunk)).count();
    let rest = match chunks.get(plain) {
        Some(chunk) => chunk,
        None => rest,
    };
    if plain == chunks.len() {
        let mut padded = [b' '; TOGETHER];
        if let Some(place) = padded.get_mut(..rest.len()) {
            place.copy_from_slice(rest);
        }
        if !has_escape(&padded) {
            return None;
        }
    }
    rest.iter().position(|&byte| may_be_escaped(byte)).map(|at| plain * TOGETHER + at)
}

/// Whether an escape can begin with one of these bytes. Each is looked at, so that nothing depends on the one before.
fn has_escape(bytes: &[u8; TOGETHER]) -> bool {
    bytes.iter().fold(0, |found, &byte| found | u8::from(may_be_escaped(byte))) != 0
}

/// Whether an escape can begin with this byte.
#[inline]
fn may_be_escaped(byte: u8) -> bool {
    // 0xe2 begins the two line separators.
    (byte < 0x20)
        | (byte == b'"')
        | (byte == b'\\')
        | (byte == b'<')
        | (byte == b'>')
        | (byte == b'&')
        | (byte == 0xe2)
}

/// The escape at the start of `bytes` inside a string, and how many bytes it stands for.
fn escape_of(bytes: &[u8]) -> Option<(usize, &'static str)> {
    let &byte = bytes.first()?;
    let replacement = match byte {
        0x20..0x7f if !matches!(byte, b'"' | b'\\' | b'<' | b'>' | b'&') => return None,
        b'"' => "\\\"",
        b'\\' => "\\\\",
        0x08 => "\\b",
        0x0c => "\\f",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        0..0x20 => CONTROL_ESCAPES.get(usize::from(byte))?,
        _ => return html_escape_of(bytes),
    };
    Some((1, replacement))
}

/// The escapes that keep JSON harmless inside HTML and JavaScript.
fn html_escape_of(bytes: &[u8]) -> Option<(usize, &'static str)> {
    match bytes {
        [b'<', ..] => Some((1, "\\u003c")),
        [b'>', ..] => Some((1, "\\u003e")),
        [b'&', ..] => Some((1, "\\u0026")),
        [0xe2, 0x80, 0xa8, ..] => Some((3, "\\u2028")),
        [0xe2, 0x80, 0xa9, ..] => Some((3, "\\u2029")),
        _ => None,
    }
}

const CONTROL_ESCAPES: [&str; 32] = [
    "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007", "\\u0008",
    "\\u0009", "\\u000a", "\\u000b", "\\u000c", "\\u000d", "\\u000e", "\\u000f", "\\u0010", "\\u0011",
    "\\u0012", "\\u0013", "\\u0014", "\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a",
    "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::value::test_support::any_json;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn strings_are_escaped_for_html() {
        let text = "a\"\\/<>&\u{0}\u{1f}\u{8}\u{c}\n\r\t\u{7f}é\u{2027}\u{2028}\u{2029}";
        let expected =
            "\"a\\\"\\\\/\\u003c\\u003e\\u0026\\u0000\\u001f\\b\\f\\n\\r\\t\u{7f}é\u{2027}\\u2028\\u2029\"";
        assert_eq!(written(|out| write_string(text, out)), expected);
    }

    #[test]
    fn floats_have_the_fewest_digits() {
        for (number, text) in [
            (5.0, "5"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (1.5e-10, "1.5e-10"),
            (123_456_789_012_345_680.0, "123456789012345680"),
            (1e21, "1e+21"),
            (-1.25e100, "-1.25e+100"),
        ] {
            assert_eq!(written(|out| write_f64(number, out)), text);
        }
    }

    #[test]
    fn embedded_json_loses_only_white_space() {
        let raw = " [1.0, 1e3, {\"b\" : \"< \\\" > \u{2028}\", \"a\":[ ]} ]\n";
        let expected = "[1.0,1e3,{\"b\":\"\\u003c \\\" \\u003e \\u2028\",\"a\":[]}]";
        assert_eq!(written(|out| write_compact(raw, out)), expected);
    }

    #[test]
    fn values_have_sorted_keys_and_float_numbers() {
        let value = json!({"b": 1.50, "a": [null, true, 9_007_199_254_740_993_u64], "B": {}});
        assert_eq!(to_go_string(&value), r#"{"B":{},"a":[null,true,9007199254740992],"b":1.5}"#);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_equal(value in any_json()) {
            let text = to_go_string(&value);
            let read: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(to_go_string(&read), text.clone());
            prop_assert_eq!(written(|out| write_compact(&text, out)), text);
        }

        #[test]
        fn strings_read_back_equal(text in ".*") {
            let read: String = serde_json::from_str(&written(|out| write_string(&text, out))).unwrap();
            prop_assert_eq!(read, text);
        }

        #[test]
        fn plain_parts_are_no_different_from_the_rest(parts in proptest::collection::vec("[ -~]{0,40}|.", 0..8)) {
            let text = parts.concat();
            let mut expected = vec![b'"'];
            write_escaped(text.as_bytes(), &mut expected, escape_of);
            expected.push(b'"');
            prop_assert_eq!(written(|out| write_string(&text, out)).into_bytes(), expected.clone());
            prop_assert_eq!(is_plain(&text), text.bytes().all(|byte| !may_be_escaped(byte)));
        }

        #[test]
        fn whole_numbers_are_written_as_any_other(number in any::<i64>(), scale in 0..12) {
            let number = (number >> (scale * 5)) as f64;
            prop_assert_eq!(written(|out| write_f64(number, out)), number.to_string());
        }

        #[test]
        fn floats_read_back_equal(number in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL) {
            let text = written(|out| write_f64(number, out));
            prop_assert_eq!(text.parse::<f64>().unwrap(), number);
        }
    }
}
