use super::{Head, bytes};

pub(super) fn bmp(head: Head<'_>) -> bool {
    head.bytes.starts_with(b"BM")
        && matches!(bytes::u32_le(head.bytes, 14), Some(48 | 24 | 16 | 64 | 52 | 56 | 40 | 124 | 108))
}

/// JPEG 2000 with this brand.
pub(super) fn jpeg_2000(head: Head<'_>, brand: &[u8]) -> bool {
    let is_jpeg = bytes::at(head.bytes, 4, b"jP  ") || bytes::at(head.bytes, 4, b"jP2 ");
    is_jpeg && bytes::at(head.bytes, 20, brand)
}

pub(super) fn dwg(head: Head<'_>) -> bool {
    const VERSIONS: [&[u8; 4]; 15] = [
        b"1.40", b"1.50", b"2.10", b"1002", b"1003", b"1004", b"1006", b"1009", b"1012", b"1014", b"1015",
        b"1018", b"1021", b"1024", b"1032",
    ];
    head.bytes.starts_with(b"AC") && VERSIONS.iter().any(|version| bytes::at(head.bytes, 2, *version))
}

pub(super) fn djvu(head: Head<'_>) -> bool {
    const KINDS: [&[u8]; 4] = [b"DJVM", b"DJVU", b"DJVI", b"THUM"];
    head.bytes.starts_with(b"AT&TFORM") && KINDS.iter().any(|kind| bytes::at(head.bytes, 12, kind))
}

/// A Netpbm image in one of two forms: the signature, comments, then width and height.
pub(super) fn netpbm(head: Head<'_>, plain: &[u8], raw: &[u8]) -> bool {
    let Some(mut rest) = head.bytes.strip_prefix(plain).or_else(|| head.bytes.strip_prefix(raw)) else {
        return false;
    };
    let mut sizes: &[u8] = &[];
    for _ in 0..128 {
        sizes = bytes::line(&mut rest);
        if sizes.starts_with(b"#") {
            continue;
        }
        sizes = bytes::trim_start(sizes);
        if rest.is_empty() || !sizes.is_empty() {
            break;
        }
    }
    let mut is_size = || {
        let digits = bytes::take_until(&mut sizes, bytes::is_space);
        sizes = bytes::trim_start(sizes);
        std::str::from_utf8(digits)
            .ok()
            .and_then(|text| text.parse::<i64>().ok())
            .is_some_and(|size| size > 0)
    };
    is_size() && is_size()
}

pub(super) fn netpbm_any(head: Head<'_>) -> bool {
    const NEEDED: [&[u8]; 4] = [b"WIDTH ", b"HEIGHT ", b"DEPTH ", b"MAXVAL "];
    let Some(mut rest) = head.bytes.strip_prefix(b"P7\n") else { return false };
    let mut found = [false; 4];
    for _ in 0..127 {
        let line = bytes::line(&mut rest);
        if line.is_empty() && rest.is_empty() {
            return false;
        }
        if line.starts_with(b"ENDHDR") {
            return found == [true; 4];
        }
        for (found, name) in found.iter_mut().zip(NEEDED) {
            *found |= line.starts_with(name);
        }
    }
    false
}
