use std::ops::Range;

use http::HeaderValue;

/// Which bytes a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Requested {
    /// All of them.
    Whole,
    /// These; never none.
    Part(Range<u64>),
    /// Some behind the end of the file.
    Outside,
    /// What is asked for cannot be read.
    Malformed,
}

/// Reads a `Range` header for a file of this size. Several ranges in the file are answered with all of it.
pub(super) fn parse(header: Option<&HeaderValue>, size: u64) -> Requested {
    let Some(header) = header.filter(|value| !value.is_empty()) else { return Requested::Whole };
    let Some(list) = header.to_str().ok().and_then(|text| text.strip_prefix("bytes=")) else {
        return Requested::Malformed;
    };
    let (mut found, mut count, mut any_outside) = (None, 0, false);
    for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        match one(item, size) {
            Some(Some(range)) => {
                found = Some(range);
                count += 1;
            }
            Some(None) => any_outside = true,
            None => return Requested::Malformed,
        }
    }
    match found {
        Some(range) if count == 1 => Requested::Part(range),
        // Clients may ask for a range of any file: an empty one has nothing to refuse.
        None if any_outside && size > 0 => Requested::Outside,
        _ => Requested::Whole,
    }
}

/// `first-last`, `first-` or `-length`; `None` when it is none of them, `Some(None)` when it is not in the file.
fn one(item: &str, size: u64) -> Option<Option<Range<u64>>> {
    let (first, last) = item.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    if first.is_empty() {
        let start = size - number(last)?.min(size);
        return Some((start < size).then_some(start..size));
    }
    let first = number(first)?;
    if last.is_empty() {
        return Some((first < size).then_some(first..size));
    }
    let last = number(last)?;
    if last < first {
        return None;
    }
    Some((first < size).then(|| first..last.saturating_add(1).min(size)))
}

fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, size: u64) -> Requested {
        parse(Some(&text.parse().unwrap()), size)
    }

    #[test]
    fn ranges_are_read() {
        let cases = [
            ("bytes=0-4", Requested::Part(0..5)),
            ("bytes=5-", Requested::Part(5..10)),
            ("bytes=-3", Requested::Part(7..10)),
            ("bytes=-99", Requested::Part(0..10)),
            ("bytes=9-99", Requested::Part(9..10)),
            ("bytes= 1 - 2 ,", Requested::Part(1..3)),
            ("bytes=10-,2-3", Requested::Part(2..4)),
            ("bytes=0-1,4-5", Requested::Whole),
            ("bytes=", Requested::Whole),
            ("bytes=10-", Requested::Outside),
            ("bytes=-0", Requested::Outside),
            ("bytes=5-2", Requested::Malformed),
            ("bytes=0-18446744073709551615", Requested::Part(0..10)),
            ("bytes=0-99999999999999999999", Requested::Malformed),
            ("bytes=-", Requested::Malformed),
            ("bytes=--1", Requested::Malformed),
            ("bytes=+1-2", Requested::Malformed),
            ("bytes=1", Requested::Malformed),
            ("bytes=0-1,x", Requested::Malformed),
            ("items=0-1", Requested::Malformed),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text, 10), expected, "{text}");
        }
        assert_eq!(parse(None, 10), Requested::Whole);
        assert_eq!(read("", 10), Requested::Whole);
        assert_eq!(read("bytes=0-", 0), Requested::Whole);
    }

    proptest! {
        #[test]
        fn a_part_is_always_in_the_file(text in "bytes=[0-9, -]{0,12}", size in 0..40_u64) {
            if let Requested::Part(range) = read(&text, size) {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }
    }
}
