use ambient::{Entropy, EntropyExt};

use crate::mime;

const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const RANDOM_LENGTH: usize = 10;
const MAX_ORIGINAL: usize = 300;
const MAX_EXTENSION: usize = 20;
const MAX_STEM: usize = 100;

/// The name under which an upload is stored: the original name in snake case, `_`, ten random characters and the
/// extension, for example `my_photo_k3x09ab2cd.tar.gz`.
///
/// `head` is the start of the content ([`mime::HEAD_LENGTH`] bytes), from which the extension comes when the original
/// name has none. The result has only ASCII letters, digits and `_ . * - + = #`, whatever the original name is, and
/// at most 142 bytes. The rules are PocketBase's, so that names look the same in both.
pub fn stored_name(original: &str, head: &[u8], entropy: &dyn Entropy) -> String {
    let original = last_bytes(original, MAX_ORIGINAL);
    let (stem, extension) = split_extension(original);
    let mut clean = snake_case(stem.trim_matches('.'));
    if clean.len() < 3 {
        clean.push_str(&entropy.text(RANDOM_LENGTH, ALPHABET));
    }
    clean.truncate(MAX_STEM);
    format!("{clean}_{}{}", entropy.text(RANDOM_LENGTH, ALPHABET), clean_extension(extension, head))
}

/// The end of a text, at most `length` bytes, cut between characters.
fn last_bytes(text: &str, length: usize) -> &str {
    let start = text.ceil_char_boundary(text.len().saturating_sub(length));
    text.get(start..).unwrap_or_default()
}

/// Splits before the last dot, or before the last but one (`.tar.gz`).
fn split_extension(name: &str) -> (&str, &str) {
    let Some(last) = name.rfind('.') else { return (name, "") };
    let start = name.get(..last).and_then(|front| front.rfind('.')).unwrap_or(last);
    name.split_at_checked(start).unwrap_or((name, ""))
}

fn clean_extension(extension: &str, head: &[u8]) -> String {
    let kept: String = extension.chars().filter(|c| is_word(*c) || ".*-+=#".contains(*c)).collect();
    let clean = match kept.trim_matches('.') {
        "" => mime::detect(head).extension().to_owned(),
        named => format!(".{named}"),
    };
    if clean.len() <= MAX_EXTENSION {
        return clean;
    }
    format!(".{}", last_bytes(&clean, MAX_EXTENSION).trim_matches('.'))
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Lower-case words joined by `_`. A word ends where something else than an ASCII letter or digit is, and before a
/// capital letter that follows another kind of character.
fn snake_case(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 8);
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let mut previous = if result.is_empty() { None } else { Some('_') };
        if previous.is_some() {
            result.push('_');
        }
        for c in word.chars() {
            let starts_word =
                c.is_ascii_uppercase() && previous.is_some_and(|p| p != '_' && !p.is_ascii_uppercase());
            if starts_word {
                result.push('_');
            }
            result.push(c.to_ascii_lowercase());
            previous = Some(c);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use ambient::{SeededEntropy, SystemEntropy};
    use proptest::prelude::*;

    use super::*;

    /// The stored name with each run of random characters replaced by `*`.
    fn shape(original: &str, head: &[u8]) -> String {
        let mut shape = stored_name(original, head, &SeededEntropy::new(1));
        let entropy = SeededEntropy::new(1);
        for _ in 0..2 {
            let random = entropy.text(RANDOM_LENGTH, ALPHABET);
            shape = shape.replace(&random, "*");
        }
        shape
    }

    #[test]
    fn names_are_cleaned_and_made_unique() {
        let cases = [
            ("test.txt", "test_*.txt"),
            ("My Photo (1).JPG", "my_photo_1_*.JPG"),
            ("archive.tar.gz", "archive_*.tar.gz"),
            ("a.b.c.tar.gz", "a_b_c_*.tar.gz"),
            ("myTestDB.sqlite", "my_test_db_*.sqlite"),
            ("..hidden", "*_*.hidden"),
            ("ab", "ab*_*.txt"),
            ("", "*_*.txt"),
            ("报告.pdf", "*_*.pdf"),
            ("../../etc/passwd", "*_*.etcpasswd"),
            ("noext", "noext_*.txt"),
            ("trailing.", "trailing_*.txt"),
            ("x.y z!.d\r\ne", "x*_*.yz.de"),
            ("a.__b", "a*_*.__b"),
            ("file.c++", "file_*.c++"),
        ];
        for (original, expected) in cases {
            assert_eq!(shape(original, b"plain text"), expected, "{original:?}");
        }
    }

    #[test]
    fn the_content_tells_a_missing_extension() {
        assert_eq!(shape("image", b"\x89PNG\r\n\x1a\n"), "image_*.png");
        assert_eq!(shape("image", &[0, 1, 2, 3, 200]), "image_*");
    }

    #[test]
    fn long_parts_are_cut() {
        let name = stored_name(&format!("{}.{}", "a".repeat(150), "e".repeat(40)), b"", &SystemEntropy);
        assert_eq!(name.len(), MAX_STEM + 1 + RANDOM_LENGTH + 1 + MAX_EXTENSION);
        assert!(
            name.starts_with(&"a".repeat(MAX_STEM))
                && name.ends_with(&format!(".{}", "e".repeat(MAX_EXTENSION)))
        );
    }

    proptest! {
        #[test]
        fn names_are_safe_whatever_comes_in(original in "\\PC*|[./\\\\\\x00-\\x1f%\"';a-z]{0,400}", head in any::<Vec<u8>>()) {
            let name = stored_name(&original, &head, &SystemEntropy);
            prop_assert!(name.len() <= 142, "{name}");
            prop_assert!(name.chars().all(|c| is_word(c) || ".*-+=#".contains(c)), "{name}");
            prop_assert!(!name.starts_with('.') && !name.ends_with('.'));
            prop_assert!(crate::Key::parse(&name).is_ok() || name.ends_with(".attrs"));
        }
    }
}
