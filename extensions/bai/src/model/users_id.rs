//! `users_id`: `U`, the day in Asia/Shanghai and a number that counts the users of that day.

use jiff::Timestamp;

use super::calendar::local_day;

/// The least number of digits of the number.
const MIN_DIGITS: usize = 4;

/// The ids of one day. Numbers are written with at least four digits, so the ids of a day sort as texts like their
/// numbers, but only as long as those have the same number of digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day {
    prefix: String,
}

impl Day {
    /// The day of this moment.
    pub(crate) fn of(now: Timestamp) -> Self {
        Self { prefix: local_day(now).strftime("U%Y%m%d").to_string() }
    }

    /// The id with this number.
    pub(crate) fn id(&self, number: u64) -> String {
        format!("{}{number:0width$}", self.prefix, width = MIN_DIGITS)
    }

    /// The number of an id of this day; `None` when it is none.
    pub(crate) fn number(&self, id: &str) -> Option<u64> {
        let digits = id.strip_prefix(&self.prefix)?;
        let is_number = digits.len() >= MIN_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse().ok())?
    }

    /// The number that follows when `newest` is the last in the order of texts of all ids there are; `None` when that
    /// alone does not tell.
    pub(crate) fn follow(&self, newest: Option<&str>) -> Option<u64> {
        match newest {
            None => Some(1),
            Some(id) if id < self.prefix.as_str() => Some(1),
            Some(id) => self.number(id).filter(|&number| !hides_longer(number))?.checked_add(1),
        }
    }

    /// A pattern for the ids of this day whose numbers have more digits than `number`.
    pub(crate) fn longer_than(&self, number: u64) -> String {
        let digits = number.to_string().len().max(MIN_DIGITS - 1) + 1;
        format!("{}{}%", self.prefix, "_".repeat(digits))
    }
}

/// Whether ids with more digits can come before this number's in the order of texts while being later: `9999` comes
/// after `10000`.
pub(crate) fn hides_longer(number: u64) -> bool {
    let digits = number.to_string();
    digits.len() >= MIN_DIGITS && digits.bytes().all(|digit| digit == b'9')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> Day {
        Day::of("2026-03-18T16:00:00Z".parse().unwrap())
    }

    #[test]
    fn ids_have_four_digits_and_more_when_needed() {
        assert_eq!(day().id(1), "U202603190001");
        assert_eq!(day().id(9999), "U202603199999");
        assert_eq!(day().id(10000), "U2026031910000");
    }

    #[test]
    fn numbers_are_read_back() {
        for number in [1, 42, 9999, 10000, 123_456] {
            assert_eq!(day().number(&day().id(number)), Some(number));
        }
        for other in ["U202603180001", "U20260319001", "U20260319x001", "U20260319+001", "", "U2026031９0001"]
        {
            assert_eq!(day().number(other), None, "{other}");
        }
        assert_eq!(day().number("U2026031999999999999999999999"), None);
    }

    #[test]
    fn the_next_number_follows_the_last_id() {
        assert_eq!(day().follow(None), Some(1));
        assert_eq!(day().follow(Some("U202603189999")), Some(1), "yesterday's");
        assert_eq!(day().follow(Some("U202603190041")), Some(42));
        assert_eq!(day().follow(Some("U202603199998")), Some(9999));
        assert_eq!(day().follow(Some("U202603199999")), None, "10000 sorts before it");
        assert_eq!(day().follow(Some("U202603200001")), None, "tomorrow's");
        assert_eq!(day().follow(Some("U20260319-by-hand")), None);
    }

    #[test]
    fn patterns_ask_for_more_digits() {
        assert_eq!(day().longer_than(0), "U20260319____%");
        assert_eq!(day().longer_than(9999), "U20260319_____%");
        assert_eq!(day().longer_than(99999), "U20260319______%");
    }
}
