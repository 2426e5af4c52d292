//! The forms of times that are understood.

/// A part of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// This text. Where it has a space, the input may have several, or end.
    Text(&'static str),
    /// Four digits.
    Year,
    /// Two digits; from 69 on in the last century.
    ShortYear,
    /// Two digits.
    Month,
    /// Three letters in any case.
    MonthName,
    /// Two digits.
    Day,
    /// One or two digits, perhaps after a space.
    PaddedDay,
    /// One or two digits.
    Hour,
    /// One or two digits up to 12.
    HalfDayHour,
    /// Two digits.
    Minute,
    /// Two digits, perhaps with a fraction.
    Second,
    /// `AM` or `PM`.
    HalfDay,
    /// Three letters in any case; it need not be right.
    Weekday,
    /// The full name in any case; it need not be right.
    LongWeekday,
    /// `+0200`.
    Offset,
    /// `+02:00`.
    ColonOffset,
    /// `Z` or `+0200`.
    ZuluOrOffset,
    /// `Z` or `+02:00`.
    ZuluOrColonOffset,
    /// An abbreviation. Only `UTC` and `GMT+2` mean something.
    ZoneName,
}

use Part::{
    ColonOffset, Day, HalfDay, HalfDayHour, Hour, LongWeekday, Minute, Month, MonthName, Offset, PaddedDay,
    Second, ShortYear, Text, Weekday, Year, ZoneName, ZuluOrColonOffset, ZuluOrOffset,
};

const DASH: Part = Text("-");
const COLON: Part = Text(":");
const SPACE: Part = Text(" ");
const COMMA: Part = Text(", ");
const TEE: Part = Text("T");

/// The forms in the order in which they are tried; the first that fits counts.
pub(super) const LAYOUTS: &[&[Part]] = &[
    // 2006-01-02
    &[Year, DASH, Month, DASH, Day],
    // 2006-01-02T15:04:05Z07:00
    &[Year, DASH, Month, DASH, Day, TEE, Hour, COLON, Minute, COLON, Second, ZuluOrColonOffset],
    // 2006-01-02T15:04:05
    &[Year, DASH, Month, DASH, Day, TEE, Hour, COLON, Minute, COLON, Second],
    // Mon, 02 Jan 2006 15:04:05 -0700
    &[
        Weekday, COMMA, Day, SPACE, MonthName, SPACE, Year, SPACE, Hour, COLON, Minute, COLON, Second, SPACE,
        Offset,
    ],
    // Mon, 02 Jan 2006 15:04:05 MST
    &[
        Weekday, COMMA, Day, SPACE, MonthName, SPACE, Year, SPACE, Hour, COLON, Minute, COLON, Second, SPACE,
        ZoneName,
    ],
    // 02 Jan 06 15:04 -0700
    &[Day, SPACE, MonthName, SPACE, ShortYear, SPACE, Hour, COLON, Minute, SPACE, Offset],
    // 02 Jan 06 15:04 MST
    &[Day, SPACE, MonthName, SPACE, ShortYear, SPACE, Hour, COLON, Minute, SPACE, ZoneName],
    // Monday, 02-Jan-06 15:04:05 MST
    &[
        LongWeekday,
        COMMA,
        Day,
        DASH,
        MonthName,
        DASH,
        ShortYear,
        SPACE,
        Hour,
        COLON,
        Minute,
        COLON,
        Second,
        SPACE,
        ZoneName,
    ],
    // 2006-01-02 15:04:05 -0700 MST
    &[
        Year, DASH, Month, DASH, Day, SPACE, Hour, COLON, Minute, COLON, Second, SPACE, Offset, SPACE,
        ZoneName,
    ],
    // 2006-01-02T15:04:05-0700
    &[Year, DASH, Month, DASH, Day, TEE, Hour, COLON, Minute, COLON, Second, Offset],
    // 2006-01-02 15:04:05Z0700
    &[Year, DASH, Month, DASH, Day, SPACE, Hour, COLON, Minute, COLON, Second, ZuluOrOffset],
    // 2006-01-02 15:04:05
    &[Year, DASH, Month, DASH, Day, SPACE, Hour, COLON, Minute, COLON, Second],
    // Mon Jan _2 15:04:05 2006
    &[Weekday, SPACE, MonthName, SPACE, PaddedDay, SPACE, Hour, COLON, Minute, COLON, Second, SPACE, Year],
    // Mon Jan _2 15:04:05 MST 2006
    &[
        Weekday, SPACE, MonthName, SPACE, PaddedDay, SPACE, Hour, COLON, Minute, COLON, Second, SPACE,
        ZoneName, SPACE, Year,
    ],
    // Mon Jan 02 15:04:05 -0700 2006
    &[
        Weekday, SPACE, MonthName, SPACE, Day, SPACE, Hour, COLON, Minute, COLON, Second, SPACE, Offset,
        SPACE, Year,
    ],
    // 2006-01-02 15:04:05Z07:00
    &[Year, DASH, Month, DASH, Day, SPACE, Hour, COLON, Minute, COLON, Second, ZuluOrColonOffset],
    // 02 Jan 2006
    &[Day, SPACE, MonthName, SPACE, Year],
    // 2006-01-02 15:04:05 -07:00
    &[Year, DASH, Month, DASH, Day, SPACE, Hour, COLON, Minute, COLON, Second, SPACE, ColonOffset],
    // 2006-01-02 15:04:05 -0700
    &[Year, DASH, Month, DASH, Day, SPACE, Hour, COLON, Minute, COLON, Second, SPACE, Offset],
    // 3:04PM
    &[HalfDayHour, COLON, Minute, HalfDay],
    // Jan _2 15:04:05
    &[MonthName, SPACE, PaddedDay, SPACE, Hour, COLON, Minute, COLON, Second],
];
