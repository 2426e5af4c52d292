//! The names that stand for a time.

use ambient::format_timestamp;
use jiff::civil::{Date, DateTime, time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use sql::Value;

/// The value of a macro at a moment; `None` when there is no such macro. Everything is in UTC.
pub(crate) fn value(name: &str, now: Timestamp) -> Option<Value> {
    let civil = now.to_zoned(TimeZone::UTC).datetime();
    let date = civil.date();
    let text = match name {
        "@now" => format_timestamp(now),
        "@yesterday" => moment(civil.saturating_sub(Span::new().days(1))),
        "@tomorrow" => moment(civil.saturating_add(Span::new().days(1))),
        "@todayStart" => start(date),
        "@todayEnd" => end(date),
        "@monthStart" => start(date.first_of_month()),
        "@monthEnd" => end(date.last_of_month()),
        "@yearStart" => start(date.first_of_year()),
        "@yearEnd" => end(date.last_of_year()),
        _ => return number(name, civil).map(Value::Integer),
    };
    Some(Value::Text(text))
}

fn number(name: &str, civil: DateTime) -> Option<i64> {
    Some(match name {
        "@second" => civil.second().into(),
        "@minute" => civil.minute().into(),
        "@hour" => civil.hour().into(),
        "@day" => civil.day().into(),
        "@month" => civil.month().into(),
        "@weekday" => civil.weekday().to_sunday_zero_offset().into(),
        "@year" => civil.year().into(),
        _ => return None,
    })
}

fn start(date: Date) -> String {
    moment(date.to_datetime(time(0, 0, 0, 0)))
}

fn end(date: Date) -> String {
    moment(date.to_datetime(time(23, 59, 59, 999_999_999)))
}

fn moment(civil: DateTime) -> String {
    // Only the first and last days of the calendar have no time in UTC.
    TimeZone::UTC.to_timestamp(civil).map(format_timestamp).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_are_in_utc() {
        let now: Timestamp = "2024-02-10T21:05:07.123456Z".parse().unwrap();
        for (name, expected) in [
            ("@now", "2024-02-10 21:05:07.123Z"),
            ("@yesterday", "2024-02-09 21:05:07.123Z"),
            ("@tomorrow", "2024-02-11 21:05:07.123Z"),
            ("@todayStart", "2024-02-10 00:00:00.000Z"),
            ("@todayEnd", "2024-02-10 23:59:59.999Z"),
            ("@monthStart", "2024-02-01 00:00:00.000Z"),
            ("@monthEnd", "2024-02-29 23:59:59.999Z"),
            ("@yearStart", "2024-01-01 00:00:00.000Z"),
            ("@yearEnd", "2024-12-31 23:59:59.999Z"),
        ] {
            assert_eq!(value(name, now), Some(expected.into()), "{name}");
        }
        let numbers = ["@second", "@minute", "@hour", "@day", "@month", "@weekday", "@year"];
        let values: Vec<_> = numbers.iter().map(|name| value(name, now)).collect();
        assert_eq!(values, [7, 5, 21, 10, 2, 6, 2024].map(|number| Some(Value::Integer(number))));
        assert_eq!(value("@NOW", now), None);
    }
}
