use serde_json::{Map, Value};

use crate::error::{Error, Issue};

/// The fields of a body. What is wrong with them is collected, so that one reply names it all.
///
/// Texts come without the white space around them, and one that is only white space counts as absent; so does null.
/// Fields that nobody asks for are ignored.
pub(super) struct Form {
    fields: Map<String, Value>,
    issues: Vec<Issue>,
}

impl Form {
    pub(super) fn new(fields: Map<String, Value>) -> Self {
        Self { fields, issues: Vec::new() }
    }

    /// A text that may be absent.
    pub(super) fn optional(&mut self, field: &'static str) -> Option<String> {
        self.text(field).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A text that must be there; empty, and an issue, when it is not.
    pub(super) fn required(&mut self, field: &'static str) -> String {
        let text = self.optional(field);
        self.or_missing(field, text)
    }

    /// A text that must be there and counts as it is, white space included; not only white space, though.
    pub(super) fn verbatim(&mut self, field: &'static str) -> String {
        let text = self.text(field).filter(|text| !text.trim().is_empty());
        self.or_missing(field, text)
    }

    /// Those of these texts that are there.
    pub(super) fn present<const N: usize>(
        &mut self,
        fields: [&'static str; N],
    ) -> Vec<(&'static str, String)> {
        fields.into_iter().filter_map(|field| Some((field, self.optional(field)?))).collect()
    }

    /// Marks a field as wrong. The first issue of a field stays.
    pub(super) fn refuse(&mut self, field: &'static str, code: &'static str, message: &'static str) {
        if self.issues.iter().all(|issue| issue.field != field) {
            self.issues.push(Issue { field, code, message });
        }
    }

    /// Marks a field as wrong unless a condition holds.
    pub(super) fn check(
        &mut self,
        holds: bool,
        field: &'static str,
        code: &'static str,
        message: &'static str,
    ) {
        if !holds {
            self.refuse(field, code, message);
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`Error::Invalid`] when anything was wrong.
    pub(super) fn finish(self) -> Result<(), Error> {
        if self.issues.is_empty() { Ok(()) } else { Err(Error::Invalid(self.issues)) }
    }

    fn or_missing(&mut self, field: &'static str, text: Option<String>) -> String {
        text.unwrap_or_else(|| {
            self.refuse(field, "validation_required", "不能为空");
            String::new()
        })
    }

    fn text(&mut self, field: &'static str) -> Option<String> {
        let text = match self.fields.get(field)? {
            Value::Null => return None,
            Value::String(text) => text.clone(),
            _ => {
                self.refuse(field, "validation_invalid_type", "必须是字符串");
                return None;
            }
        };
        // Not every database can store it, and no person can type it.
        if text.contains('\0') {
            self.refuse(field, "validation_invalid_text", "含有非法字符");
            return None;
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(fields: Value) -> Form {
        let Value::Object(fields) = fields else { panic!("an object") };
        Form::new(fields)
    }

    fn issues(form: Form) -> Vec<(&'static str, &'static str)> {
        match form.finish() {
            Err(Error::Invalid(issues)) => issues.iter().map(|issue| (issue.field, issue.code)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn texts_are_trimmed_and_blank_ones_are_absent() {
        let mut form = form(json!({"a": " 张三 ", "b": " \t\u{3000}", "c": null, "unknown": 1}));
        assert_eq!(form.required("a"), "张三");
        assert_eq!(form.optional("b"), None);
        assert_eq!(form.optional("c"), None);
        assert_eq!(form.optional("d"), None);
        assert!(form.finish().is_ok());
    }

    #[test]
    fn all_that_is_wrong_is_named_once() {
        let mut form = form(json!({"a": "", "b": 1, "c": "x\u{0}", "d": ["x"], "e": "fine"}));
        for field in ["a", "b", "c"] {
            assert_eq!(form.required(field), "");
        }
        assert_eq!(form.present(["d", "e"]), [("e", "fine".to_owned())]);
        form.check(false, "a", "other", "");
        form.check(true, "e", "other", "");
        assert_eq!(
            issues(form),
            [
                ("a", "validation_required"),
                ("b", "validation_invalid_type"),
                ("c", "validation_invalid_text"),
                ("d", "validation_invalid_type"),
            ]
        );
    }

    #[test]
    fn passwords_keep_their_white_space() {
        let mut form = form(json!({"a": " secret ", "b": "        "}));
        assert_eq!(form.verbatim("a"), " secret ");
        assert_eq!(form.verbatim("b"), "");
        assert_eq!(issues(form), [("b", "validation_required")]);
    }
}
