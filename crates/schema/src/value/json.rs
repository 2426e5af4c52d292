use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde_json::Value as JsonValue;

use super::{go_float, go_json, go_quote::go_quote};
use crate::error::FieldError;
use crate::field::JsonOptions;

/// The value of a JSON field that was never set.
pub(super) const NULL: &str = "null";

/// A number that is too great for 64 bits, as a column holds it. Clients read `"+Inf"`.
const INFINITE: &str = "9e999";

/// A number that is too small for 64 bits, as a column holds it. Clients read `"-Inf"`.
const MINUS_INFINITE: &str = "-9e999";

/// The greatest number of bytes when the field sets none.
const DEFAULT_MAX_SIZE: i64 = 1 << 20;

/// The JSON text of any input. A string is read by [`from_text`], everything else is written anew.
pub(super) fn from_json(input: &JsonValue) -> String {
    match input {
        JsonValue::String(text) => from_text(text),
        other => go_json::to_go_string(other),
    }
}

/// The JSON text that a string stands for, so that forms can send JSON: a string that is JSON itself stays as it
/// is, every other string is quoted. The quotes are Go's, so the result may not be JSON (see [`go_quote`]).
pub(super) fn from_text(text: &str) -> String {
    if is_json_text(text) { text.to_owned() } else { go_quote(text) }
}

/// The JSON text of the content of a column. Other than input, content that is no JSON always gives well-formed JSON.
pub(super) fn from_stored(text: &str) -> String {
    match text {
        INFINITE => r#""+Inf""#.to_owned(),
        MINUS_INFINITE => r#""-Inf""#.to_owned(),
        _ if is_json_text(text) => text.to_owned(),
        _ => go_json::string(text),
    }
}

/// How a column holds a JSON text. A number that is the whole text has the form in which SQLite's column gives it back,
/// so that it is the same on every database: whole numbers of 64 bits without a fraction, others as 64-bit floats.
pub(super) fn to_stored(json: &str) -> Cow<'_, str> {
    let number = json.trim_end();
    if !number.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return Cow::Borrowed(json);
    }
    if let Ok(whole) = number.parse::<i64>() {
        return Cow::Owned(whole.to_string());
    }
    number.parse().map_or(Cow::Borrowed(json), |real| Cow::Owned(real_to_stored(real)))
}

/// How a column of JSON holds a float.
pub(super) fn real_to_stored(real: f64) -> String {
    // SQLite keeps the first and the last whole number as floats.
    const WHOLE: f64 = 9_223_372_036_854_775_807.0;
    if real.is_infinite() {
        if real > 0.0 { INFINITE.to_owned() } else { MINUS_INFINITE.to_owned() }
    } else if real.fract() == 0.0 && real.abs() < WHOLE {
        (real as i64).to_string()
    } else {
        go_float::format_general(real)
    }
}

/// Whether the content of a column is a number that 64 bits cannot hold.
pub(super) fn is_infinite(text: &str) -> bool {
    matches!(text, INFINITE | MINUS_INFINITE)
}

/// Whether a string is taken for JSON. White space in front makes it a plain string.
pub(super) fn is_json_text(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'0'..=b'9' | b'-' | b'"' | b'[' | b'{') => is_valid(text),
        _ => matches!(text, "null" | "true" | "false"),
    }
}

/// Whether a text is JSON.
pub(super) fn is_valid(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

pub(super) fn validate(options: &JsonOptions, json: &str) -> Result<(), FieldError> {
    let max_size = if options.max_size <= 0 { DEFAULT_MAX_SIZE } else { options.max_size };
    // What was never set has no size.
    let size = if json == NULL { 0 } else { i64::try_from(json.len()).unwrap_or(i64::MAX) };
    if size > max_size {
        let message = format!("The maximum allowed JSON size is {max_size} bytes");
        return Err(FieldError::new("validation_json_size_limit", message).with_param("maxSize", max_size));
    }
    if !is_valid(json) {
        return Err(FieldError::new("validation_invalid_json", "Must be a valid json value"));
    }
    if options.required && matches!(json.trim(), "null" | r#""""# | "[]" | "{}") {
        return Err(FieldError::required());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn strings_that_are_json_stay_as_they_are() {
        for text in ["null", "true", "1.0", "-1e3", r#""a""#, "[1, 2] ", r#"{"b":1, "a":2}"#] {
            assert_eq!(from_json(&json!(text)), text);
        }
    }

    #[test]
    fn other_strings_are_quoted() {
        for (text, expected) in [
            ("", r#""""#),
            ("nil", r#""nil""#),
            (" 1", r#"" 1""#),
            ("[1", r#""[1""#),
            ("01", r#""01""#),
            ("\"", r#""\"""#),
            ("<\u{7}>", r#""<\a>""#),
        ] {
            assert_eq!(from_json(&json!(text)), expected);
        }
    }

    #[test]
    fn other_input_is_written_anew() {
        assert_eq!(from_json(&json!({"b": 1.50, "a": "<"})), r#"{"a":"\u003c","b":1.5}"#);
        assert_eq!(from_json(&json!(null)), "null");
        assert_eq!(from_json(&json!(1e21)), "1e+21");
    }

    #[test]
    fn a_number_has_one_form_in_a_column() {
        for (json, stored) in [
            ("5", "5"),
            ("5.0", "5"),
            ("5.0\n", "5"),
            ("1e3", "1000"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("1.50", "1.5"),
            ("1e-400", "0"),
            ("1E-7", "1e-07"),
            ("1e18", "1000000000000000000"),
            ("9223372036854775807", "9223372036854775807"),
            ("9223372036854775808", "9.223372036854776e+18"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("-9223372036854775808.0", "-9.223372036854776e+18"),
            ("1e21", "1e+21"),
            ("1e400", "9e999"),
            ("-1e400", "-9e999"),
            (r#""-0""#, r#""-0""#),
            ("[1e400, 5.0]", "[1e400, 5.0]"),
        ] {
            assert_eq!(to_stored(json), stored, "{json}");
        }
        assert_eq!(from_stored("9e999"), r#""+Inf""#);
        assert_eq!(from_stored("-9e999"), r#""-Inf""#);
    }

    #[test]
    fn size_comes_before_form_and_form_before_presence() {
        let options = JsonOptions { max_size: 3, required: true };
        let code = |text| validate(&options, text).err().map_or("", |error| error.code);
        assert_eq!(code("[1"), "validation_invalid_json");
        assert_eq!(code("1234"), "validation_json_size_limit");
        assert_eq!(code(r#""\a""#), "validation_json_size_limit");
        assert_eq!(code("null"), "validation_required");
        assert_eq!(code("[] "), "validation_required");
        assert_eq!(code("0"), "");
    }
}
