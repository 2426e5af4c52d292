use serde_json::Value as JsonValue;

use crate::error::FieldError;
use crate::field::BoolOptions;

/// A flag, a number other than zero, or one of the words of [`from_text`]; false for all else.
pub(super) fn from_json(input: &JsonValue) -> bool {
    match input {
        JsonValue::Bool(flag) => *flag,
        JsonValue::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        JsonValue::String(text) => from_text(text),
        JsonValue::Null | JsonValue::Array(_) | JsonValue::Object(_) => false,
    }
}

/// True for the words that Go takes for it; false for all else.
pub(super) fn from_text(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "TRUE" | "true" | "True")
}

pub(super) fn validate(options: &BoolOptions, flag: bool) -> Result<(), FieldError> {
    if options.required && !flag { Err(FieldError::required()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn few_words_are_true() {
        for input in [json!(true), json!(0.1), json!(-1), json!("t"), json!("True"), json!("1")] {
            assert!(from_json(&input), "{input}");
        }
        for input in
            [json!(0), json!("tRue"), json!("yes"), json!("2"), json!(""), json!([true]), json!(null)]
        {
            assert!(!from_json(&input), "{input}");
        }
    }

    #[test]
    fn required_means_true() {
        assert_eq!(validate(&BoolOptions { required: true }, false).unwrap_err().code, "validation_required");
        assert_eq!(validate(&BoolOptions { required: true }, true), Ok(()));
        assert_eq!(validate(&BoolOptions::default(), false), Ok(()));
    }
}
