use engine::Record;
use schema::Value;
use serde_json::Number;

/// The integers up to here are exact as floating point numbers.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// A field's number as JSON. In data from elsewhere it can be a text field.
pub(super) fn number(record: &Record, field: &str) -> Number {
    match record.get(field) {
        Some(Value::Text(text)) => without_fraction(text.trim().parse().unwrap_or_default()),
        _ => without_fraction(record.number(field)),
    }
}

/// A number as JSON, without a fraction where it has none: `3`, not `3.0`.
#[expect(clippy::cast_possible_truncation, reason = "only integers that fit are converted")]
fn without_fraction(value: f64) -> Number {
    if value.fract() == 0.0 && value.abs() <= MAX_EXACT {
        return Number::from(value as i64);
    }
    Number::from_f64(value).unwrap_or_else(|| Number::from(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_no_fraction() {
        let text = |value| without_fraction(value).to_string();
        assert_eq!(text(3.0), "3");
        assert_eq!(text(-0.0), "0");
        assert_eq!(text(1.5), "1.5");
        assert_eq!(text(f64::NAN), "0");
    }
}
