use serde::Deserialize;
use serde_json::{Map, Number, Value};

use super::Error;

/// The integers up to here are exact as floating point numbers.
const MAX_EXACT: u64 = 1 << 53;

/// How much structure a text may have: brackets, colons and commas. Parsed, `{"":0},` takes a hundred times the memory
/// of its seven bytes, so that the size of a text alone does not bound what it costs.
const MAX_STRUCTURE: usize = 1 << 19;

/// The first JSON value of a text, an object; null is an empty one. What follows it is not looked at.
pub(super) fn first_object(text: &[u8]) -> Result<Map<String, Value>, Error> {
    check_structure(text)?;
    object(&mut serde_json::Deserializer::from_slice(text)).or_else(|error| {
        // A text that was cut within a character is not lost: the broken one is replaced.
        let repaired = without_lone_surrogates(&String::from_utf8_lossy(text));
        if repaired.as_bytes() == text {
            return Err(error);
        }
        object(&mut serde_json::Deserializer::from_str(&repaired))
    })
}

/// A text that is one JSON object; `None` for null.
pub(super) fn whole_object(text: &str) -> Result<Option<Map<String, Value>>, Error> {
    check_structure(text.as_bytes())?;
    let value: Option<Map<String, Value>> = serde_json::from_str(text).map_err(Error::malformed)?;
    Ok(value.map(canonical))
}

/// Whether a JSON text has so little structure that it may be parsed into values.
///
/// # Errors
/// [`Error::TooLarge`]
pub fn check_structure(text: &[u8]) -> Result<(), Error> {
    if structure(text).nth(MAX_STRUCTURE).is_some() { Err(Error::TooLarge) } else { Ok(()) }
}

/// The bytes outside of strings that open something or separate it from the next.
fn structure(text: &[u8]) -> impl Iterator<Item = u8> {
    let (mut quoted, mut escaped) = (false, false);
    text.iter().copied().filter(move |byte| {
        let is_escaped = std::mem::take(&mut escaped);
        match byte {
            b'"' if !is_escaped => quoted = !quoted,
            b'\\' if quoted => escaped = !is_escaped,
            b'{' | b'[' | b':' | b',' => return !quoted,
            _ => {}
        }
        false
    })
}

fn object<'de, R: serde_json::de::Read<'de>>(
    reader: &mut serde_json::Deserializer<R>,
) -> Result<Map<String, Value>, Error> {
    let value = Option::<Map<String, Value>>::deserialize(reader).map_err(Error::malformed)?;
    Ok(canonical(value.unwrap_or_default()))
}

/// Numbers as PocketBase sees them: all go through floating point, and whole ones are integers.
fn canonical(object: Map<String, Value>) -> Map<String, Value> {
    object.into_iter().map(|(name, value)| (name, canonical_value(value))).collect()
}

fn canonical_value(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Number(number), number_value),
        Value::Array(items) => items.into_iter().map(canonical_value).collect(),
        Value::Object(object) => Value::Object(canonical(object)),
        other => other,
    }
}

/// A number, as an integer where it is one exactly.
#[expect(clippy::cast_possible_truncation, reason = "only integers that fit come here")]
pub(super) fn number_value(number: f64) -> Value {
    let is_integer = number.fract() == 0.0 && number.abs() <= MAX_EXACT as f64;
    if is_integer && !(number == 0.0 && number.is_sign_negative()) {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// Replaces escaped halves of surrogate pairs that have no other half by U+FFFD.
fn without_lone_surrogates(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        result.push_str(before);
        let (escape, tail) = match (code_unit(after), after.get(5..).and_then(|tail| tail.strip_prefix('\\')))
        {
            (Some(0xd800..=0xdbff), Some(next)) if matches!(code_unit(next), Some(0xdc00..=0xdfff)) => {
                (after.get(..11), after.get(11..))
            }
            (Some(0xd800..=0xdfff), _) => (Some("ufffd"), after.get(5..)),
            _ => {
                let length = after.chars().next().map_or(0, char::len_utf8);
                (after.get(..length), after.get(length..))
            }
        };
        result.push('\\');
        result.push_str(escape.unwrap_or_default());
        rest = tail.unwrap_or_default();
    }
    result.push_str(rest);
    result
}

/// The number of an escape like `u00e9`, whose backslash is gone already.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        u16::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: impl AsRef<[u8]>) -> Option<Value> {
        first_object(text.as_ref()).ok().map(Value::Object)
    }

    #[test]
    fn only_the_first_value_is_read() {
        assert_eq!(read(r#"{"a":1} trailing"#), Some(json!({"a": 1})));
        assert_eq!(read(r#"{"a":1}{"b":2}"#), Some(json!({"a": 1})));
        assert_eq!(read("null"), Some(json!({})));
        for text in ["", "  ", "{", "[]", "1", "\"a\"", "{\"a\":}", "{'a':1}", "nul", "{\"a\":1e999}"] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn structure_is_bounded_and_text_is_not() {
        let count = |text: &str| structure(text.as_bytes()).count();
        assert_eq!(count(r#"{"a,:[{":["\\","\",",{}]}"#), 6);
        let list = |items: usize| format!(r#"{{"a":[{}0]}}"#, "0,".repeat(items));
        assert!(read(list(MAX_STRUCTURE - 3)).is_some());
        assert!(matches!(first_object(list(MAX_STRUCTURE - 2).as_bytes()), Err(Error::TooLarge)));
        assert!(matches!(whole_object(&list(MAX_STRUCTURE - 2)), Err(Error::TooLarge)));
        assert!(read(format!(r#"{{"a":"{}"}}"#, ",".repeat(MAX_STRUCTURE * 2))).is_some());
    }

    #[test]
    fn numbers_go_through_floating_point() {
        let text = r#"{"a":1.0,"b":[9007199254740993,-2.5],"c":{"d":12345678901234567890},"e":-0.0,"f":1e3}"#;
        let expected =
            r#"{"a":1,"b":[9007199254740992,-2.5],"c":{"d":12345678901234567000},"e":-0,"f":1000}"#;
        assert_eq!(schema::json::to_string(&read(text).unwrap()).unwrap(), expected);
    }

    #[test]
    fn broken_characters_are_replaced() {
        let cases: [(&[u8], &str); 7] = [
            (br#"{"a":"\ud83d"}"#, "\u{fffd}"),
            (br#"{"a":"x\udc00y"}"#, "x\u{fffd}y"),
            (br#"{"a":"\ud83d\ud83d\ude00"}"#, "\u{fffd}\u{1f600}"),
            (br#"{"a":"\ud83d\u0041"}"#, "\u{fffd}A"),
            (br#"{"a":"\\ud83d \ud83d"}"#, "\\ud83d \u{fffd}"),
            (b"{\"a\":\"\xff\"}", "\u{fffd}"),
            (b"{\"a\":\"\\\xe5\\ud800\"}", ""),
        ];
        for (text, expected) in cases {
            let value = read(text).and_then(|value| Some(value.get("a")?.as_str()?.to_owned()));
            assert_eq!(value.unwrap_or_default(), expected);
        }
    }
}
