use serde_json::Value as JsonValue;

use super::go_float;
use crate::error::FieldError;
use crate::field::NumberOptions;

/// Every float below this magnitude that has no fraction is an integer that a float holds exactly.
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;

/// One past the greatest 64-bit integer; its negative is the least one.
const INTEGER_LIMIT: f64 = 9_223_372_036_854_775_808.0;

/// A number, a text that reads as one, or 1 for true; 0 for all else. A text can give an infinity or a NaN.
pub(super) fn from_json(input: &JsonValue) -> f64 {
    match input {
        JsonValue::Number(number) => number.as_f64().unwrap_or_default(),
        JsonValue::String(text) => from_text(text),
        JsonValue::Bool(true) => 1.0,
        JsonValue::Bool(false) | JsonValue::Null | JsonValue::Array(_) | JsonValue::Object(_) => 0.0,
    }
}

/// The number that a text reads as; 0 for all other text.
pub(super) fn from_text(text: &str) -> f64 {
    go_float::parse(text).unwrap_or_default()
}

/// A number for JSON, without a fraction where it has none. What is not finite becomes `null`.
pub(super) fn to_json(number: f64) -> JsonValue {
    if number.fract() == 0.0 && number.abs() < EXACT_INTEGERS && !(number == 0.0 && number.is_sign_negative())
    {
        return JsonValue::from(number as i64);
    }
    JsonValue::from(number)
}

pub(super) fn validate(options: &NumberOptions, number: f64) -> Result<(), FieldError> {
    if !number.is_finite() {
        let message = "The submitted number is not properly formatted";
        return Err(FieldError::new("validation_not_a_number", message));
    }
    // Zero stands for "not set": the limits do not apply to it.
    if number == 0.0 {
        return if options.required { Err(FieldError::required()) } else { Ok(()) };
    }
    if options.only_int && (number.fract() != 0.0 || !(-INTEGER_LIMIT..INTEGER_LIMIT).contains(&number)) {
        return Err(FieldError::new("validation_only_int_constraint", "Decimal numbers are not allowed"));
    }
    if let Some(min) = options.min.filter(|&min| number < min) {
        let message = format!("Must be greater or equal than {}", go_float::format_general(min));
        return Err(
            FieldError::new("validation_min_number_constraint", message).with_param("min", to_json(min))
        );
    }
    if let Some(max) = options.max.filter(|&max| number > max) {
        let message = format!("Must be less or equal than {}", go_float::format_general(max));
        return Err(
            FieldError::new("validation_max_number_constraint", message).with_param("max", to_json(max))
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn any_input_becomes_a_number() {
        for (input, number) in [
            (json!(1.5), 1.5),
            (json!("1.50"), 1.5),
            (json!("1_0"), 10.0),
            (json!("0x1p4"), 16.0),
            (json!("1e400"), 0.0),
            (json!(" 1"), 0.0),
            (json!("abc"), 0.0),
            (json!("inf"), f64::INFINITY),
            (json!(true), 1.0),
            (json!(null), 0.0),
            (json!([5]), 0.0),
        ] {
            assert_eq!(from_json(&input), number, "{input}");
        }
    }

    #[test]
    fn zero_skips_the_limits() {
        let options = NumberOptions { min: Some(5.0), only_int: true, ..NumberOptions::default() };
        assert_eq!(validate(&options, 0.0), Ok(()));
        assert_eq!(validate(&options, 5.5).unwrap_err().code, "validation_only_int_constraint");
        assert_eq!(validate(&options, 1e19).unwrap_err().code, "validation_only_int_constraint");
        assert_eq!(validate(&options, 9e18), Ok(()));
        assert_eq!(
            validate(&NumberOptions { required: true, ..options }, 0.0).unwrap_err().code,
            "validation_required"
        );
        assert_eq!(
            validate(&NumberOptions::default(), f64::NAN).unwrap_err().message,
            "The submitted number is not properly formatted"
        );
    }

    #[test]
    fn messages_name_the_limit() {
        let options = NumberOptions { min: Some(0.5), max: Some(1e6), ..NumberOptions::default() };
        assert_eq!(
            validate(&options, 0.25).unwrap_err().to_json(),
            json!({
                "code": "validation_min_number_constraint",
                "message": "Must be greater or equal than 0.5.",
                "params": {"min": 0.5},
            })
        );
        assert_eq!(
            validate(&options, 1e7).unwrap_err().to_json(),
            json!({
                "code": "validation_max_number_constraint",
                "message": "Must be less or equal than 1e+06.",
                "params": {"max": 1_000_000},
            })
        );
    }
}
