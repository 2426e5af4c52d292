use jiff::{Timestamp, tz::TimeZone};
use parking_lot::Mutex;

/// Where the current time comes from.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;

    /// The current time as records store it (see [`format_timestamp`]).
    fn now_text(&self) -> String {
        format_timestamp(self.now())
    }
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the seam")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that stands at `start`.
    pub fn new(start: Timestamp) -> Self {
        Self(Mutex::new(start))
    }

    /// Moves the clock forward by this many milliseconds.
    pub fn advance_ms(&self, ms: i64) {
        let mut now = self.0.lock();
        *now = now.saturating_add(jiff::SignedDuration::from_millis(ms)).unwrap_or(*now);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock()
    }
}

/// A time in the form in which records store it: UTC, `YYYY-MM-DD HH:MM:SS.mmmZ`, cut to milliseconds.
pub fn format_timestamp(at: Timestamp) -> String {
    let civil = at.to_zoned(TimeZone::UTC).datetime();
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}Z",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second(),
        civil.millisecond()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_has_three_fraction_digits() {
        let at = Timestamp::from_millisecond(1_700_000_000_007).unwrap();
        assert_eq!(format_timestamp(at), "2023-11-14 22:13:20.007Z");
    }

    #[test]
    fn manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
        clock.advance_ms(1500);
        assert_eq!(clock.now_text(), "1970-01-01 00:00:01.500Z");
    }
}
