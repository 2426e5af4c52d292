//! Whether a document is in force.

use jiff::Timestamp;
use jiff::civil::Date;

use super::calendar::local_day;

/// In force.
pub(crate) const VALID: &str = "有效";

/// Not in force.
pub(crate) const EXPIRED: &str = "过期";

/// The status of a document today, by the stored texts of its first and last day; an empty text sets no limit.
///
/// Both days count in full, and as days in Asia/Shanghai: a date without a time of day means that day there, whether
/// it was sent as midnight UTC or as midnight in Shanghai.
pub(crate) fn status(effect: &str, expiry: &str, now: Timestamp) -> &'static str {
    let today = local_day(now);
    let begun = day(effect).is_none_or(|first| first <= today);
    let ended = day(expiry).is_some_and(|last| last < today);
    if begun && !ended { VALID } else { EXPIRED }
}

/// The day of a stored time; `None` for the empty text.
fn day(text: &str) -> Option<Date> {
    text.parse::<Timestamp>().ok().map(local_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(effect: &str, expiry: &str, now: &str) -> &'static str {
        status(effect, expiry, now.parse().unwrap())
    }

    #[test]
    fn without_dates_it_is_always_valid() {
        assert_eq!(on("", "", "2026-03-31T00:00:00Z"), VALID);
    }

    #[test]
    fn the_last_day_counts_in_full() {
        for midnight in ["2026-03-31 00:00:00.000Z", "2026-03-30 16:00:00.000Z"] {
            assert_eq!(on("", midnight, "2026-03-31T15:59:59Z"), VALID, "{midnight}");
            assert_eq!(on("", midnight, "2026-03-31T16:00:00Z"), EXPIRED, "{midnight}");
        }
    }

    #[test]
    fn before_the_first_day_it_is_not_in_force() {
        let first = "2026-04-01 00:00:00.000Z";
        assert_eq!(on(first, "", "2026-03-31T15:59:59Z"), EXPIRED);
        assert_eq!(on(first, "", "2026-03-31T16:00:00Z"), VALID);
    }
}
