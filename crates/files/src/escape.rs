//! Keys as paths, spelt as PocketBase spells them: what a file system or an object store could take for something
//! else is written as `__0x<hex>__`.

/// The relative path of a key.
pub fn escape(key: &str) -> String {
    let mut path = String::with_capacity(key.len());
    let mut chars = key.chars().peekable();
    let (mut before, mut previous) = (' ', ' ');
    while let Some(c) = chars.next() {
        let slash_after_special =
            c == '/' && ((before == '.' && previous == '.') || previous == '/' || chars.peek().is_none());
        if c < ' ' || slash_after_special {
            path.push_str(&format!("__{:#x}__", u32::from(c)));
        } else {
            path.push(c);
        }
        (before, previous) = (previous, c);
    }
    path
}

/// The key that is meant by a relative path.
pub fn unescape(path: &str) -> String {
    let mut key = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((plain, after)) = rest.split_once("__0x") {
        key.push_str(plain);
        match escaped_char(after) {
            Some((c, tail)) => {
                key.push(c);
                rest = tail;
            }
            None => {
                // Only the first character is certain to be plain: the next could start an escape.
                key.push('_');
                rest = rest.get(plain.len() + 1..).unwrap_or_default();
            }
        }
    }
    key.push_str(rest);
    key
}

fn escaped_char(text: &str) -> Option<(char, &str)> {
    let (digits, tail) = text.split_once("__")?;
    let code = u32::from_str_radix(digits, 16).ok()?;
    Some((char::from_u32(code)?, tail))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_file_system_could_misread_is_escaped() {
        let cases = [
            ("a/b c.png", "a/b c.png"),
            ("图/片.png", "图/片.png"),
            ("a\n\u{0}b", "a__0xa____0x0__b"),
            ("a../b", "a..__0x2f__b"),
            ("__0xzz__", "__0xzz__"),
            ("a___0x41", "a___0x41"),
        ];
        for (key, path) in cases {
            assert_eq!(escape(key), path);
            assert_eq!(unescape(path), key);
        }
    }

    proptest! {
        #[test]
        fn paths_lead_back_to_their_keys(key in "[a-z_0x./\\n ]{1,30}") {
            prop_assume!(!key.contains("__0x"));
            prop_assert_eq!(unescape(&escape(&key)), key);
        }

        #[test]
        fn any_path_is_read(path in "\\PC*") {
            unescape(&path);
        }
    }
}
