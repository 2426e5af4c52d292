use super::{Head, bytes};

/// Whether it is an OLE file whose root object has this class id.
pub(super) fn ole(head: Head<'_>, class_ids: &[&[u8]]) -> bool {
    let offset = || {
        let sector = if bytes::at(head.bytes, 26, &[4, 0]) { 4096 } else { 512 };
        let first = usize::try_from(bytes::u32_le(head.bytes, 48)?).ok()?;
        first.checked_add(1)?.checked_mul(sector)?.checked_add(80)
    };
    let Some(offset) = offset().filter(|_| head.bytes.len() >= 512) else { return false };
    let class_id = bytes::after(head.bytes, offset);
    class_id.len() > 16 && class_ids.iter().any(|id| class_id.starts_with(id))
}

/// The part of an OLE file's directory that can name what is in it, in UTF-16.
fn names(head: Head<'_>) -> &[u8] {
    bytes::after(bytes::first(head.bytes, 4096), 1152)
}

pub(super) fn powerpoint(head: Head<'_>) -> bool {
    const CLASS_IDS: [&[u8]; 2] = [
        &[0x10, 0x8d, 0x81, 0x64, 0x9b, 0x4f, 0xcf, 0x11, 0x86, 0xea, 0x00, 0xaa, 0x00, 0xb9, 0x29, 0xe8],
        &[0x70, 0xae, 0x7b, 0xea, 0x3b, 0xfb, 0xcd, 0x11, 0xa9, 0x03, 0x00, 0xaa, 0x00, 0x51, 0x0e, 0xa3],
    ];
    const SUB_HEADERS: [&[u8]; 3] =
        [&[0xa0, 0x46, 0x1d, 0xf0], &[0x00, 0x6e, 0x1e, 0xf0], &[0x0f, 0x00, 0xe8, 0x03]];
    // As the reference has it: the blank without its zero.
    const NAME: &[u8] = b"P\0o\0w\0e\0r\0P\0o\0i\0n\0t\0 D\0o\0c\0u\0m\0e\0n\0t";
    if ole(head, &CLASS_IDS) {
        return true;
    }
    let sub_header = bytes::after(head.bytes, 512);
    head.bytes.len() >= 520
        && (SUB_HEADERS.iter().any(|known| sub_header.starts_with(known))
            || (sub_header.starts_with(&[0xfd, 0xff, 0xff, 0xff]) && bytes::at(sub_header, 6, &[0, 0]))
            || bytes::contains(names(head), NAME))
}

pub(super) fn excel(head: Head<'_>) -> bool {
    const CLASS_IDS: [&[u8]; 2] = [&[0x10, 0x08, 0x02, 0, 0, 0, 0, 0], &[0x20, 0x08, 0x02, 0, 0, 0, 0, 0]];
    const SUB_HEADERS: [&[u8]; 7] = [
        &[0x09, 0x08, 0x10, 0x00, 0x00, 0x06, 0x05, 0x00],
        &[0xfd, 0xff, 0xff, 0xff, 0x10],
        &[0xfd, 0xff, 0xff, 0xff, 0x1f],
        &[0xfd, 0xff, 0xff, 0xff, 0x22],
        &[0xfd, 0xff, 0xff, 0xff, 0x23],
        &[0xfd, 0xff, 0xff, 0xff, 0x28],
        &[0xfd, 0xff, 0xff, 0xff, 0x29],
    ];
    const NAME: &[u8] = b"W\0k\0s\0S\0S\0W\0o\0r\0k\0B\0o\0o\0k";
    if ole(head, &CLASS_IDS) {
        return true;
    }
    let sub_header = bytes::after(head.bytes, 512);
    head.bytes.len() >= 520
        && (SUB_HEADERS.iter().any(|known| sub_header.starts_with(known))
            || bytes::contains(names(head), NAME))
}

pub(super) fn lotus(head: Head<'_>) -> bool {
    let byte = |offset| bytes::byte(head.bytes, offset);
    head.bytes.len() > 20
        && match bytes::u32_be(head.bytes, 0) {
            Some(0x0000_0200) => byte(6) != 0 && byte(7) == 0,
            Some(0x0000_1a00) => (1..32).contains(&byte(20)),
            _ => false,
        }
}

pub(super) fn frame_maker(head: Head<'_>) -> bool {
    let is_named = head.bytes.starts_with(b"<MakerFile")
        || head.bytes.starts_with(b"<MakerDictionary")
        || bytes::starts_ignoring_case(head.bytes, b"<BOOKFILE");
    is_named && bytes::first(head.bytes, 512).contains(&0)
}

pub(super) fn pkcs7_signature(head: Head<'_>) -> bool {
    const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
    if head.bytes.starts_with(b"-----BEGIN PKCS7") {
        return true;
    }
    // A sequence whose length takes 0 to 4 bytes more than the first.
    let length_of_length = bytes::byte(head.bytes, 1).wrapping_sub(0x80);
    head.bytes.len() >= 20
        && head.bytes.starts_with(&[0x30])
        && length_of_length <= 4
        && bytes::at(head.bytes, 2 + usize::from(length_of_length), SIGNED_DATA)
}
