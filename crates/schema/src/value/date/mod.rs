//! Times as text.

mod layout;
mod parse;

use std::borrow::Cow;

use jiff::civil::DateTime;

use crate::error::FieldError;
use crate::field::DateOptions;

/// The time that a text names, in the form of [`ambient::format_timestamp`]; empty when it names none.
///
/// The text may be in any of some twenty common forms: ISO 8601 with and without `T`, fraction and zone, those of
/// mail headers, and a few more. Without a zone it is UTC. The first moment of the year 1 counts as no time.
pub fn normalize(text: &str) -> Cow<'_, str> {
    if text.is_empty() || is_normal(text) {
        return Cow::Borrowed(text);
    }
    match parse::parse(text).filter(|&time| time != ZERO).and_then(format) {
        Some(normal) => Cow::Owned(normal),
        None => Cow::Borrowed(""),
    }
}

/// What counts as no time.
const ZERO: DateTime = DateTime::constant(1, 1, 1, 0, 0, 0, 0);

/// Whether a text is in the normal form already, which is how almost every text comes that is read from a column.
fn is_normal(text: &str) -> bool {
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        mo1,
        mo2,
        b'-',
        d1,
        d2,
        b' ',
        h1,
        h2,
        b':',
        mi1,
        mi2,
        b':',
        s1,
        s2,
        b'.',
        f1,
        f2,
        f3,
        b'Z',
    ] = text.as_bytes()
    else {
        return false;
    };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0_i16, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0')))
    };
    let parts = (number(&[y1, y2, y3, y4]), number(&[mo1, mo2]), number(&[d1, d2]));
    let (Some(year), Some(month), Some(day)) = parts else { return false };
    let parts = (number(&[h1, h2]), number(&[mi1, mi2]), number(&[s1, s2]), number(&[f1, f2, f3]));
    let (Some(hour), Some(minute), Some(second), Some(millisecond)) = parts else { return false };
    hour < 24
        && minute < 60
        && second < 60
        && (1..=12).contains(&month)
        && (1..=parse::days_in_month(year, month)).contains(&day)
        && (year, month, day, hour, minute, second, millisecond) != (1, 1, 1, 0, 0, 0, 0)
}

/// The normal form. Years outside of 0 to 9999, which a zone can lead to, have none.
fn format(time: DateTime) -> Option<String> {
    (time.year() >= 0).then(|| {
        format!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}Z",
            time.year(),
            time.month(),
            time.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.millisecond()
        )
    })
}

/// Checks a normal text. Normal texts sort like the times they stand for.
pub(super) fn validate(options: &DateOptions, text: &str) -> Result<(), FieldError> {
    if text.is_empty() {
        return if options.required { Err(FieldError::required()) } else { Ok(()) };
    }
    let min = normalize(&options.min);
    if !min.is_empty() && text < &*min {
        let message = format!("must be no less than {}", spelled(&min, " ", " +0000 UTC"));
        return Err(FieldError::new("validation_min_greater_equal_than_required", message)
            .with_param("threshold", spelled(&min, "T", "Z")));
    }
    let max = normalize(&options.max);
    if !max.is_empty() && text > &*max {
        let message = format!("must be no greater than {}", spelled(&max, " ", " +0000 UTC"));
        return Err(FieldError::new("validation_max_less_equal_than_required", message)
            .with_param("threshold", spelled(&max, "T", "Z")));
    }
    Ok(())
}

/// A normal text with another separator and zone, and a fraction without zeros at its end.
fn spelled(normal: &str, separator: &str, zone: &str) -> String {
    let local = normal.trim_end_matches('Z').trim_end_matches('0').trim_end_matches('.');
    // The seconds may end in zeros that do not belong to the fraction.
    let whole = normal.get(..19).unwrap_or_default();
    let local = if local.len() < whole.len() { whole } else { local };
    local.replacen(' ', separator, 1) + zone
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn normal_texts_are_left_alone() {
        for text in ["", "2024-02-29 23:59:59.999Z", "0000-01-01 15:04:00.000Z", "9999-12-31 00:00:00.000Z"] {
            assert!(matches!(normalize(text), Cow::Borrowed(same) if same == text), "{text}");
        }
        for text in [
            "2023-02-29 00:00:00.000Z",
            "2024-13-01 00:00:00.000Z",
            "2024-01-01 24:00:00.000Z",
            "0001-01-01 00:00:00.000Z",
            "2024-01-01 00:60:00.000Z",
            "2024-01-00 00:00:00.000Z",
            "202é-01-01 00:00:00.00Z",
        ] {
            assert_eq!(normalize(text), "", "{text}");
        }
    }

    #[test]
    fn years_outside_of_four_digits_are_no_times() {
        assert_eq!(normalize("9999-12-31T23:59:59-01:00"), "");
        assert_eq!(normalize("0000-01-01T00:00:00+01:00"), "");
        assert_eq!(normalize("0001-01-01T01:00:00+01:00"), "");
        assert_eq!(normalize("0001-01-01T00:00:00Z"), "");
    }

    #[test]
    fn limits_are_inclusive_and_named() {
        let options = DateOptions {
            min: "2024-01-01 10:00:00.000Z".into(),
            max: "2024-01-02 00:00:00.120Z".into(),
            required: true,
        };
        let check = |text| validate(&options, text).map_err(|error| error.to_json());
        assert_eq!(check("2024-01-01 10:00:00.000Z"), Ok(()));
        assert_eq!(check("2024-01-02 00:00:00.120Z"), Ok(()));
        assert_eq!(check(""), Err(FieldError::required().to_json()));
        assert_eq!(
            check("2024-01-01 09:59:59.999Z"),
            Err(json!({
                "code": "validation_min_greater_equal_than_required",
                "message": "Must be no less than 2024-01-01 10:00:00 +0000 UTC.",
                "params": {"threshold": "2024-01-01T10:00:00Z"},
            }))
        );
        assert_eq!(
            check("2024-01-02 00:00:00.121Z"),
            Err(json!({
                "code": "validation_max_less_equal_than_required",
                "message": "Must be no greater than 2024-01-02 00:00:00.12 +0000 UTC.",
                "params": {"threshold": "2024-01-02T00:00:00.12Z"},
            }))
        );
    }
}
