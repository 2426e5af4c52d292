//! The options in the name of a subscription: `posts/*?options={"query":{…},"headers":{…}}`, where the JSON is escaped
//! as in a URL.

use serde_json::{Map, Value};

use crate::body::has_whole_escapes;
use crate::extract::query;

/// The options of a subscription, texts by name.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Options {
    pub(super) query: Map<String, Value>,
    pub(super) headers: Map<String, Value>,
}

/// Reads the options in a name. A name that is no URL, or has no options that can be understood, has none.
pub(super) fn read(name: &str) -> Options {
    let url = name.split_once('#').map_or(name, |(url, _)| url);
    let Some((_, parameters)) = url.split_once('?').filter(|(path, _)| is_path(path)) else {
        return Options::default();
    };
    if name.contains(|character: char| character.is_ascii_control()) {
        return Options::default();
    }
    let options = query(parameters).remove("options");
    let options = options.as_ref().and_then(Value::as_str).unwrap_or_default();
    let Ok(Value::Object(options)) = serde_json::from_str(options) else { return Options::default() };
    let part = |key: &str| {
        let part = options.iter().find(|(name, _)| name.eq_ignore_ascii_case(key));
        part.and_then(|(_, part)| part.as_object()).cloned().unwrap_or_default()
    };
    Options {
        query: part("query").into_iter().map(|(name, value)| (name, text(&value))).collect(),
        headers: part("headers")
            .into_iter()
            .map(|(name, value)| (header_name(&name), text(&value)))
            .collect(),
    }
}

/// Whether something can stand before the `?` of a URL that has no host.
fn is_path(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    !first.contains(':') && has_whole_escapes(path.as_bytes())
}

/// A value as a text; lists and objects have none.
fn text(value: &Value) -> Value {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Bool(truth) => truth.to_string().into(),
        // As Go prints it: without an exponent.
        Value::Number(number) => number.as_f64().map_or_else(String::new, |number| number.to_string()).into(),
        Value::Null | Value::Array(_) | Value::Object(_) => "".into(),
    }
}

/// The name by which rules know a header: words in lower case, divided by `_`. A capital begins a word.
fn header_name(name: &str) -> String {
    let mut words = String::new();
    for word in
        name.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
    {
        if !words.is_empty() {
            words.push('_');
        }
        let mut previous: Option<char> = None;
        for character in word.chars() {
            if character.is_ascii_uppercase()
                && previous.is_some_and(|previous| !previous.is_ascii_uppercase())
            {
                words.push('_');
            }
            words.push(character.to_ascii_lowercase());
            previous = Some(character);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(options: &str) -> Value {
        let escaped: String = url::form_urlencoded::byte_serialize(options.as_bytes()).collect();
        let Options { query, headers } = read(&format!("posts/*?options={escaped}"));
        json!([query, headers])
    }

    #[test]
    fn options_are_texts_by_name() {
        let options = r#"{"query":{"filter":"a = 'ü'","n":1.50,"t":true,"x":null,"l":[1]},"headers":{"X-Token":"a","xOther":2}}"#;
        let expected = json!([
            {"filter": "a = 'ü'", "n": "1.5", "t": "true", "x": "", "l": ""},
            {"x_token": "a", "x_other": "2"},
        ]);
        assert_eq!(of(options), expected);
        assert_eq!(of(r#"{"query":{"big":1e21}}"#), json!([{"big": "1000000000000000000000"}, {}]));
    }

    #[test]
    fn what_cannot_be_understood_is_no_option() {
        for options in ["", "x", "[]", "{}", r#"{"query":"x","headers":1}"#, r#"{"query":{"a":"b"}"#] {
            assert_eq!(of(options), json!([{}, {}]), "{options}");
        }
        let options = "options=%7B%22query%22%3A%7B%22a%22%3A%22b%22%7D%7D";
        for (name, known) in [
            (format!("posts/*?{options}"), true),
            (format!("posts/*?x=1&{options}&options=2"), true),
            (format!("posts/*#?{options}"), false),
            (format!("a:b?{options}"), false),
            (format!("a%zz?{options}"), false),
            (format!("a\n?{options}"), false),
            (format!("posts/*?{options}%zz"), false),
        ] {
            assert_eq!(!read(&name).query.is_empty(), known, "{name}");
        }
    }
}
