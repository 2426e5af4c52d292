//! Days and times of day where the business is.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz};

/// Hours east of UTC in Asia/Shanghai, which has no summer time.
const SHANGHAI: i8 = 8;

/// The time of day in Asia/Shanghai.
pub(crate) fn local_time(at: Timestamp) -> DateTime {
    tz::offset(SHANGHAI).to_datetime(at)
}

/// The day in Asia/Shanghai.
pub(crate) fn local_day(at: Timestamp) -> Date {
    local_time(at).date()
}

/// A time as the contract sends it: RFC 3339 in UTC, to the millisecond.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    ambient::format_timestamp(at).replacen(' ', "T", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_begins_at_four_in_the_afternoon_utc() {
        let day = |text: &str| local_day(text.parse().unwrap()).to_string();
        assert_eq!(day("2026-03-18T15:59:59Z"), "2026-03-18");
        assert_eq!(day("2026-03-18T16:00:00Z"), "2026-03-19");
    }

    #[test]
    fn sent_times_are_rfc_3339() {
        let at = Timestamp::from_millisecond(1_700_000_000_007).unwrap();
        assert_eq!(rfc3339(at), "2023-11-14T22:13:20.007Z");
        assert_eq!(rfc3339(at).parse::<Timestamp>().unwrap(), at);
    }
}
