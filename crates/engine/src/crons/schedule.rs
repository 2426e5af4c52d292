//! Times of a schedule, in the five-part notation of cron.

use std::num::IntErrorKind;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Short names for whole schedules.
const MACROS: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// Minutes, hours, days of the month, months and days of the week: the smallest and greatest value of each.
const SEGMENTS: [(u32, u32); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];

/// The minutes at which something is due: those that all five parts name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Schedule {
    expression: String,
    /// For each segment a bit for each of its values.
    segments: [u64; 5],
}

/// Why a text is no schedule, in a sentence for the one who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ScheduleError(String);

impl Schedule {
    /// Reads a macro such as `@daily`, or five parts with one space between them. Each part is a list of `*`, `a`,
    /// `a-b`, `*/n` and `a-b/n`.
    pub(crate) fn parse(text: &str) -> Result<Self, ScheduleError> {
        let named = MACROS.iter().find(|(name, _)| *name == text);
        let expression = named.map_or(text, |(_, expression)| expression);
        let parts: Vec<&str> = expression.split(' ').collect();
        if parts.len() != SEGMENTS.len() {
            let message = "must be a valid macro or to have exactly 5 space separated segments";
            return Err(ScheduleError(format!("invalid cron expression - {message}")));
        }
        let mut segments = [0; 5];
        for ((segment, part), (min, max)) in segments.iter_mut().zip(parts).zip(SEGMENTS) {
            for item in part.split(',') {
                *segment |= values(item, min, max).map_err(ScheduleError)?;
            }
        }
        Ok(Self { expression: expression.to_owned(), segments })
    }

    /// The five parts; a macro is written out.
    pub(crate) fn expression(&self) -> &str {
        &self.expression
    }

    /// Whether it names the minute of this time, in UTC.
    pub(crate) fn is_due(&self, at: Timestamp) -> bool {
        let time = at.to_zoned(TimeZone::UTC);
        let weekday = time.weekday().to_sunday_zero_offset();
        let moment = [time.minute(), time.hour(), time.day(), time.month(), weekday];
        self.segments.iter().zip(moment).all(|(segment, value)| segment >> value & 1 == 1)
    }
}

/// The values of one item of a list: `*`, `a`, `a-b`, `*/n` or `a-b/n`.
fn values(item: &str, min: u32, max: u32) -> Result<u64, String> {
    let mut halves = item.split('/');
    let (range, step) = (halves.next().unwrap_or_default(), halves.next().map(number).transpose()?);
    if halves.next().is_some() {
        return Err("invalid segment step format - must be in the format */n or 1-30/n".to_owned());
    }
    let (min, max, step) = (i64::from(min), i64::from(max), step.unwrap_or(1));
    if !(1..=max).contains(&step) {
        return Err(format!("invalid segment step boundary - the step must be between 1 and the {max}"));
    }
    let (from, to) = match *range.split('-').collect::<Vec<_>>() {
        ["*"] => (min, max),
        [_] if step != 1 => {
            let message = "step > 1 could be used only with the wildcard or range format";
            return Err(format!("invalid segment step - {message}"));
        }
        [value] => {
            let value = number(value)?;
            if !(min..=max).contains(&value) {
                let message = "must be between the min and max of the segment";
                return Err(format!("invalid segment value - {message}"));
            }
            (value, value)
        }
        [from, to] => {
            let from = number(from)?;
            if !(min..=max).contains(&from) {
                return Err(format!("invalid segment range minimum - must be between {min} and {max}"));
            }
            let to = number(to)?;
            if !(from..=max).contains(&to) {
                return Err(format!("invalid segment range maximum - must be between {from} and {max}"));
            }
            (from, to)
        }
        _ => return Err("invalid segment range format - the range must have 1 or 2 parts".to_owned()),
    };
    let named = (from..=to).filter(|value| (value - from) % step == 0);
    Ok(named.fold(0, |bits, value| bits | 1 << value))
}

fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|error: std::num::ParseIntError| {
        let problem = match error.kind() {
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "value out of range",
            _ => "invalid syntax",
        };
        format!("strconv.Atoi: parsing {text:?}: {problem}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Schedule::parse(text).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn schedules_are_told_from_nonsense() {
        for good in ["@daily", "* * * * *", "0 0 1 1 6", "*/5 1-3 1,2-30/2 12 0", "5/1 0 1 1 0"] {
            assert_eq!(error(good), "", "{good}");
        }
        for (bad, message) in [
            ("", "5 space separated"),
            ("x", "5 space separated"),
            ("*  * * * *", "5 space separated"),
            ("@never", "5 space separated"),
            ("60 * * * *", "between the min and max"),
            ("a * * * *", "strconv.Atoi: parsing \"a\": invalid syntax"),
            ("99999999999999999999 * * * *", "value out of range"),
            ("5/2 * * * *", "step > 1"),
            ("*/60 * * * *", "between 1 and the 59"),
            ("*/0 * * * *", "between 1 and the 59"),
            ("1/2/3 * * * *", "step format"),
            ("* 24-25 * * *", "range minimum"),
            ("* 5-4 * * *", "between 5 and 23"),
            ("* * * 1-2-3 *", "1 or 2 parts"),
            ("* * * * 7", "between the min and max"),
        ] {
            assert!(error(bad).contains(message), "{bad}: {:?}", error(bad));
        }
    }

    #[test]
    fn a_macro_is_written_out() {
        assert_eq!(Schedule::parse("@weekly").unwrap().expression(), "0 0 * * 0");
        assert_eq!(Schedule::parse("*/5 * * * *").unwrap().expression(), "*/5 * * * *");
    }

    #[test]
    fn due_is_what_all_parts_name() {
        let due = |schedule: &str, at: &str| Schedule::parse(schedule).unwrap().is_due(at.parse().unwrap());
        // A Saturday.
        let at = "2026-11-21T08:54:59.9Z";
        for schedule in ["* * * * *", "54 8 21 11 6", "*/9 * * * *", "0,50-58/4 8 * * *", "* * * * 5-6"] {
            assert!(due(schedule, at), "{schedule}");
        }
        for schedule in ["55 * * * *", "* 9 * * *", "* * 20 * *", "* * * 12 *", "* * * * 0", "*/10 * * * *"] {
            assert!(!due(schedule, at), "{schedule}");
        }
        assert!(due("@yearly", "2027-01-01T00:00:00Z") && due("0 0 * * 0", "2026-11-22T00:00:30Z"));
        // The time zone of the writer does not matter.
        assert!(due("0 0 * * *", "2026-11-21T08:00:00+08:00"));
    }
}
