use super::super::{Head, bytes};

pub(in super::super) fn html(head: Head<'_>) -> bool {
    const TAGS: [&[u8]; 17] = [
        b"<!DOCTYPE HTML",
        b"<HTML",
        b"<HEAD",
        b"<SCRIPT",
        b"<IFRAME",
        b"<H1",
        b"<DIV",
        b"<FONT",
        b"<TABLE",
        b"<A",
        b"<STYLE",
        b"<TITLE",
        b"<B",
        b"<BODY",
        b"<BR",
        b"<P",
        b"<!--",
    ];
    TAGS.iter().any(|tag| starts_with_tag(head, tag))
}

pub(in super::super) fn xml(head: Head<'_>) -> bool {
    starts_with_tag(head, b"<?XML")
}

/// Whether the text starts, after a byte order mark and white space, with this tag and the tag's name ends there.
fn starts_with_tag(head: Head<'_>, tag: &[u8]) -> bool {
    let text = bytes::trim_start(head.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head.bytes));
    let ends_name = |next: &u8| bytes::is_space(*next) || *next == b'>';
    bytes::starts_ignoring_case(text, tag) && text.get(tag.len()).is_some_and(ends_name)
}

/// Whether an XML document has one of these root elements and attributes; empty stands for any.
pub(in super::super) fn is_xml_of(head: &[u8], roots: &[(&str, &str)]) -> bool {
    let text = bytes::first(bytes::trim_start(head), 512);
    let find = |part: &str| bytes::find(text, part.as_bytes());
    roots.iter().any(|(root, attribute)| match (root.is_empty(), attribute.is_empty()) {
        (true, _) => find(attribute).is_some_and(|at| at > 0),
        (false, true) => find(root).is_some_and(|at| at > 0),
        (false, false) => find(root).is_some_and(|root| find(attribute).is_some_and(|at| root < at)),
    })
}

/// An XML document with an HTML root or document type.
pub(in super::super) fn xhtml(head: Head<'_>) -> bool {
    let text = bytes::first(head.bytes, 1024);
    let starts_anywhere = |first: &[u8], second: &[u8]| {
        (0..text.len()).any(|at| {
            let text = bytes::after(text, at);
            // Any white space may be between the two, but not less than a character.
            bytes::starts_ignoring_case(text, first)
                && text.get(first.len()).is_some_and(|gap| bytes::is_space(*gap))
                && bytes::starts_ignoring_case(bytes::trim_start(bytes::after(text, first.len())), second)
        })
    };
    starts_anywhere(b"<!DOCTYPE", b"HTML") || starts_anywhere(b"<HTML", b"XMLNS=")
}

pub(in super::super) fn svg(head: Head<'_>) -> bool {
    let text = bytes::trim_start(head.bytes);
    is_svg_element(text) || is_svg_document(text)
}

fn is_svg_element(mut text: &[u8]) -> bool {
    while skip_comment(&mut text) {}
    if !text.starts_with(b"<svg") {
        return false;
    }
    loop {
        let attribute = attribute(&mut text);
        if attribute.name == b"xmlns" && attribute.value == b"http://www.w3.org/2000/svg" {
            return true;
        }
        if !attribute.more {
            return false;
        }
    }
}

fn is_svg_document(mut text: &[u8]) -> bool {
    if !text.starts_with(b"<?xml") {
        return false;
    }
    loop {
        let attribute = attribute(&mut text);
        if attribute.name == b"version" {
            return bytes::contains(text, b"<svg");
        }
        if !attribute.more {
            return false;
        }
    }
}

/// Passes over a comment when the text starts with one.
pub(super) fn skip_comment(text: &mut &[u8]) -> bool {
    if !text.starts_with(b"<!--") {
        return false;
    }
    // The dashes of the start can be those of the end.
    let Some(end) = bytes::find(bytes::after(text, 2), b"-->") else { return false };
    *text = bytes::after(text, 2 + end + 3);
    true
}

/// An attribute of a tag.
#[derive(Default)]
pub(super) struct Attribute<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
    /// Whether the tag goes on.
    pub(super) more: bool,
}

/// Takes the next attribute of a tag, as the HTML standard's search for the encoding does.
pub(super) fn attribute<'a>(text: &mut &'a [u8]) -> Attribute<'a> {
    bytes::take_until(text, |b| !bytes::is_space(b) && b != b'/');
    if text.first() == Some(&b'>') {
        return Attribute::default();
    }
    let start = *text;
    let mut length = 0;
    loop {
        let name = bytes::first(start, length);
        match bytes::pop(text) {
            0 => return Attribute::default(),
            b'=' if length > 0 => {
                let (value, more) = attribute_value(text);
                return Attribute { name, value, more };
            }
            space if bytes::is_space(space) => {
                *text = bytes::trim_start(text);
                let Some(rest) = text.strip_prefix(b"=") else {
                    return Attribute { name, value: &[], more: true };
                };
                *text = rest;
                let (value, more) = attribute_value(text);
                return Attribute { name, value, more };
            }
            b'/' | b'>' => return Attribute { name, value: &[], more: false },
            _ => length += 1,
        }
    }
}

/// Takes the value behind `=`, and says whether the tag goes on.
fn attribute_value<'a>(text: &mut &'a [u8]) -> (&'a [u8], bool) {
    *text = bytes::trim_start(text);
    let start = *text;
    match bytes::pop(text) {
        0 | b'>' => (&[], false),
        quote @ (b'"' | b'\'') => {
            let value = bytes::take_until(text, |b| b == quote);
            if bytes::pop(text) != quote {
                return (&[], false);
            }
            (value, !matches!(text.first(), None | Some(0 | b'>')))
        }
        _ => {
            let end = start.iter().position(|b| bytes::is_space(*b) || matches!(b, 0 | b'>'));
            let Some(end) = end.filter(|end| start.get(*end) != Some(&0)) else {
                *text = &[];
                return (&[], false);
            };
            *text = bytes::after(start, end + 1);
            (bytes::first(start, end), start.get(end) != Some(&b'>'))
        }
    }
}
