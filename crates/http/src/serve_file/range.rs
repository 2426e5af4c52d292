use std::ops::Range;

use http::HeaderValue;

/// Which bytes a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Requested {
    /// All of them.
    Whole,
    /// These; never none.
    Part(Range<u64>),
    /// Several of these, in this order.
    Parts(Vec<Range<u64>>),
    /// Some behind the end of the file.
    Outside,
    /// What is asked for cannot be read.
    Malformed,
}

/// The most parts that are sent in one reply.
const MAX_PARTS: usize = 100;

/// Reads a `Range` header for a file of this size. More parts than make sense, or more bytes in them than the file has,
/// are answered with all of it.
pub(super) fn parse(header: Option<&HeaderValue>, size: u64) -> Requested {
    let Some(header) = header.filter(|value| !value.is_empty()) else { return Requested::Whole };
    let Some(list) = header.to_str().ok().and_then(|text| text.strip_prefix("bytes=")) else {
        return Requested::Malformed;
    };
    let (mut found, mut any_outside) = (Vec::new(), false);
    for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        match one(item, size) {
            Some(Some(range)) => found.push(range),
            Some(None) => any_outside = true,
            None => return Requested::Malformed,
        }
    }
    let bytes = found.iter().fold(0_u64, |bytes, range| bytes.saturating_add(range.end - range.start));
    if found.len() > MAX_PARTS || bytes > size {
        return Requested::Whole;
    }
    match found.as_slice() {
        // Clients may ask for a range of any file: an empty one has nothing to refuse.
        [] if any_outside && size > 0 => Requested::Outside,
        [] => Requested::Whole,
        [range] => Requested::Part(range.clone()),
        _ => Requested::Parts(found),
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
            ("bytes=0-1,4-5,99-", Requested::Parts(vec![0..2, 4..6])),
            ("bytes=5-,0-1", Requested::Parts(vec![5..10, 0..2])),
            ("bytes=0-5,2-9", Requested::Whole),
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
            let parts = match read(&text, size) {
                Requested::Part(range) => vec![range],
                Requested::Parts(ranges) => ranges,
                _ => Vec::new(),
            };
            for range in parts {
                prop_assert!(range.start < range.end && range.end <= size);
            }
        }
    }
}
