use super::{Head, bytes};

pub(super) fn mp3(head: Head<'_>) -> bool {
    let frame = u16::from_be_bytes([bytes::byte(head.bytes, 0), bytes::byte(head.bytes, 1)]) & 0xfffe;
    head.bytes.len() >= 3 && (head.bytes.starts_with(b"ID3") || matches!(frame, 0xfffa | 0xfff2 | 0xffe2))
}

/// An Ogg file whose first stream is one of these.
pub(super) fn ogg(head: Head<'_>, streams: &[&[u8]]) -> bool {
    head.bytes.len() >= 37 && streams.iter().any(|stream| bytes::at(head.bytes, 28, stream))
}

/// A Matroska file of this document type, which is written after its id and its length.
pub(super) fn matroska(head: Head<'_>, document_type: &[u8]) -> bool {
    if !head.bytes.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) {
        return false;
    }
    let Some(at) = bytes::find(head.bytes, &[0x42, 0x82]) else { return false };
    let Some(length) = head.bytes.get(at + 2) else { return false };
    // The number of leading zero bits says how many bytes the length has, beside the first.
    let width = (length.leading_zeros() as usize + 1).min(8);
    bytes::at(head.bytes, at + 2 + width, document_type)
}

pub(super) fn mpeg(head: Head<'_>) -> bool {
    head.bytes.starts_with(&[0, 0, 1]) && (0xb0..=0xbf).contains(&bytes::byte(head.bytes, 3))
}

pub(super) fn quick_time(head: Head<'_>) -> bool {
    const ATOMS: [&[u8]; 5] = [b"moov\0", b"mdat\0", b"free\0", b"skip\0", b"pnot\0"];
    if head.bytes.len() < 12 {
        return false;
    }
    if bytes::at(head.bytes, 4, b"ftypqt  ") || bytes::at(head.bytes, 4, b"ftypmoov") {
        // Otherwise it is a text that has this by chance.
        return head.bytes.starts_with(&[0]);
    }
    ATOMS.iter().any(|atom| bytes::at(head.bytes, 4, atom)) || head.bytes.starts_with(b"\0\0\0\x08wide")
}
