use serde_json::Value as JsonValue;

use super::pattern;
use super::validate::RecordState;
use crate::error::FieldError;
use crate::field::{Field, FieldKind, TextOptions};

/// The pattern of record ids unless the schema says otherwise. It rules out what the other checks of an id look for.
const DEFAULT_ID_PATTERN: &str = "^[a-z0-9]+$";

/// The greatest number of characters when the field sets none.
const DEFAULT_MAX: i64 = 5000;

/// Ids become names of directories, so no character may mean something to a file system or a shell.
const FORBIDDEN_IN_IDS: [char; 19] =
    ['.', '/', '\\', '|', '"', '\'', '`', '<', '>', ':', '?', '*', '%', '$', '\0', '\t', '\n', '\r', ' '];

/// Names that Windows keeps for devices, apart from the numbered ones.
const RESERVED_IDS: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];

/// The text of any input: strings as they are, numbers in full decimal form, nothing for lists and objects.
pub(super) fn from_json(input: &JsonValue) -> String {
    match input {
        JsonValue::String(text) => text.clone(),
        JsonValue::Bool(flag) => flag.to_string(),
        JsonValue::Number(number) => number.as_f64().unwrap_or_default().to_string(),
        JsonValue::Null | JsonValue::Array(_) | JsonValue::Object(_) => String::new(),
    }
}

/// Whether a new record's value of this field must be looked up in the database without regard to case, for
/// [`RecordState::New`]: an id whose pattern admits capital letters.
pub fn needs_id_lookup(field: &Field) -> bool {
    matches!(&field.kind, FieldKind::Text(options) if options.primary_key && options.pattern != DEFAULT_ID_PATTERN)
}

pub(super) fn validate(options: &TextOptions, text: &str, state: RecordState<'_>) -> Result<(), FieldError> {
    if options.primary_key {
        match state {
            RecordState::Stored { id } if id != text => {
                return Err(FieldError::new(
                    "validation_pk_change",
                    "The record primary key cannot be changed.",
                ));
            }
            // The id may come from another system whose rules were different.
            RecordState::Stored { id } if !id.is_empty() => return Ok(()),
            RecordState::New { id_taken: true } => {
                let message = "The record primary key is invalid or already exists.";
                return Err(FieldError::new("validation_pk_invalid", message));
            }
            RecordState::Stored { .. } | RecordState::New { .. } => {}
        }
    }
    validate_plain_text(options, text)
}

/// Checks a text against the options of its field, without regard to the record it is for.
///
/// # Errors
/// The first rule that the text breaks.
pub fn validate_plain_text(options: &TextOptions, text: &str) -> Result<(), FieldError> {
    if text.is_empty() {
        return if options.required || options.primary_key { Err(FieldError::required()) } else { Ok(()) };
    }
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    if length < options.min {
        let message = format!("Must be at least {} character(s).", options.min);
        return Err(FieldError::new("validation_min_text_constraint", message).with_param("min", options.min));
    }
    let max = if options.max == 0 { DEFAULT_MAX } else { options.max };
    if max > 0 && length > max {
        let message = format!("Must be no more than {max} character(s).");
        return Err(FieldError::new("validation_max_text_constraint", message).with_param("max", max));
    }
    if !options.pattern.is_empty() && !pattern::is_match(&options.pattern, text) {
        return Err(invalid_format());
    }
    if options.primary_key && options.pattern != DEFAULT_ID_PATTERN {
        validate_id(text)?;
    }
    Ok(())
}

/// The value does not match the field's pattern.
pub(super) fn invalid_format() -> FieldError {
    FieldError::new("validation_invalid_format", "Invalid value format.")
}

fn validate_id(id: &str) -> Result<(), FieldError> {
    // The order of the list decides which character is named, not the order in the id.
    if let Some(&forbidden) = FORBIDDEN_IN_IDS.iter().find(|&&c| id.contains(c)) {
        let message = format!("'{forbidden}' is not a valid primary key character.");
        return Err(FieldError::new("validation_forbidden_pk_character", message)
            .with_param("ch", forbidden.to_string()));
    }
    if is_reserved(id) {
        let reserved = id.to_ascii_uppercase();
        let message = format!("The primary key '{reserved}' is reserved and cannot be used.");
        return Err(FieldError::new("validation_reserved_pk", message).with_param("reserved", reserved));
    }
    Ok(())
}

fn is_reserved(id: &str) -> bool {
    let upper = id.to_ascii_uppercase();
    let numbered = upper.strip_prefix("COM").or_else(|| upper.strip_prefix("LPT"));
    RESERVED_IDS.contains(&upper.as_str())
        || numbered.is_some_and(|digit| matches!(digit.as_bytes(), [b'1'..=b'9']))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn code(options: &TextOptions, text: &str) -> &'static str {
        validate_plain_text(options, text).err().map_or("", |error| error.code)
    }

    #[test]
    fn any_input_becomes_text() {
        for (input, text) in [
            (json!("a"), "a"),
            (json!(true), "true"),
            (json!(1e21), "1000000000000000000000"),
            (json!(1e-7), "0.0000001"),
            (json!(9_007_199_254_740_993_u64), "9007199254740992"),
            (json!(-0.0), "-0"),
            (json!(null), ""),
            (json!(["a"]), ""),
            (json!({"a": 1}), ""),
        ] {
            assert_eq!(from_json(&input), text);
        }
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        let options = TextOptions { min: 2, max: 3, ..TextOptions::default() };
        assert_eq!(code(&options, "é"), "validation_min_text_constraint");
        assert_eq!(code(&options, "ééé"), "");
        assert_eq!(code(&options, "abcd"), "validation_max_text_constraint");
        assert_eq!(code(&options, ""), "");
        assert_eq!(code(&TextOptions::default(), &"x".repeat(5000)), "");
        assert_eq!(code(&TextOptions::default(), &"x".repeat(5001)), "validation_max_text_constraint");
    }

    #[test]
    fn messages_name_the_limit() {
        let error = validate_plain_text(&TextOptions { min: 2, ..TextOptions::default() }, "a").unwrap_err();
        assert_eq!(
            error.to_json(),
            json!({
                "code": "validation_min_text_constraint",
                "message": "Must be at least 2 character(s).",
                "params": {"min": 2},
            })
        );
    }

    #[test]
    fn ids_with_a_pattern_of_their_own_must_be_safe_file_names() {
        let options = TextOptions { primary_key: true, pattern: ".*".into(), ..TextOptions::default() };
        for (id, expected) in [
            ("", "validation_required"),
            ("Abc", ""),
            ("a.b", "validation_forbidden_pk_character"),
            ("a b", "validation_forbidden_pk_character"),
            ("con", "validation_reserved_pk"),
            ("Lpt9", "validation_reserved_pk"),
            ("com0", ""),
            ("com", ""),
        ] {
            assert_eq!(code(&options, id), expected, "{id}");
        }
    }

    #[test]
    fn an_id_stays_what_it_is() {
        let options = TextOptions { primary_key: true, min: 15, ..TextOptions::default() };
        let check = |text, state| validate(&options, text, state).err().map_or("", |error| error.code);
        assert_eq!(check("b", RecordState::Stored { id: "a" }), "validation_pk_change");
        assert_eq!(check("a", RecordState::Stored { id: "a" }), "");
        assert_eq!(check("a", RecordState::New { id_taken: false }), "validation_min_text_constraint");
        assert_eq!(check("a", RecordState::New { id_taken: true }), "validation_pk_invalid");
    }
}
