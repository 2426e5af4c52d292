use serde_json::Number;

/// The integers up to here are exact as floating point numbers.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// A number as JSON, without a fraction where it has none: `3`, not `3.0`.
#[expect(clippy::cast_possible_truncation, reason = "only integers that fit are converted")]
pub(super) fn number(value: f64) -> Number {
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
        let text = |value| number(value).to_string();
        assert_eq!(text(3.0), "3");
        assert_eq!(text(-0.0), "0");
        assert_eq!(text(1.5), "1.5");
        assert_eq!(text(f64::NAN), "0");
    }
}
