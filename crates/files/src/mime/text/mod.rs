mod charset;
mod csv;
mod json;
mod markup;
mod script;

pub(super) use charset::charset_of;
pub(super) use csv::{csv, tsv};
pub(super) use json::{geo_json, gltf, har, json, nd_json};
pub(super) use markup::{html, is_xml_of, svg, xhtml, xml};
pub(super) use script::{Interpreters, php};

use super::{Head, bytes};

/// Text is what starts with a byte order mark or has no control characters that text does not have.
pub(super) fn is_text(head: Head<'_>) -> bool {
    charset::byte_order_mark(head.bytes).is_some()
        || !head.bytes.iter().any(|b| matches!(b, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f))
}

/// It starts so in any case, and goes on.
fn starts_and_goes_on(head: Head<'_>, prefixes: &[&[u8]]) -> bool {
    prefixes
        .iter()
        .any(|prefix| head.bytes.len() > prefix.len() && bytes::starts_ignoring_case(head.bytes, prefix))
}

pub(super) fn vcard(head: Head<'_>) -> bool {
    starts_and_goes_on(head, &[b"BEGIN:VCARD\n", b"BEGIN:VCARD\r\n"])
}

pub(super) fn calendar(head: Head<'_>) -> bool {
    starts_and_goes_on(head, &[b"BEGIN:VCALENDAR\n", b"BEGIN:VCALENDAR\r\n"])
}

/// Subtitles: the number 1, a line of two times, a line of text.
pub(super) fn sub_rip(head: Head<'_>) -> bool {
    let mut rest = head.bytes;
    if bytes::line(&mut rest) != b"1" {
        return false;
    }
    let times = bytes::line(&mut rest);
    let (from, arrow, to) = (bytes::first(times, 12), times.get(12..17), bytes::after(times, 17));
    // Times of this form compare as texts do.
    arrow == Some(b" --> ")
        && is_time(from)
        && is_time(to)
        && from <= to
        && !bytes::line(&mut rest).is_empty()
}

/// `hh:mm:ss,mmm`
fn is_time(text: &[u8]) -> bool {
    let digits_fit = |at: usize, below: u8| {
        text.get(at..at + 2).is_some_and(|digits| {
            digits.iter().all(u8::is_ascii_digit)
                && (bytes::byte(digits, 0) - b'0') * 10 + (bytes::byte(digits, 1) - b'0') < below
        })
    };
    text.len() == 12
        && (digits_fit(0, 24) && digits_fit(3, 60) && digits_fit(6, 60))
        && bytes::after(text, 9).iter().all(u8::is_ascii_digit)
        && [(2, b':'), (5, b':'), (8, b',')].iter().all(|(at, mark)| bytes::byte(text, *at) == *mark)
}

pub(super) fn web_vtt(head: Head<'_>) -> bool {
    let text = head.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head.bytes);
    let Some(rest) = text.strip_prefix(b"WEBVTT") else { return false };
    matches!(rest.first(), None | Some(b'\n' | b'\r' | b' ' | b'\t'))
}

/// A mail: a known header in the first line and another one in the next twenty.
pub(super) fn mail(head: Head<'_>) -> bool {
    const EXACT: [&[u8]; 12] = [
        b"From: ",
        b"To: ",
        b"Date: ",
        b"Subject: ",
        b"Received: ",
        b"Relay-Version: ",
        b"#! rnews",
        b"N#! rnews",
        b"Forward to",
        b"Pipe to",
        b"Content-Type: ",
        b"Content-Transfer-Encoding: ",
    ];
    const ANY_CASE: [&[u8]; 3] = [b"CC: ", b"DELIVERED-TO: ", b"RETURN-PATH: "];
    let mut rest = head.bytes;
    let mut is_header = || {
        let line = bytes::line(&mut rest);
        EXACT.iter().any(|name| line.starts_with(name))
            || ANY_CASE.iter().any(|name| bytes::starts_ignoring_case(line, name))
    };
    is_header() && (0..20).any(|_| is_header())
}
