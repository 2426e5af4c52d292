//! The checks that many options share, with the codes and sentences that clients know.
//!
//! Like those of PocketBase they let an empty value pass: that something must be there is a check of its own.

use std::sync::LazyLock;

use regex::Regex;

use crate::error::{FieldError, FieldErrors};

/// The greatest integer that JavaScript clients can represent.
pub(crate) const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

static WORD: LazyLock<Regex> = LazyLock::new(|| regex("^[0-9A-Za-z_]+$"));

// A space before `xn--` is part of what PocketBase checks, so that no such domain is ever taken.
static DOMAIN: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        "^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-z0-9])?\\.)+",
        "(?:[a-zA-Z]{1,63}| xn--[a-z0-9]{1,59})$"
    ))
});

static THUMB: LazyLock<Regex> = LazyLock::new(|| regex("^[0-9]+x[0-9]+[tbf]?$"));

#[expect(clippy::expect_used, reason = "only called on the constant patterns above, which tests compile")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// Collects the errors of one object: for each key, the first one that its checks find.
#[derive(Debug, Default)]
pub struct Checks(FieldErrors);

impl Checks {
    /// Adds what a key's checks found, if anything.
    pub fn key(&mut self, key: &str, found: Option<FieldError>) -> &mut Self {
        if let Some(error) = found {
            self.0.push(key, error);
        }
        self
    }

    /// Adds the errors of a key's parts.
    pub fn nested(&mut self, key: &str, errors: FieldErrors) -> &mut Self {
        self.0.push_nested(key, errors);
        self
    }

    /// What was found.
    pub fn into_errors(self) -> FieldErrors {
        self.0
    }
}

/// The errors of a list by position.
pub fn each<T>(items: &[T], check: impl Fn(&T) -> Option<FieldError>) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (position, item) in items.iter().enumerate() {
        if let Some(error) = check(item) {
            errors.push(position.to_string(), error);
        }
    }
    errors
}

/// Something must be there.
pub fn required(is_there: bool) -> Option<FieldError> {
    (!is_there).then(FieldError::required)
}

/// The value must be empty.
pub(crate) fn empty(is_empty: bool) -> Option<FieldError> {
    (!is_empty).then(|| FieldError::new("validation_empty", "must be blank"))
}

/// The length of a text in bytes.
pub fn length(text: &str, min: usize, max: usize) -> Option<FieldError> {
    if text.is_empty() || (min..=max).contains(&text.len()) {
        return None;
    }
    let message = format!("the length must be between {min} and {max}");
    let error = FieldError::new("validation_length_out_of_range", message);
    Some(error.with_param("min", min).with_param("max", max))
}

/// A number that is not zero must not be smaller.
pub fn at_least(value: i64, threshold: i64) -> Option<FieldError> {
    if value == 0 || value >= threshold {
        return None;
    }
    let message = format!("must be no less than {threshold}");
    let error = FieldError::new("validation_min_greater_equal_than_required", message);
    Some(error.with_param("threshold", threshold))
}

pub(crate) fn at_most(value: i64, threshold: i64) -> Option<FieldError> {
    if value == 0 || value <= threshold {
        return None;
    }
    let message = format!("must be no greater than {threshold}");
    let error = FieldError::new("validation_max_less_equal_than_required", message);
    Some(error.with_param("threshold", threshold))
}

pub(crate) fn within(value: i64, min: i64, max: i64) -> Option<FieldError> {
    at_least(value, min).or_else(|| at_most(value, max))
}

/// Letters, digits and underscores of ASCII.
pub(crate) fn word(text: &str) -> Option<FieldError> {
    matches(text, &WORD)
}

/// A size of a picture, for example `100x50t`.
pub(crate) fn thumb_size(text: &str) -> Option<FieldError> {
    not_in(text, &["0x0", "0x0t", "0x0b", "0x0f"]).or_else(|| matches(text, &THUMB))
}

/// A text must match.
pub fn matches(text: &str, pattern: &Regex) -> Option<FieldError> {
    let fails = !text.is_empty() && !pattern.is_match(text);
    fails.then(|| FieldError::new("validation_match_invalid", "must be in a valid format"))
}

/// A text must be one of these.
pub fn one_of(text: &str, allowed: &[&str]) -> Option<FieldError> {
    let fails = !text.is_empty() && !allowed.contains(&text);
    fails.then(|| FieldError::new("validation_in_invalid", "must be a valid value"))
}

pub(crate) fn not_in(text: &str, refused: &[&str]) -> Option<FieldError> {
    refused.contains(&text).then(|| FieldError::new("validation_not_in_invalid", "must not be in list"))
}

pub(crate) fn domain(text: &str) -> Option<FieldError> {
    let fails = !text.is_empty() && (text.len() > 255 || !DOMAIN.is_match(text));
    fails.then(|| FieldError::new("validation_is_domain", "must be a valid domain"))
}

/// `_via_` is part of the syntax of back relations in filters.
pub(crate) fn no_via(text: &str) -> Option<FieldError> {
    let found = text.to_lowercase().contains("_via_");
    found.then(|| FieldError::new("validation_found_via", "The value cannot contain \"_via_\"."))
}

pub(crate) fn unchanged<T: PartialEq>(value: &T, old: &T) -> Option<FieldError> {
    (value != old).then(|| FieldError::new("validation_values_mismatch", "Values don't match."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(found: Option<FieldError>) -> &'static str {
        found.map_or("", |error| error.code)
    }

    #[test]
    fn empty_values_pass() {
        for found in [length("", 1, 2), at_least(0, 5), at_most(0, -1), word(""), domain(""), thumb_size("")]
        {
            assert_eq!(found, None);
        }
    }

    #[test]
    fn limits_are_part_of_the_error() {
        let json = length("abc", 1, 2).unwrap().to_json();
        assert_eq!(
            json.to_string(),
            concat!(
                r#"{"code":"validation_length_out_of_range","#,
                r#""message":"The length must be between 1 and 2.","params":{"max":2,"min":1}}"#
            )
        );
        assert_eq!(within(7, 1, 6).unwrap().message, "must be no greater than 6");
        assert_eq!(within(-1, 0, 6).unwrap().message, "must be no less than 0");
        assert_eq!(within(6, 1, 6), None);
    }

    #[test]
    fn texts_are_checked_by_their_form() {
        assert_eq!(code(word("a-b")), "validation_match_invalid");
        assert_eq!(code(word("é")), "validation_match_invalid");
        assert_eq!(code(no_via("a_VIA_b")), "validation_found_via");
        assert_eq!(code(domain("example")), "validation_is_domain");
        assert_eq!(domain("a.example.com"), None);
        assert_eq!(code(thumb_size("0x0t")), "validation_not_in_invalid");
        assert_eq!(code(thumb_size("10x10c")), "validation_match_invalid");
        assert_eq!(thumb_size("0x10f"), None);
    }
}
