use std::collections::BTreeMap;

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::{Error, json};

/// The field whose values are JSON objects with fields of their own.
const JSON_PAYLOAD: &str = "@jsonPayload";

/// How many values a text may have: an empty one is a byte of the text, and far more in memory.
const MAX_VALUES: usize = 100_000;

/// The values of a form, by field.
#[derive(Debug, Default)]
pub(super) struct Values(BTreeMap<String, Vec<String>>);

impl Values {
    /// Adds a value to those of a field.
    pub(super) fn add(&mut self, name: String, value: String) {
        self.0.entry(name).or_default().push(value);
    }

    /// Adds the values of `a=1&b=2`. A broken escape and a `;` are errors, as they are to PocketBase.
    pub(super) fn add_urlencoded(&mut self, text: &[u8]) -> Result<(), Error> {
        if !is_whole_pair(text) {
            return Err(Error::malformed("malformed form"));
        }
        if text.iter().filter(|&&byte| byte == b'&').nth(MAX_VALUES).is_some() {
            return Err(Error::TooLarge);
        }
        for (name, value) in form_urlencoded::parse(text) {
            self.add(name.into_owned(), value.into_owned());
        }
        Ok(())
    }

    /// The values as those of a JSON body: a list where a field has more than one. The objects of `@jsonPayload` are
    /// laid over them, and null there takes away what was before it.
    pub(super) fn into_data(mut self) -> Result<Map<String, Value>, Error> {
        let payloads = self.0.remove(JSON_PAYLOAD).unwrap_or_default();
        let mut data: Map<String, Value> =
            self.0.into_iter().map(|(name, values)| (name, joined(values))).collect();
        for payload in payloads {
            match json::whole_object(&payload)? {
                Some(object) => data.extend(object),
                None => data.clear(),
            }
        }
        Ok(data)
    }
}

/// Whether a text has no `;`, which once divided pairs, and no broken escape.
pub(crate) fn is_whole_pair(text: &[u8]) -> bool {
    !text.contains(&b';') && has_whole_escapes(text)
}

/// Whether two hexadecimal digits follow each `%` of a text.
pub(crate) fn has_whole_escapes(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'%').skip(1).all(
        |escape| matches!(escape, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit()),
    )
}

fn joined(mut values: Vec<String>) -> Value {
    match values.pop() {
        Some(only) if values.is_empty() => inferred(only),
        last => values.into_iter().chain(last).map(inferred).collect(),
    }
}

/// `true` and `false` are booleans, and a text that is the shortest form of a number is that number; `1.0`, `007`
/// and `1e3` stay texts.
fn inferred(text: String) -> Value {
    match text.as_str() {
        "true" => true.into(),
        "false" => false.into(),
        _ => number(&text).unwrap_or_else(|| text.into()),
    }
}

fn number(text: &str) -> Option<Value> {
    if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    (number.is_finite() && number.to_string() == text).then(|| json::number_value(number))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn data(text: &str) -> Option<Value> {
        let mut values = Values::default();
        values.add_urlencoded(text.as_bytes()).ok()?;
        values.into_data().ok().map(Value::Object)
    }

    #[test]
    fn the_number_of_values_is_bounded() {
        let mut values = Values::default();
        assert!(values.add_urlencoded("&".repeat(MAX_VALUES).as_bytes()).is_ok());
        let more = values.add_urlencoded("&".repeat(MAX_VALUES + 1).as_bytes());
        assert!(matches!(more, Err(Error::TooLarge)));
    }

    #[test]
    fn values_are_inferred() {
        let cases = [
            ("", json!("")),
            ("true", json!(true)),
            ("TRUE", json!("TRUE")),
            ("null", json!("null")),
            ("12", json!(12)),
            ("-1.5", json!(-1.5)),
            ("007", json!("007")),
            ("1.0", json!("1.0")),
            ("1e3", json!("1e3")),
            (".5", json!(".5")),
            ("+1", json!("+1")),
            ("-", json!("-")),
            ("inf", json!("inf")),
            ("-inf", json!("-inf")),
            ("9007199254740993", json!("9007199254740993")),
            ("1 ", json!("1 ")),
        ];
        for (text, expected) in cases {
            assert_eq!(inferred(text.to_owned()), expected);
        }
    }

    #[test]
    fn repeated_fields_are_lists() {
        assert_eq!(data("a=1&b=x&a=two&a=true"), Some(json!({"a": [1, "two", true], "b": "x"})));
        assert_eq!(data("a=%E4%BD%A0+x&b&=y&&"), Some(json!({"a": "你 x", "b": "", "": "y"})));
        assert_eq!(data("a=%ff"), Some(json!({"a": "\u{fffd}"})));
    }

    #[test]
    fn broken_escapes_are_refused() {
        for text in ["a=%", "a=%4", "a=%zz", "%=1", "a=1;b=2"] {
            assert_eq!(data(text), None, "{text}");
        }
    }

    #[test]
    fn json_payloads_are_laid_over_the_values() {
        let payload = |text: &str| text.replace('"', "%22");
        assert_eq!(
            data(&payload(r#"a=1&@jsonPayload={"a":"2","c":[1.0]}&@jsonPayload={"d":null}"#)),
            Some(json!({"a": "2", "c": [1], "d": null}))
        );
        assert_eq!(data("a=1&@jsonPayload=null"), Some(json!({})));
        for text in ["@jsonPayload=", "@jsonPayload=[]", "@jsonPayload={} x", "@jsonPayload={"] {
            assert_eq!(data(text), None, "{text}");
        }
    }
}
