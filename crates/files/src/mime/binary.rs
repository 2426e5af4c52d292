use super::{Head, bytes};

/// Java classes and fat Mach-O files share a signature; the byte at 7 tells them apart.
fn is_cafebabe(head: Head<'_>) -> bool {
    head.bytes.len() >= 8 && bytes::u32_be(head.bytes, 0) == Some(0xcafe_babe)
}

pub(super) fn java_class(head: Head<'_>) -> bool {
    is_cafebabe(head) && bytes::byte(head.bytes, 7) > 30
}

pub(super) fn mach_o(head: Head<'_>) -> bool {
    let is_fat = is_cafebabe(head) && bytes::byte(head.bytes, 7) < 20;
    is_fat
        || [bytes::u32_be(head.bytes, 0), bytes::u32_le(head.bytes, 0)]
            .iter()
            .any(|magic| matches!(magic, Some(0xfeed_face | 0xfeed_facf)))
}

/// An ELF file of this type, in either byte order.
pub(super) fn elf(head: Head<'_>, kind: u8) -> bool {
    bytes::at(head.bytes, 16, &[kind, 0]) || bytes::at(head.bytes, 16, &[0, kind])
}

pub(super) fn dbf(head: Head<'_>) -> bool {
    const VERSIONS: [u8; 22] = [
        0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x42, 0x62, 0x7b, 0x82, 0x83, 0x87, 0x8a, 0x8b, 0x8e, 0xb3,
        0xcb, 0xe5, 0xf5, 0xf4, 0xfb,
    ];
    let byte = |offset| bytes::byte(head.bytes, offset);
    head.bytes.len() >= 68
        && (1..=12).contains(&byte(2))
        && (1..=31).contains(&byte(3))
        && [12, 13, 30, 31].into_iter().all(|reserved| byte(reserved) == 0)
        && byte(28) <= 1
        && VERSIONS.contains(&byte(0))
}

pub(super) fn marc(head: Head<'_>) -> bool {
    bytes::at(head.bytes, 20, b"4500")
        && bytes::first(head.bytes, 5).iter().all(u8::is_ascii_digit)
        && bytes::first(head.bytes, 2048).contains(&0x1e)
}

pub(super) fn time_zone(head: Head<'_>) -> bool {
    head.bytes.len() >= 44
        && head.bytes.starts_with(b"TZif")
        && bytes::u32_be(head.bytes, 36) != Some(0)
        && matches!(bytes::byte(head.bytes, 4), 0 | b'2' | b'3')
}

pub(super) fn shape(head: Head<'_>) -> bool {
    head.bytes.len() >= 112
        && head.bytes.starts_with(&[0, 0, 0x27, 0x0a])
        && head.bytes.get(4..24).is_some_and(|unused| unused.iter().all(|b| *b == 0))
        && bytes::u32_le(head.bytes, 28) == Some(1000)
        && matches!(
            bytes::u32_le(head.bytes, 108),
            Some(0 | 1 | 3 | 5 | 8 | 11 | 13 | 15 | 18 | 21 | 23 | 25 | 28 | 31)
        )
}

/// Weather data: this signature and one of these versions.
pub(super) fn weather(head: Head<'_>, signature: &[u8], versions: [u8; 2]) -> bool {
    head.bytes.len() > 7
        && head.bytes.starts_with(signature)
        && versions.contains(&bytes::byte(head.bytes, 7))
}

pub(super) fn true_type(head: Head<'_>) -> bool {
    const TABLES: [&[u8; 4]; 40] = [
        b"acnt", b"ankr", b"avar", b"bdat", b"bhed", b"bloc", b"bsln", b"cmap", b"cvar", b"cvt ", b"EBSC",
        b"fdsc", b"feat", b"fmtx", b"fond", b"fpgm", b"fvar", b"gasp", b"gcid", b"glyf", b"gvar", b"hdmx",
        b"head", b"hhea", b"hmtx", b"hvgl", b"hvpm", b"just", b"kern", b"kerx", b"lcar", b"loca", b"ltag",
        b"maxp", b"meta", b"mort", b"morx", b"name", b"opbd", b"OS/2",
    ];
    let tables = u16::from_be_bytes([bytes::byte(head.bytes, 4), bytes::byte(head.bytes, 5)]);
    head.bytes.starts_with(&[0, 1, 0, 0])
        && tables < 49
        && TABLES.iter().any(|table| bytes::at(head.bytes, 12, *table))
}

pub(super) fn open_type(head: Head<'_>) -> bool {
    head.bytes.len() > 48
        && head.bytes.starts_with(b"OTTO\0")
        && head.bytes.get(12..48).is_some_and(|tables| bytes::contains(tables, b"CFF "))
}

pub(super) fn embedded_open_type(head: Head<'_>) -> bool {
    const VERSIONS: [&[u8]; 3] = [&[2, 0, 1], &[1, 0, 0], &[2, 0, 2]];
    bytes::at(head.bytes, 34, b"LP") && VERSIONS.iter().any(|version| bytes::at(head.bytes, 8, version))
}
