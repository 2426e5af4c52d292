//! What is kept with an object beside its bytes, in PocketBase's spelling.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The name of the metadata that holds a file's original name; stores put their own prefix before it.
pub(crate) const ORIGINAL_NAME: &str = "original-filename";

/// The longest original name that is kept, in bytes.
const MAX_ORIGINAL_NAME: usize = 255;

/// What PocketBase escapes in metadata: all that may not stand in one segment of a path.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b':')
    .remove(b'=')
    .remove(b'@');

/// An original name as a header can hold it.
pub(crate) fn encode(name: &str) -> String {
    let end = name.floor_char_boundary(MAX_ORIGINAL_NAME);
    utf8_percent_encode(name.get(..end).unwrap_or_default(), ESCAPED).to_string()
}

/// The name that is meant; one that is not encoded is meant as it is.
pub(crate) fn decode(text: &str) -> String {
    let is_broken = |(position, _): (usize, _)| {
        let digits = text.get(position + 1..position + 3);
        !digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if text.match_indices('%').any(is_broken) {
        return text.to_owned();
    }
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The MD5 of the content, where an entity tag is one: not when it was uploaded in parts.
pub(crate) fn md5(tag: &str) -> Option<[u8; 16]> {
    let digits = tag.strip_prefix('"')?.strip_suffix('"')?;
    let mut sum = [0; 16];
    if digits.len() != 2 * sum.len() || !digits.is_ascii() {
        return None;
    }
    for (position, byte) in sum.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * position..2 * position + 2)?, 16).ok()?;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_spelt_as_pocketbase_spells_them() {
        for (name, text) in [
            ("a b.txt", "a%20b.txt"),
            ("a/b;c,d?.txt", "a%2Fb%3Bc%2Cd%3F.txt"),
            ("$&+:=@-._~", "$&+:=@-._~"),
            ("图.png", "%E5%9B%BE.png"),
            ("100%\r\n\"'()", "100%25%0D%0A%22%27%28%29"),
        ] {
            assert_eq!(encode(name), text);
            assert_eq!(decode(text), name);
        }
        assert_eq!(decode("100% sure"), "100% sure");
        assert_eq!(decode("a%2"), "a%2");
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        assert_eq!(decode(&encode(&"图".repeat(100))), "图".repeat(85));
    }

    #[test]
    fn a_tag_can_be_a_checksum() {
        assert_eq!(md5("\"000102030405060708090a0b0c0d0e0f\""), Some(std::array::from_fn(|i| i as u8)));
        for tag in
            ["", "\"", "\"\"", "\"000102030405060708090a0b0c0d0e0f-2\"", "000102030405060708090a0b0c0d0e0f"]
        {
            assert_eq!(md5(tag), None, "{tag}");
        }
    }
}
