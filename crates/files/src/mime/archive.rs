use super::{Head, bytes};

pub(super) fn zip(head: Head<'_>) -> bool {
    let byte = |offset| bytes::byte(head.bytes, offset);
    head.bytes.starts_with(b"PK") && matches!(byte(2), 3 | 5 | 7) && matches!(byte(3), 4 | 6 | 8)
}

/// The names of a zip's first entries, as far as the head reaches.
struct ZipNames<'a>(&'a [u8]);

impl<'a> Iterator for ZipNames<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let entry = bytes::after(self.0, bytes::find(self.0, b"PK\x03\x04")?);
        let length = bytes::u16_le(entry, 26)?;
        self.0 = entry.get(30..)?;
        self.0.get(..usize::from(length)).filter(|name| !name.is_empty())
    }
}

/// How many entries are looked at.
const MAX_ENTRIES: usize = 100;

/// Whether it is an Office file: one with an entry in this directory, after the ones that usually come first.
pub(super) fn office(head: Head<'_>, directory: &[u8]) -> bool {
    const FIRST: [&[u8]; 4] = [b"_rels/", b"docProps/", b"customXml/", b"[trash]/"];
    for (at, name) in ZipNames(head.bytes).take(MAX_ENTRIES).enumerate() {
        if name.starts_with(directory) {
            return true;
        }
        let is_expected = name == b"[Content_Types].xml" || FIRST.iter().any(|first| name.starts_with(first));
        if at == 0 && !is_expected {
            return false;
        }
    }
    false
}

pub(super) fn apk(head: Head<'_>) -> bool {
    const NAMES: [&[u8]; 5] = [
        b"AndroidManifest.xml",
        b"META-INF/com/android/build/gradle/app-metadata.properties",
        b"classes.dex",
        b"resources.arsc",
        b"res/drawable",
    ];
    ZipNames(head.bytes).take(MAX_ENTRIES).any(|name| NAMES.contains(&name))
}

pub(super) fn kmz(head: Head<'_>) -> bool {
    ZipNames(head.bytes).take(MAX_ENTRIES).any(|name| name == b"doc.kml")
}

pub(super) fn jar(head: Head<'_>) -> bool {
    let first = ZipNames(head.bytes).next();
    let is_executable = || {
        let name_length = bytes::u16_le(head.bytes, 26)?;
        bytes::u16_le(head.bytes, 30 + usize::from(name_length))
    };
    matches!(first, Some(b"META-INF/" | b"META-INF/MANIFEST.MF")) || is_executable() == Some(0xcafe)
}

/// A Chrome extension: a zip after a header that says how long it is.
pub(super) fn crx(head: Head<'_>) -> bool {
    let start = || {
        let (key, signature) = (bytes::u32_le(head.bytes, 8)?, bytes::u32_le(head.bytes, 12)?);
        usize::try_from(16 + u64::from(key) + u64::from(signature)).ok()
    };
    head.bytes.starts_with(b"Cr24")
        && start().is_some_and(|start| zip(Head { bytes: bytes::after(head.bytes, start), ..head }))
}

/// A tar has no signature: its first record must have the right checksum.
pub(super) fn tar(head: Head<'_>) -> bool {
    let Some(record) = head.bytes.get(..512) else { return false };
    if bytes::contains(bytes::first(record, 100), b"/gpkg-1\0") {
        return false;
    }
    let is_checksum = |at| (148..156).contains(&at);
    let bytes_summed = || record.iter().enumerate().map(|(at, b)| if is_checksum(at) { b' ' } else { *b });
    let unsigned: i64 = bytes_summed().map(i64::from).sum();
    // The first tar summed the bytes as signed numbers.
    let signed: i64 = bytes_summed().map(|b| i64::from(b.cast_signed())).sum();
    octal(record.get(148..156).unwrap_or_default()).is_some_and(|sum| sum == unsigned || sum == signed)
}

fn octal(digits: &[u8]) -> Option<i64> {
    let is_padding = |b: &u8| matches!(b, b' ' | 0);
    let start = digits.iter().position(|b| !is_padding(b))?;
    let end = digits.iter().rposition(|b| !is_padding(b))? + 1;
    let mut value = 0;
    for digit in digits.get(start..end)?.iter().take_while(|b| **b != 0) {
        if !(b'0'..=b'7').contains(digit) {
            return None;
        }
        value = value * 8 + i64::from(digit - b'0');
    }
    Some(value)
}

pub(super) fn cpio(head: Head<'_>) -> bool {
    let is_binary = head.bytes.len() >= 6 && head.bytes.starts_with(&[0xc7, 0x71]);
    is_binary || [b"070707", b"070701", b"070702"].iter().any(|magic| head.bytes.starts_with(*magic))
}

pub(super) fn zstd(head: Head<'_>) -> bool {
    matches!(bytes::u32_le(head.bytes, 0), Some(0xfd2f_b522..=0xfd2f_b528 | 0x184d_2a50..=0x184d_2a5f))
}

pub(super) fn install_shield_cab(head: Head<'_>) -> bool {
    head.bytes.len() > 7
        && head.bytes.starts_with(b"ISc(")
        && bytes::byte(head.bytes, 6) == 0
        && matches!(bytes::byte(head.bytes, 7), 1 | 2 | 4)
}

pub(super) fn zlib(head: Head<'_>) -> bool {
    let header = u16::from_be_bytes([b'x', bytes::byte(head.bytes, 1)]);
    head.bytes.len() > 1
        && head.bytes.starts_with(b"x")
        && header.is_multiple_of(31)
        && !super::text::is_text(head)
}
