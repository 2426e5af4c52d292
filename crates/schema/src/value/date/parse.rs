//! Reading a time by a layout, with the liberties that Go takes.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

use super::layout::{LAYOUTS, Part};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The time that a text names, in UTC.
pub(super) fn parse(text: &str) -> Option<DateTime> {
    LAYOUTS.iter().find_map(|layout| {
        let mut reader = Reader { rest: text.as_bytes(), ..Reader::default() };
        layout.iter().try_for_each(|&part| reader.read(part))?;
        if reader.rest.is_empty() { reader.time() } else { None }
    })
}

/// How many days the month (1 to 12) has.
pub(super) fn days_in_month(year: i16, month: i16) -> i16 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What has been read so far, and what is left of the text.
#[derive(Debug, Default)]
struct Reader<'a> {
    rest: &'a [u8],
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
    afternoon: Option<bool>,
    /// Seconds that local time is ahead of UTC.
    offset: Option<i64>,
    utc: bool,
}

impl<'a> Reader<'a> {
    /// Reads one part; `None` when the text does not continue with it.
    fn read(&mut self, part: Part) -> Option<()> {
        match part {
            Part::Text(text) => self.literal(text.as_bytes())?,
            Part::Year => self.year = self.digits(4)?,
            Part::ShortYear => {
                let year = self.digits(2)?;
                self.year = if year >= 69 { 1900 + year } else { 2000 + year };
            }
            Part::Month => {
                self.month = Some(i8::try_from(self.digits(2)?).ok().filter(|m| (1..=12).contains(m))?);
            }
            Part::MonthName => self.month = Some(i8::try_from(self.name(&MONTHS, 3)? + 1).ok()?),
            Part::Day => self.day = Some(i8::try_from(self.digits(2)?).ok()?),
            Part::PaddedDay => {
                self.rest = self.rest.strip_prefix(b" ").unwrap_or(self.rest);
                self.day = Some(self.one_or_two_digits()?);
            }
            Part::Hour => self.hour = self.one_or_two_digits().filter(|&hour| hour < 24)?,
            Part::HalfDayHour => self.hour = self.one_or_two_digits().filter(|&hour| hour <= 12)?,
            Part::Minute => self.minute = self.sixtieth()?,
            Part::Second => {
                self.second = self.sixtieth()?;
                self.fraction();
            }
            Part::HalfDay => {
                let half = self.take(2)?;
                self.afternoon = Some(half == b"PM").filter(|&afternoon| afternoon || half == b"AM");
                self.afternoon?;
            }
            Part::Weekday => drop(self.name(&WEEKDAYS, 3)?),
            Part::LongWeekday => drop(self.name(&WEEKDAYS, usize::MAX)?),
            Part::Offset => self.offset("")?,
            Part::ColonOffset => self.offset(":")?,
            Part::ZuluOrOffset => self.zulu().or_else(|| self.offset(""))?,
            Part::ZuluOrColonOffset => self.zulu().or_else(|| self.offset(":"))?,
            Part::ZoneName => self.zone_name()?,
        }
        Some(())
    }

    /// The time, when its parts are within their ranges.
    fn time(&self) -> Option<DateTime> {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let date = Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()?;
        let local = date.at(hour, self.minute, self.second, self.nanosecond);
        let offset = self.offset.filter(|_| !self.utc);
        local.checked_sub(SignedDuration::from_secs(offset.unwrap_or_default())).ok()
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn literal(&mut self, mut text: &[u8]) -> Option<()> {
        while let Some((&expected, tail)) = text.split_first() {
            text = tail;
            if expected == b' ' {
                if self.rest.first().is_some_and(|&byte| byte != b' ') {
                    return None;
                }
                while let Some(rest) = self.rest.strip_prefix(b" ") {
                    self.rest = rest;
                }
            } else {
                self.rest = self.rest.strip_prefix(&[expected])?;
            }
        }
        Some(())
    }

    /// Exactly this many digits.
    fn digits(&mut self, length: usize) -> Option<i16> {
        let taken = self.take(length)?;
        taken
            .iter()
            .try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0')))
    }

    fn one_or_two_digits(&mut self) -> Option<i8> {
        let two = matches!(self.rest, [_, second, ..] if second.is_ascii_digit());
        i8::try_from(self.digits(if two { 2 } else { 1 })?).ok()
    }

    fn sixtieth(&mut self) -> Option<i8> {
        i8::try_from(self.digits(2)?).ok().filter(|&number| number < 60)
    }

    /// A fraction of a second, if there is one, down to nanoseconds.
    fn fraction(&mut self) {
        let Some((b'.' | b',', digits)) = self.rest.split_first() else { return };
        let length = digits.iter().take_while(|digit| digit.is_ascii_digit()).count();
        if length == 0 {
            return;
        }
        let padded = digits.iter().take(length).chain(std::iter::repeat(&b'0'));
        self.nanosecond = padded.take(9).fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
        self.rest = digits.get(length..).unwrap_or_default();
    }

    /// The position of the name that comes next, of which `length` letters count.
    fn name(&mut self, names: &[&str], length: usize) -> Option<usize> {
        names.iter().position(|name| {
            let name = name.as_bytes();
            let name = name.get(..length).unwrap_or(name);
            let found = self.rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            if found {
                self.rest = self.rest.get(name.len()..).unwrap_or_default();
            }
            found
        })
    }

    fn zulu(&mut self) -> Option<()> {
        self.rest = self.rest.strip_prefix(b"Z")?;
        self.utc = true;
        Some(())
    }

    fn offset(&mut self, separator: &str) -> Option<()> {
        let sign = match self.take(1)? {
            b"+" => 1,
            b"-" => -1,
            _ => return None,
        };
        let hours = self.digits(2).filter(|&hours| hours <= 24)?;
        self.rest = self.rest.strip_prefix(separator.as_bytes())?;
        // Some write an offset of 60 minutes.
        let minutes = self.digits(2).filter(|&minutes| minutes <= 60)?;
        self.offset = Some(sign * (i64::from(hours) * 60 + i64::from(minutes)) * 60);
        Some(())
    }

    /// An abbreviation: three capital letters, four or five that end in `T`, and a few others. It moves the time
    /// only as `GMT+2` without another offset, and then the wrong way.
    fn zone_name(&mut self) -> Option<()> {
        if let Some(rest) = self.rest.strip_prefix(b"UTC") {
            self.rest = rest;
            self.utc = true;
            return Some(());
        }
        let capitals = self.rest.iter().take(6).take_while(|letter| letter.is_ascii_uppercase()).count();
        let length = match (self.rest, capitals) {
            ([b'C', b'h', b'S', b'T', ..] | [b'M', b'e', b'S', b'T', ..], _) => 4,
            ([b'G', b'M', b'T', rest @ ..], _) => {
                let (hours, length) = signed_hours(rest).unwrap_or_default();
                self.offset.get_or_insert(-i64::from(hours) * 3600);
                3 + length
            }
            ([b'+' | b'-', ..], _) if self.rest.len() >= 3 => signed_hours(self.rest)?.1,
            (_, 3) => 3,
            ([_, _, _, b'T', ..] | [b'W', b'I', b'T', b'A', ..], 4) => 4,
            ([_, _, _, _, b'T', ..], 5) => 5,
            _ => return None,
        };
        self.take(length).map(drop)
    }
}

/// The hours of `+2` at the start of the text, up to 23, and their length with the sign.
fn signed_hours(text: &[u8]) -> Option<(i32, usize)> {
    let (sign, digits) = match text.split_first()? {
        (b'+', digits) => (1, digits),
        (b'-', digits) => (-1, digits),
        _ => return None,
    };
    let length = digits.iter().take_while(|digit| digit.is_ascii_digit()).count();
    let hours = digits
        .iter()
        .take(length)
        .try_fold(0_i32, |sum, digit| sum.checked_mul(10)?.checked_add(i32::from(digit - b'0')));
    let hours = hours.filter(|&hours| length > 0 && hours <= 23)?;
    Some((sign * hours, length + 1))
}

#[cfg(test)]
mod tests {
    use super::super::normalize;

    #[test]
    fn every_layout_is_understood() {
        for (text, expected) in [
            ("2024-01-02", "2024-01-02 00:00:00.000Z"),
            ("2024-01-02T03:04:05Z", "2024-01-02 03:04:05.000Z"),
            ("2024-01-02T03:04:05.123456+02:00", "2024-01-02 01:04:05.123Z"),
            ("2024-01-02T03:04:05,9", "2024-01-02 03:04:05.900Z"),
            ("2024-01-02T3:04:05", "2024-01-02 03:04:05.000Z"),
            ("Tue, 02 Jan 2024 03:04:05 -0700", "2024-01-02 10:04:05.000Z"),
            ("mon,  02 JAN 2024 03:04:05 CEST", "2024-01-02 03:04:05.000Z"),
            ("Mon, 02 Jan 2024 03:04:05 GMT+3", "2024-01-02 06:04:05.000Z"),
            ("02 Jan 69 15:04 +0100", "1969-01-02 14:04:00.000Z"),
            ("02 Jan 68 15:04 ChST", "2068-01-02 15:04:00.000Z"),
            ("Tuesday, 02-Jan-24 15:04:05 WITA", "2024-01-02 15:04:05.000Z"),
            ("2024-01-02 15:04:05.999999999 +0200 CEST", "2024-01-02 13:04:05.999Z"),
            ("2024-01-02 15:04:05 +0200 UTC", "2024-01-02 15:04:05.000Z"),
            ("2024-01-02T15:04:05-2460", "2024-01-03 16:04:05.000Z"),
            ("2024-01-02 15:04:05Z", "2024-01-02 15:04:05.000Z"),
            ("2024-01-02 15:04:05+0100", "2024-01-02 14:04:05.000Z"),
            ("2024-01-02 15:04:05.5", "2024-01-02 15:04:05.500Z"),
            ("Tue Jan  2 15:04:05 2024", "2024-01-02 15:04:05.000Z"),
            ("Tue Jan 2 15:04:05 PST 2024", "2024-01-02 15:04:05.000Z"),
            ("Tue Jan 02 15:04:05 -0700 2024", "2024-01-02 22:04:05.000Z"),
            ("2024-01-02 15:04:05+01:00", "2024-01-02 14:04:05.000Z"),
            ("29 Feb 2024", "2024-02-29 00:00:00.000Z"),
            ("2024-01-02 15:04:05 +01:30", "2024-01-02 13:34:05.000Z"),
            ("2024-01-02 15:04:05 -0130", "2024-01-02 16:34:05.000Z"),
            ("3:04PM", "0000-01-01 15:04:00.000Z"),
            ("12:04AM", "0000-01-01 00:04:00.000Z"),
            ("Feb 29 15:04:05.000001", "0000-02-29 15:04:05.000Z"),
        ] {
            assert_eq!(normalize(text), expected, "{text}");
        }
    }

    #[test]
    fn everything_else_is_no_time() {
        for text in [
            "now",
            "2024",
            "20240102",
            "2024-1-2",
            "2024-02-30",
            "2024-01-02T",
            "2024-01-02 15:04",
            "2024-01-02T15:04:05z",
            "2024-01-02T24:00:00Z",
            "2024-01-02 15:04:05 ",
            " 2024-01-02",
            "2024-01-02 15:04:05+25:00",
            "13:04PM",
            "3:04pm",
            "Foo, 02 Jan 2024 03:04:05 GMT",
            "Tue, 02 Jan 2024 03:04:05 ABCDEF",
            "+024-01-02",
        ] {
            assert_eq!(normalize(text), "", "{text}");
        }
    }
}
