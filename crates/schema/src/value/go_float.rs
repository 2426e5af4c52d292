//! Numbers as text, read and written the way Go does.

use std::fmt::Write as _;

/// Reads a float with Go's rules: decimal and hexadecimal forms, underscores between digits, `inf`, `infinity` and
/// `nan` in any case. `None` when it is malformed or too great for a float.
pub(super) fn parse(text: &str) -> Option<f64> {
    if let Some(special) = parse_special(text) {
        return Some(special);
    }
    if !underscores_separate_digits(text) {
        return None;
    }
    let digits: String = text.chars().filter(|&c| c != '_').collect();
    let (negative, unsigned) = match digits.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, digits.strip_prefix('+').unwrap_or(&digits)),
    };
    let magnitude = match unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        Some(hexadecimal) => parse_hexadecimal(hexadecimal)?,
        None => parse_decimal(unsigned)?,
    };
    magnitude.is_finite().then_some(if negative { -magnitude } else { magnitude })
}

/// The shortest text that reads back as the same float, with an exponent below 1e-4 and from 1e6 on (`%g`, `%v`).
pub(super) fn format_general(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    let scientific = format!("{number:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let Ok(exponent) = exponent.parse::<i32>() else { return scientific };
    if (-4..6).contains(&exponent) || number == 0.0 {
        return number.to_string();
    }
    let mut text = String::from(mantissa);
    let sign = if exponent < 0 { '-' } else { '+' };
    // Writing to a string cannot fail.
    let _ = write!(text, "e{sign}{:02}", exponent.abs());
    text
}

fn parse_special(text: &str) -> Option<f64> {
    let (sign, unsigned) = match text.as_bytes().first()? {
        b'-' => (-1.0, text.get(1..)?),
        b'+' => (1.0, text.get(1..)?),
        _ if text.eq_ignore_ascii_case("nan") => return Some(f64::NAN),
        _ => (1.0, text),
    };
    let infinite = unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity");
    infinite.then_some(sign * f64::INFINITY)
}

/// Whether each underscore stands between two digits, or between the prefix of a hexadecimal number and a digit.
fn underscores_separate_digits(text: &str) -> bool {
    let hexadecimal = text.contains(['x', 'X']);
    let is_digit = |c: char| if hexadecimal { c.is_ascii_hexdigit() } else { c.is_ascii_digit() };
    let mut previous = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after_digit = previous.is_some_and(|p: char| is_digit(p) || matches!(p, 'x' | 'X'));
        if c == '_' && !(after_digit && chars.peek().is_some_and(|&next| is_digit(next))) {
            return false;
        }
        previous = Some(c);
    }
    true
}

fn parse_decimal(unsigned: &str) -> Option<f64> {
    // Rust's own grammar is Go's, apart from the words for the special values and a second sign.
    let plain = unsigned.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    (plain && !unsigned.starts_with(['+', '-'])).then(|| unsigned.parse().ok()).flatten()
}

/// `1.8p-3`: hexadecimal digits, and a binary exponent that must be there.
fn parse_hexadecimal(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let unsigned_exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if unsigned_exponent.is_empty() || !unsigned_exponent.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // An exponent beyond i32 is over or under the range of a float for any mantissa that fits in memory.
    let exponent =
        exponent.parse::<i32>().unwrap_or(if exponent.starts_with('-') { i32::MIN } else { i32::MAX });
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }

    let mut significand: u128 = 0;
    let mut dropped_digits: i64 = 0;
    for c in whole.chars().chain(fraction.chars()) {
        let digit = u128::from(c.to_digit(16)?);
        if significand >> 120 == 0 {
            significand = significand << 4 | digit;
        } else {
            // Digits past the precision count only for rounding: one bit remembers that there were any.
            significand |= u128::from(digit != 0);
            dropped_digits += 1;
        }
    }
    let fraction_digits = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let power = i64::from(exponent) + 4 * (dropped_digits - fraction_digits);
    Some(scale(significand as f64, power))
}

/// `number * 2^power`, in steps that do not leave the range before the last one does.
fn scale(mut number: f64, power: i64) -> f64 {
    let mut power = power.clamp(-4096, 4096) as i32;
    while power != 0 && number != 0.0 && number.is_finite() {
        let step = power.clamp(-1000, 1000);
        number *= 2f64.powi(step);
        power -= step;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_go_reads() {
        for (text, number) in [
            ("1.5", 1.5),
            ("+1.", 1.0),
            (".5e1", 5.0),
            ("-0", 0.0),
            ("007", 7.0),
            ("1_000", 1000.0),
            ("0x1p4", 16.0),
            ("0x_1.8P-1", 0.75),
            ("-0X.8p1", -1.0),
            ("0x1p-1074", 5e-324),
            ("-Infinity", f64::NEG_INFINITY),
            ("iNf", f64::INFINITY),
        ] {
            assert_eq!(parse(text), Some(number), "{text}");
        }
        assert!(parse("NAN").unwrap().is_nan());
    }

    #[test]
    fn refuses_what_go_refuses() {
        for text in [
            "", " 1", "1 ", "1,5", "0x10", "0x1p", "0b1", "1e400", "0x1p5000", "_1", "1_", "1__0", "1e_5",
            "e5", ".", "+-1", "-nan", "infi", "1e5x", "0x", "0xp1",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn general_form_switches_to_exponents_early() {
        for (number, text) in [
            (0.0, "0"),
            (123456.0, "123456"),
            (1234567.5, "1.2345675e+06"),
            (1e21, "1e+21"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-2.5e-300, "-2.5e-300"),
        ] {
            assert_eq!(format_general(number), text);
        }
    }
}
