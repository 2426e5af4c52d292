//! Patterns for `~`.

/// The pattern for a text to look for. One with a `%` of its own is used as it is; any other is looked for anywhere,
/// with `%`, `_` and `\` standing for themselves.
pub(crate) fn pattern(text: &str) -> String {
    if has_wildcard(text) { text.to_owned() } else { format!("%{}%", escape(text)) }
}

/// Whether there is a `%` without a backslash before it.
fn has_wildcard(text: &str) -> bool {
    let mut previous = None;
    for char in text.chars() {
        if char == '%' && previous != Some('\\') {
            return true;
        }
        // A backslash that is escaped escapes nothing.
        previous = if char == '\\' && previous == Some('\\') { None } else { Some(char) };
    }
    false
}

/// Puts backslashes before what would be special. Read from the end, as PocketBase does: of two special characters in
/// a row, the first one stays as it is.
fn escape(text: &str) -> String {
    let mut reversed = Vec::with_capacity(text.len());
    let mut special = false;
    for char in text.chars().rev() {
        if special && char != '\\' {
            reversed.push('\\');
        }
        special = !special && matches!(char, '\\' | '%' | '_');
        reversed.push(char);
    }
    if special {
        reversed.push('\\');
    }
    reversed.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn texts_are_looked_for_anywhere_unless_they_have_wildcards() {
        for (text, expected) in [
            ("abc", "%abc%"),
            ("", "%%"),
            ("a_b", r"%a\_b%"),
            (r"a\b", r"%a\\b%"),
            (r"a\_b", r"%a\_b%"),
            (r"a\%b", r"%a\%b%"),
            (r"a\\%b", r"a\\%b"),
            ("a%", "a%"),
            ("%a_b", "%a_b"),
            ("__", r"%_\_%"),
            ("_", r"%\_%"),
        ] {
            assert_eq!(pattern(text), expected, "{text}");
        }
    }
}
