use std::fmt::Write as _;

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

/// How many bytes a time has as text.
const TEXT_LENGTH: usize = 24;

/// A time in the form in which records store it: UTC, `YYYY-MM-DD HH:MM:SS.mmmZ`, cut to milliseconds.
pub fn format_timestamp(at: Timestamp) -> String {
    let civil = TimeZone::UTC.to_datetime(at);
    let mut text = String::with_capacity(TEXT_LENGTH);
    push_digits(&mut text, civil.year(), 4);
    let parts = [
        ('-', civil.month()),
        ('-', civil.day()),
        (' ', civil.hour()),
        (':', civil.minute()),
        (':', civil.second()),
    ];
    for (before, number) in parts {
        text.push(before);
        push_digits(&mut text, number.into(), 2);
    }
    text.push('.');
    push_digits(&mut text, civil.millisecond(), 3);
    text.push('Z');
    text
}

/// Writes a number with so many digits, four at most; a sign takes the place of one.
fn push_digits(text: &mut String, number: i16, width: usize) {
    let Ok(mut rest) = u16::try_from(number) else {
        // Writing to a text does not fail.
        let _ = write!(text, "{number:0width$}");
        return;
    };
    let mut digits = ['0'; 4];
    for digit in digits.iter_mut().rev() {
        *digit = char::from_digit(u32::from(rest % 10), 10).unwrap_or('0');
        rest /= 10;
    }
    text.extend(digits.iter().skip(digits.len().saturating_sub(width)));
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
    fn text_form_holds_the_first_and_the_last_moment() {
        assert_eq!(format_timestamp(Timestamp::MIN), "-9999-01-02 01:59:59.000Z");
        assert_eq!(format_timestamp(Timestamp::MAX), "9999-12-30 22:00:00.999Z");
        assert_eq!(format_timestamp("-000005-03-04T05:06:07Z".parse().unwrap()), "-005-03-04 05:06:07.000Z");
    }

    #[test]
    fn manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
        clock.advance_ms(1500);
        assert_eq!(clock.now_text(), "1970-01-01 00:00:01.500Z");
    }
}
