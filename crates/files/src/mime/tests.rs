use proptest::prelude::*;

use super::*;

/// What the reference says about these.
#[rustfmt::skip]
const SAMPLES: &[(&[u8], &str, &str)] = &[
    (b"", "text/plain", ".txt"),
    (b"hello", "text/plain; charset=utf-8", ".txt"),
    ("héllo wörld".as_bytes(), "text/plain; charset=utf-8", ".txt"),
    (b"caf\xe9 au lait", "text/plain; charset=iso-8859-1", ".txt"),
    (b"\x85caf\xe9", "text/plain; charset=windows-1252", ".txt"),
    (b"\xc4\xe3\xba\xc3\x80\x81", "text/plain", ".txt"),
    (b"\xff\xfeh\0i\0", "text/plain; charset=utf-16le", ".txt"),
    (b"# Title\n\nSome *markdown*, with commas, here\n", "text/plain; charset=utf-8", ".txt"),
    (b"body { color: red; }\n", "text/plain; charset=utf-8", ".txt"),
    (b"import os\nprint('x')\n", "text/plain; charset=utf-8", ".txt"),
    (b"#!/usr/bin/env python3\nprint('x')\n", "text/x-python", ".py"),
    (b"#!/bin/bash\n", "text/x-shellscript", ".sh"),
    (b"{\"a\": [1, 2.5, true, null, \"x\"]}", "application/json", ".json"),
    (b"[1, 2", "text/plain; charset=utf-8", ".txt"),
    (b"\"just a text\"", "text/plain; charset=utf-8", ".txt"),
    (b"{\"type\":\"Feature\"}", "application/geo+json", ".geojson"),
    (b"{\"a\":1}\n{\"a\":2}\n", "application/x-ndjson", ".ndjson"),
    (b"a,b\n1,2\n", "text/csv", ".csv"),
    (b"a,b\n1,2,3\n", "text/plain; charset=utf-8", ".txt"),
    (b"a\t\"b\n\"\r\n1\t2\r\n", "text/tab-separated-values", ".tsv"),
    (b"<!DOCTYPE html><html></html>", "text/html; charset=utf-8", ".html"),
    (b"<html><head><meta charset=gb2312></head>", "text/html; charset=gb2312", ".html"),
    (b"<html><meta http-equiv=Content-Type content='text/html; charset=big5'>", "text/html; charset=big5", ".html"),
    (b"<html><meta charset=\"x\r\nSet-Cookie: y\">", "text/html; charset=utf-8", ".html"),
    (b"<?xml version=\"1.0\"?><a/>", "text/xml; charset=utf-8", ".xml"),
    (b"<?xml version='1.0' encoding='UTF-8'?><a/>", "text/xml; charset=UTF-8", ".xml"),
    (b"<?xml version=\"1.0\"?><rss></rss>", "application/rss+xml", ".rss"),
    (b"<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>", "image/svg+xml", ".svg"),
    (b"<?xml version=\"1.0\"?>\n<svg></svg>", "image/svg+xml", ".svg"),
    (b"<svg></svg>", "text/plain; charset=utf-8", ".txt"),
    (b"1\n00:00:01,000 --> 00:00:02,000\nhi\n", "application/x-subrip", ".srt"),
    (b"WEBVTT\n", "text/vtt", ".vtt"),
    (b"BEGIN:VCARD\r\nVERSION:3.0", "text/vcard", ".vcf"),
    (b"BEGIN:VCALENDAR\r\nVERSION:2.0", "text/calendar", ".ics"),
    (b"From: a@example.com\nSubject: hi\n\nhi", "message/rfc822", ".eml"),
    (b"{\\rtf1\\ansi", "text/rtf", ".rtf"),
    (b"%PDF-1.7\n", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg", ".jpg"),
    (b"GIF89a", "image/gif", ".gif"),
    (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp", ".webp"),
    (b"BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0", "image/bmp", ".bmp"),
    (b"\0\0\x01\0", "image/x-icon", ".ico"),
    (b"II*\0", "image/tiff", ".tiff"),
    (b"\0\0\0\x18ftypheic", "image/heic", ".heic"),
    (b"\0\0\0\x18ftypavif", "image/avif", ".avif"),
    (b"\0\0\0\x18ftypisom", "video/mp4", ".mp4"),
    (b"\0\0\0\x18ftypqt  ", "video/quicktime", ".mov"),
    (b"\0\0\0\x18ftypM4A ", "audio/x-m4a", ".m4a"),
    (b"\x1a\x45\xdf\xa3\x42\x82\x84webm", "video/webm", ".webm"),
    (b"\x1a\x45\xdf\xa3\x42\x82\x88matroska", "video/x-matroska", ".mkv"),
    (b"RIFF\0\0\0\0AVI LIST\0", "video/x-msvideo", ".avi"),
    (b"RIFF\0\0\0\0WAVE\0", "audio/wav", ".wav"),
    (b"ID3\x03\0", "audio/mpeg", ".mp3"),
    (b"\xff\xfb\x90\0", "audio/mpeg", ".mp3"),
    (b"fLaC\0\0\0\x22", "audio/flac", ".flac"),
    (b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0OpusHead\0", "audio/ogg", ".oga"),
    (b"PK\x03\x04", "application/zip", ".zip"),
    (b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x11\0\0\0word/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    (b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0f\0\0\0xl/workbook.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    (b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0mimetypeapplication/epub+zip",
        "application/epub+zip", ".epub"),
    (b"\x1f\x8b\x08\0", "application/gzip", ".gz"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", ".7z"),
    (b"Rar!\x1a\x07\0", "application/x-rar-compressed", ".rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage", ""),
    (b"MZ", "application/vnd.microsoft.portable-executable", ".exe"),
    (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0", "application/x-sharedlib", ".so"),
    (b"\0asm\x01\0\0\0", "application/wasm", ".wasm"),
    (b"SQLite format 3\0", "application/vnd.sqlite3", ".sqlite"),
    (b"wOF2", "font/woff2", ".woff2"),
    (b"\0\x01\x02\x03\xc8", "application/octet-stream", ""),
];

#[test]
fn types_and_extensions_are_those_of_the_reference() {
    for (head, content_type, extension) in SAMPLES {
        let detected = detect(head);
        let sample = String::from_utf8_lossy(head);
        assert_eq!(
            (detected.content_type().as_str(), detected.extension()),
            (*content_type, *extension),
            "{sample:?}"
        );
    }
}

#[test]
fn a_type_has_all_its_names() {
    let names = |head: &[u8]| detect(head).names().collect::<Vec<_>>();
    assert_eq!(names(b"hello"), ["text/plain"]);
    assert_eq!(names(b"ID3\x03\0"), ["audio/mpeg", "audio/x-mpeg", "audio/mp3"]);
    assert_eq!(
        names(b"PK\x03\x04"),
        ["application/zip", "application/x-zip", "application/x-zip-compressed"]
    );
}

#[test]
fn only_the_head_counts() {
    let mut long = vec![b'a'; HEAD_LENGTH];
    long.extend([0, 0, 0]);
    assert_eq!(detect(&long).content_type(), "text/plain; charset=utf-8");
    // A head that ends within the document is enough.
    let json = format!("[{}", "1, ".repeat(2000));
    assert_eq!(detect(json.as_bytes()).content_type(), "application/json");
    let csv = "a,b\n".repeat(2000);
    assert_eq!(detect(csv.as_bytes()).content_type(), "text/csv");
}

#[test]
fn deep_nesting_is_no_danger() {
    assert_eq!(detect("[".repeat(HEAD_LENGTH).as_bytes()).content_type(), "text/plain; charset=utf-8");
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail(sample in 0..SAMPLES.len(), cut in 0..64_usize, rest in any::<Vec<u8>>()) {
        let start = SAMPLES[sample].0;
        let head = [&start[..cut.min(start.len())], &rest].concat();
        let content_type = detect(&head).content_type();
        prop_assert!(content_type.bytes().all(|b| (b' '..0x7f).contains(&b)), "{content_type}");
    }
}
