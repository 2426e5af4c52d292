//! Looking into bytes without ever running past their end.

/// The first `length` bytes, or all when there are fewer.
pub(super) fn first(bytes: &[u8], length: usize) -> &[u8] {
    bytes.get(..length).unwrap_or(bytes)
}

/// What follows the first `length` bytes; nothing when there are fewer.
pub(super) fn after(bytes: &[u8], length: usize) -> &[u8] {
    bytes.get(length..).unwrap_or_default()
}

/// The byte at an offset; 0 past the end.
pub(super) fn byte(bytes: &[u8], offset: usize) -> u8 {
    bytes.get(offset).copied().unwrap_or(0)
}

/// Whether `part` is at this offset.
pub(super) fn at(bytes: &[u8], offset: usize, part: &[u8]) -> bool {
    bytes.get(offset..).is_some_and(|rest| rest.starts_with(part))
}

/// Where `part` is first.
pub(super) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// Whether `part` is anywhere.
pub(super) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    find(bytes, part).is_some()
}

/// The number at an offset, least significant byte first.
pub(super) fn u16_le(bytes: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*after(bytes, offset).first_chunk()?))
}

/// The number at an offset, least significant byte first.
pub(super) fn u32_le(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*after(bytes, offset).first_chunk()?))
}

/// The number at an offset, most significant byte first.
pub(super) fn u32_be(bytes: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*after(bytes, offset).first_chunk()?))
}

/// Whether it is a space, a tab, a line or a page break.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

/// Without the white space at the start.
pub(super) fn trim_start(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|b| !is_space(*b)).unwrap_or(bytes.len());
    after(bytes, start)
}

/// Takes everything before the first byte that `stops` is true for.
pub(super) fn take_until<'a>(bytes: &mut &'a [u8], stops: impl Fn(u8) -> bool) -> &'a [u8] {
    let end = bytes.iter().position(|b| stops(*b)).unwrap_or(bytes.len());
    let (taken, rest) = bytes.split_at_checked(end).unwrap_or((bytes, &[]));
    *bytes = rest;
    taken
}

/// Takes the next byte; 0 at the end.
pub(super) fn pop(bytes: &mut &[u8]) -> u8 {
    match bytes.split_first() {
        Some((first, rest)) => {
            *bytes = rest;
            *first
        }
        None => 0,
    }
}

/// Takes a line, which comes without its line break.
pub(super) fn line<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
    let line = take_until(bytes, |b| b == b'\n');
    pop(bytes);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Whether it starts with `prefix`, in any case.
pub(super) fn starts_ignoring_case(bytes: &[u8], prefix: &[u8]) -> bool {
    bytes.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
