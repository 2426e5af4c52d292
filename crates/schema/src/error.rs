//! What is wrong with an input, by field.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::json;

/// What is wrong with one input: a stable code and a message.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    /// The code that clients branch on, for example `validation_required`.
    pub code: &'static str,
    /// In English, with its parameters filled in; clients see it as a sentence.
    pub message: String,
    /// The parameters of the message; left out of the JSON form when empty.
    pub params: Map<String, Value>,
}

/// The errors of an input, by field; nested for lists and objects (`requests.0.url`).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FieldErrors(pub IndexMap<String, ErrorNode>);

/// One entry of [`FieldErrors`].
#[derive(Debug, Clone, PartialEq)]
pub enum ErrorNode {
    /// The input itself is wrong.
    Leaf(FieldError),
    /// Parts of the input are wrong, by key or by list index.
    Nested(FieldErrors),
}

impl FieldError {
    /// An error without parameters.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), params: Map::new() }
    }

    /// The same error with one more parameter.
    #[must_use]
    pub fn with_param(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// `validation_required`: the input is missing or empty.
    pub fn required() -> Self {
        Self::new("validation_required", "cannot be blank")
    }

    /// The JSON form: `{"code", "message"}`, and `"params"` when there are any. The message is a sentence there, see
    /// [`sentence`].
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        object.insert("code".into(), self.code.into());
        object.insert("message".into(), sentence(&self.message).into());
        if !self.params.is_empty() {
            object.insert("params".into(), Value::Object(self.params.clone()));
        }
        Value::Object(object)
    }
}

impl FieldErrors {
    /// No errors.
    pub fn new() -> Self {
        Self::default()
    }

    /// One error for one field.
    pub fn single(field: impl Into<String>, error: FieldError) -> Self {
        let mut errors = Self::new();
        errors.push(field, error);
        errors
    }

    /// Whether there is no error.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds an error for a field. The first error of a field stays: a later one says less.
    pub fn push(&mut self, field: impl Into<String>, error: FieldError) {
        self.0.entry(field.into()).or_insert(ErrorNode::Leaf(error));
    }

    /// Adds the errors of the parts of a field; nothing when there are none.
    pub fn push_nested(&mut self, field: impl Into<String>, errors: FieldErrors) {
        if !errors.is_empty() {
            self.0.entry(field.into()).or_insert(ErrorNode::Nested(errors));
        }
    }

    /// These errors as those of the parts of a field; still none when there are none.
    #[must_use]
    pub fn under(self, field: impl Into<String>) -> Self {
        let mut outer = Self::new();
        outer.push_nested(field, self);
        outer
    }

    /// Takes over the errors of `other` for fields that have none yet.
    pub fn merge(&mut self, other: FieldErrors) {
        for (field, node) in other.0 {
            self.0.entry(field).or_insert(node);
        }
    }

    /// `Ok` when there is no error.
    ///
    /// # Errors
    /// Itself, when it holds any.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The JSON form: an object by field.
    pub fn to_json(&self) -> Value {
        let object = self.0.iter().map(|(field, node)| {
            let value = match node {
                ErrorNode::Leaf(error) => error.to_json(),
                ErrorNode::Nested(errors) => errors.to_json(),
            };
            (field.clone(), value)
        });
        Value::Object(object.collect())
    }

    /// The messages alone, as JSON text on several lines.
    pub fn to_report(&self) -> String {
        let mut report = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut report, json::Indented::default());
        match self.messages().serialize(&mut serializer) {
            Ok(()) => String::from_utf8_lossy(&report).into_owned(),
            Err(error) => error.to_string(),
        }
    }

    fn messages(&self) -> Value {
        let messages = self.0.iter().map(|(field, node)| {
            let message = match node {
                ErrorNode::Leaf(error) => error.message.as_str().into(),
                ErrorNode::Nested(errors) => errors.messages(),
            };
            (field.clone(), message)
        });
        Value::Object(messages.collect())
    }
}

/// A message in the form that clients get: first letter raised, closed by a full stop.
pub fn sentence(message: &str) -> String {
    let message = message.trim();
    let mut chars = message.chars();
    let Some(first) = chars.next() else { return String::new() };
    let mut text: String = first.to_uppercase().chain(chars).collect();
    if !text.ends_with(['.', '?', '!']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("cannot be blank"), "Cannot be blank.");
        assert_eq!(sentence("Really?"), "Really?");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn json_form_nests_and_leaves_out_empty_params() {
        let mut errors = FieldErrors::single("title", FieldError::required());
        errors
            .push_nested("fields", FieldErrors::single("0", FieldError::new("x", "bad").with_param("n", 3)));
        assert_eq!(
            errors.to_json(),
            serde_json::json!({
                "title": {"code": "validation_required", "message": "Cannot be blank."},
                "fields": {"0": {"code": "x", "message": "Bad.", "params": {"n": 3}}},
            })
        );
    }

    #[test]
    fn the_report_has_the_messages_as_they_are() {
        let mut errors = FieldErrors::single("name", FieldError::required());
        errors.push_nested("fields", FieldErrors::single("1", FieldError::new("x", "a < \"b\"")));
        let expected = concat!(
            "{\n  \"fields\": {\n    \"1\": \"a \\u003c \\\"b\\\"\"\n  },\n",
            "  \"name\": \"cannot be blank\"\n}"
        );
        assert_eq!(errors.to_report(), expected);
    }
}
