//! The character set of a text: from its byte order mark, from what it says itself, or from its bytes.

use std::collections::HashSet;

use super::{
    super::bytes,
    markup::{attribute, skip_comment},
};

/// How much of a text is looked at.
const LIMIT: usize = 1024;

/// The character set of a file of this type; only some types of text have one.
pub(in super::super) fn charset_of(content_type: &str, head: &[u8]) -> Option<String> {
    let text = bytes::first(head, LIMIT);
    let declared = match content_type {
        "text/plain" => None,
        "text/xml" => declared_in_xml(text),
        "text/html" if byte_order_mark(text).is_none() => declared_in_html(text),
        "text/html" => None,
        _ => return None,
    };
    // What the file says goes into a header: it must be a word, or it is not believed.
    let declared = declared.filter(|name| !name.is_empty() && name.bytes().all(is_token));
    declared.or_else(|| guess(text).map(str::to_owned))
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// The character set that a byte order mark stands for.
pub(super) fn byte_order_mark(text: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 5] = [
        (&[0xef, 0xbb, 0xbf], "utf-8"),
        (&[0x00, 0x00, 0xfe, 0xff], "utf-32be"),
        (&[0xff, 0xfe, 0x00, 0x00], "utf-32le"),
        (&[0xfe, 0xff], "utf-16be"),
        (&[0xff, 0xfe], "utf-16le"),
    ];
    MARKS.iter().find(|(mark, _)| text.starts_with(mark)).map(|(_, name)| *name)
}

fn guess(text: &[u8]) -> Option<&'static str> {
    if text.is_empty() {
        return None;
    }
    if let Some(name) = byte_order_mark(text) {
        return Some(name);
    }
    let complete = without_last_character(text);
    let is_utf8 = !complete.is_ascii() && std::str::from_utf8(complete).is_ok();
    // Plain ASCII is UTF-8 as well.
    if is_utf8 || text.iter().all(|b| is_printable_ascii(*b) || *b == NEXT_LINE) {
        return Some("utf-8");
    }
    if !text.iter().all(|b| is_printable_ascii(*b) || *b == NEXT_LINE || *b >= 0xa0) {
        return None;
    }
    Some(if text.contains(&NEXT_LINE) { "windows-1252" } else { "iso-8859-1" })
}

/// A control character of ISO 8859 that counts as text.
const NEXT_LINE: u8 = 0x85;

fn is_printable_ascii(byte: u8) -> bool {
    matches!(byte, 0x07..=0x0d | 0x1b | 0x20..=0x7e)
}

/// Without the last character unless it is ASCII: the head can end within it.
fn without_last_character(text: &[u8]) -> &[u8] {
    for length in (text.len().saturating_sub(3)..text.len()).rev() {
        match bytes::byte(text, length) {
            0..0x80 => break,
            byte if byte & 0xc0 != 0x80 => return bytes::first(text, length),
            _ => {}
        }
    }
    text
}

/// `<?xml version="1.0" encoding="UTF-8"?>`
fn declared_in_xml(mut text: &[u8]) -> Option<String> {
    const START: &[u8] = b"<?xml";
    loop {
        text = bytes::trim_start(text);
        text = bytes::after(text, bytes::find(text, START)? + START.len());
        loop {
            let attribute = attribute(&mut text);
            if attribute.name.starts_with(b"encoding") && !attribute.value.is_empty() {
                return Some(String::from_utf8_lossy(attribute.value).into_owned());
            }
            if !attribute.more {
                break;
            }
        }
    }
}

/// `<meta charset="utf-8">`, or the same in an http-equiv tag.
fn declared_in_html(mut text: &[u8]) -> Option<String> {
    const META: &[u8] = b"<META";
    loop {
        if skip_comment(&mut text) {
            continue;
        }
        if text.len() <= META.len() || bytes::starts_ignoring_case(text, b"<BODY") {
            return None;
        }
        if !bytes::starts_ignoring_case(text, META) {
            text = bytes::after(text, 1);
            continue;
        }
        text = bytes::after(text, META.len());
        let next = bytes::pop(&mut text);
        if !bytes::is_space(next) && next != b'/' {
            return None;
        }
        if let Some(charset) = charset_of_meta(&mut text) {
            return Some(charset);
        }
    }
}

/// The character set that a meta tag declares, if it does.
fn charset_of_meta(text: &mut &[u8]) -> Option<String> {
    let mut seen = HashSet::new();
    let mut charset = None;
    let (mut is_content_type, mut from_content) = (false, false);
    loop {
        let attribute = attribute(text);
        let name = attribute.name.to_ascii_lowercase();
        if seen.insert(name.clone()) {
            match name.as_slice() {
                b"http-equiv" if bytes::starts_ignoring_case(attribute.value, b"CONTENT-TYPE") => {
                    is_content_type = true;
                }
                b"content" => {
                    let value = charset_in_content(attribute.value);
                    if !value.is_empty() {
                        from_content = true;
                    }
                    charset = (charset.is_some() || from_content).then_some(value);
                }
                b"charset" => {
                    from_content = false;
                    charset = Some(attribute.value);
                }
                _ => {}
            }
        }
        if !attribute.more {
            break;
        }
    }
    // In `content` it counts only when the tag stands for a header.
    charset
        .filter(|_| !from_content || is_content_type)
        .map(|name| String::from_utf8_lossy(name).into_owned())
}

/// `text/html; charset=utf-8`
fn charset_in_content(mut text: &[u8]) -> &[u8] {
    const NAME: &[u8] = b"charset";
    while let Some(at) = bytes::find(text, NAME) {
        text = bytes::trim_start(bytes::after(text, at + NAME.len()));
        if bytes::pop(&mut text) != b'=' {
            continue;
        }
        text = bytes::trim_start(text);
        return match text.split_first() {
            Some((quote @ (b'"' | b'\''), mut rest)) => bytes::take_until(&mut rest, |b| b == *quote),
            _ => bytes::take_until(&mut text, |b| b == b';' || bytes::is_space(b)),
        }
        .trim_ascii();
    }
    &[]
}
