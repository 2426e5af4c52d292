//! What requests send that are about logins and their mails.

use schema::{FieldError, FieldErrors};
use serde_json::Value as JsonValue;

use crate::{Error, Request, Result};

/// The longest identity, address and password that are looked at, in bytes.
pub(crate) const MAX_LENGTH: usize = 255;

const UNREADABLE: &str = "An error occurred while loading the submitted data.";

/// The fields of a body: PocketBase reads the keys of JSON in any case.
pub(crate) struct Form<'a> {
    request: &'a Request,
    is_json: bool,
}

impl<'a> Form<'a> {
    pub(crate) fn of(request: &'a Request) -> Self {
        Self { request, is_json: request.header("content_type").starts_with("application/json") }
    }

    /// A text; empty when it was not sent.
    ///
    /// # Errors
    /// 400 when something else was sent.
    pub(crate) fn text(&self, name: &str) -> Result<String> {
        match self.sent(name) {
            None | Some(JsonValue::Null) => Ok(String::new()),
            Some(JsonValue::String(text)) => Ok(text.clone()),
            // A form infers types: a password of digits alone arrives as a number.
            Some(JsonValue::Number(number)) if !self.is_json => Ok(number.to_string()),
            Some(JsonValue::Bool(truth)) if !self.is_json => Ok(truth.to_string()),
            Some(_) => Err(Error::bad_request(UNREADABLE)),
        }
    }

    /// A whole number; 0 when it was not sent.
    ///
    /// # Errors
    /// 400 when something else was sent.
    pub(crate) fn integer(&self, name: &str) -> Result<i64> {
        match self.sent(name) {
            None | Some(JsonValue::Null) => Ok(0),
            Some(JsonValue::String(text)) if !self.is_json && text.is_empty() => Ok(0),
            Some(value) => value.as_i64().ok_or_else(|| Error::bad_request(UNREADABLE)),
        }
    }

    /// What was sent, as it is.
    pub(super) fn value(&self, name: &str) -> Option<&'a JsonValue> {
        self.sent(name)
    }

    fn sent(&self, name: &str) -> Option<&'a JsonValue> {
        let body = &self.request.body;
        let mut others = body.iter().filter(|(key, _)| self.is_json && key.eq_ignore_ascii_case(name));
        let value = body.get(name).or_else(|| others.next().map(|(_, value)| value))?;
        match value {
            // Of several values of a form the first one counts.
            JsonValue::Array(values) if !self.is_json => values.first(),
            value => Some(value),
        }
    }
}

/// What is wrong with the fields of a form, found field by field.
#[derive(Default)]
pub(crate) struct Checks(FieldErrors);

impl Checks {
    /// Whether a required text has a length in this range, in bytes.
    pub(crate) fn length(&mut self, name: &str, text: &str, min: usize, max: usize) -> bool {
        if text.is_empty() {
            self.0.push(name, FieldError::required());
        } else if !(min..=max).contains(&text.len()) {
            self.0.push(name, out_of_range(min, max));
        } else {
            return true;
        }
        false
    }

    /// Whether a text was sent.
    pub(crate) fn required(&mut self, name: &str, text: &str) -> bool {
        if text.is_empty() {
            self.0.push(name, FieldError::required());
        }
        !text.is_empty()
    }

    /// Whether a required text is a mail address.
    pub(crate) fn email(&mut self, name: &str, text: &str) -> bool {
        if !self.length(name, text, 1, MAX_LENGTH) {
            return false;
        }
        let good = schema::value::is_email(text);
        if !good {
            self.refuse(name, "validation_is_email", "Must be a valid email address.");
        }
        good
    }

    pub(crate) fn refuse(&mut self, name: &str, code: &'static str, message: &'static str) {
        self.push(name, FieldError::new(code, message));
    }

    pub(crate) fn push(&mut self, name: &str, error: FieldError) {
        self.0.push(name, error);
    }

    /// # Errors
    /// 400 with what is wrong, by field.
    pub(crate) fn into_result(self) -> Result<()> {
        self.or("An error occurred while validating the submitted data.")
    }

    /// # Errors
    /// 400 with this message and with what is wrong, by field.
    pub(crate) fn or(self, message: &'static str) -> Result<()> {
        self.0.into_result().map_err(|errors| Error::invalid(message, errors))
    }
}

/// The address that a request is about, of a form with this one field.
///
/// # Errors
/// 400 when there is none.
pub(crate) fn email(request: &Request) -> Result<String> {
    let email = Form::of(request).text("email")?;
    let mut checks = Checks::default();
    checks.email("email", &email);
    checks.into_result().map(|()| email)
}

pub(crate) fn out_of_range(min: usize, max: usize) -> FieldError {
    FieldError::new("validation_length_out_of_range", format!("The length must be between {min} and {max}."))
        .with_param("min", min)
        .with_param("max", max)
}
