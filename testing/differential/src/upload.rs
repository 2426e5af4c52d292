//! Files in bodies, which are otherwise JSON.
//!
//! `{"$upload": "f001 a.txt", "content": "x"}` is a file to send, `{"$stored": "f001"}` the name under which a server
//! has stored it, which is another one on each. The number in the name tells the files of a scenario apart.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use reqwest::multipart::{Form, Part};
use serde_json::{Map, Value, json};

const UPLOAD: &str = "$upload";
const STORED: &str = "$stored";
const CONTENT: &str = "content";

#[expect(clippy::expect_used, reason = "the tests use the pattern")]
static STORED_NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(f\d{3})(\w*?)_[a-z0-9]{10}\b").expect("a pattern"));

/// A file to send.
pub(crate) fn upload(name: &str, content: &str) -> Value {
    json!({ UPLOAD: name, CONTENT: content })
}

/// The name under which the file of this number is stored.
pub(crate) fn stored(number: &str) -> Value {
    json!({ STORED: number })
}

/// A text with the random part of each stored name taken out.
pub(crate) fn without_random_parts(text: &str) -> String {
    STORED_NAME.replace_all(text, "${1}${2}_*").into_owned()
}

/// Remembers the stored names in a reply by the number in them.
pub(crate) fn learn(json: &Value, names: &mut HashMap<String, String>) {
    match json {
        Value::String(text) => {
            if let Some(found) = STORED_NAME.captures(text).filter(|_| !text.contains(' ')) {
                names.insert(found[1].to_owned(), text.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| learn(item, names)),
        Value::Object(object) => object.values().for_each(|value| learn(value, names)),
        _ => {}
    }
}

/// A body with the names that this server has given.
pub(crate) fn resolved(body: &Value, names: &HashMap<String, String>) -> Value {
    match body {
        Value::Array(items) => items.iter().map(|item| resolved(item, names)).collect(),
        Value::Object(object) => match object.get(STORED).and_then(Value::as_str) {
            Some(number) => names.get(number).map_or(number, String::as_str).into(),
            None => object.iter().map(|(key, value)| (key.clone(), resolved(value, names))).collect(),
        },
        _ => body.clone(),
    }
}

/// The parts of a body that has files: the files by field, and the rest. `None` when it has none.
pub(crate) fn parts(body: &Value) -> Option<(Vec<(String, &Value)>, Value)> {
    let (mut files, mut rest) = (Vec::new(), Map::new());
    for (key, value) in body.as_object()? {
        let items: Vec<&Value> = value.as_array().map_or(vec![value], |items| items.iter().collect());
        if !items.iter().any(|item| is_upload(item)) {
            rest.insert(key.clone(), value.clone());
            continue;
        }
        let kept: Vec<Value> =
            items.iter().filter(|item| !is_upload(item)).map(|item| (*item).clone()).collect();
        if !kept.is_empty() {
            rest.insert(key.clone(), kept.into());
        }
        files.extend(items.into_iter().filter(|item| is_upload(item)).map(|item| (key.clone(), item)));
    }
    (!files.is_empty()).then(|| (files, rest.into()))
}

/// Whether a body has files to send.
pub(crate) fn has_files(body: &Map<String, Value>) -> bool {
    let has = |value: &Value| value.as_array().map_or(is_upload(value), |items| items.iter().any(is_upload));
    body.values().any(has)
}

/// The name and the content of a file to send.
pub(crate) fn file(upload: &Value) -> (&str, &str) {
    let text = |key: &str| upload.get(key).and_then(Value::as_str).unwrap_or_default();
    (text(UPLOAD), text(CONTENT))
}

/// A body with files as a form: beside them it has its JSON in one part.
pub(crate) fn form(body: &Value) -> Option<Form> {
    let (files, rest) = parts(body)?;
    let form = Form::new().text("@jsonPayload", rest.to_string());
    Some(files.into_iter().fold(form, |form, (key, upload)| {
        let (name, content) = file(upload);
        form.part(key, Part::text(content.to_owned()).file_name(name.to_owned()))
    }))
}

fn is_upload(value: &Value) -> bool {
    value.get(UPLOAD).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_name_is_told_by_its_number_and_loses_its_random_part() {
        assert_eq!(without_random_parts("f001_a_b_0123456789.tar.gz"), "f001_a_b_*.tar.gz");
        assert_eq!(without_random_parts("no f12_0123456789.txt"), "no f12_0123456789.txt");
        let mut names = HashMap::new();
        learn(
            &json!({"items": [{"file1": ["f001_0123456789.txt"], "x": "say f002_0123456789"}]}),
            &mut names,
        );
        assert_eq!(names, HashMap::from([("f001".to_owned(), "f001_0123456789.txt".to_owned())]));
        assert_eq!(
            resolved(&json!({"a": [stored("f001"), "b"]}), &names),
            json!({"a": ["f001_0123456789.txt", "b"]})
        );
        assert_eq!(resolved(&stored("f009"), &names), json!("f009"));
    }

    #[test]
    fn a_body_with_files_is_taken_apart() {
        let body = json!({"a": 1, "f": [upload("x.txt", "y"), "kept"]});
        let (files, rest) = parts(&body).expect("files");
        assert_eq!(
            files.iter().map(|(key, value)| (key.as_str(), file(value))).collect::<Vec<_>>(),
            [("f", ("x.txt", "y"))]
        );
        assert_eq!(rest, json!({"a": 1, "f": ["kept"]}));
        assert!(parts(&json!({"a": 1})).is_none());
    }
}
