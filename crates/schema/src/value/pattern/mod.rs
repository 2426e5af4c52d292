//! The regular expressions of the schema, in Go's syntax (RE2 with Perl classes).
//!
//! They are translated to the `regex` crate's syntax, which is close, but knows more operators and matches Unicode
//! where Go matches ASCII (`\d`, `\w`, `\s`, `\b`).

mod source;
mod translate;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::Hir;

/// How many patterns stay compiled. Each comes from a field's options, so there are seldom more.
const CACHE_SIZE: usize = 1000;

/// Bytes that a compiled pattern may take.
const SIZE_LIMIT: usize = 64 << 20;

/// Why a pattern cannot be used, in Go's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("error parsing regexp: {problem}: `{excerpt}`")]
pub struct PatternError {
    problem: &'static str,
    excerpt: String,
}

impl PatternError {
    fn new(problem: &'static str, excerpt: impl Into<String>) -> Self {
        Self { problem, excerpt: excerpt.into() }
    }
}

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    regex: Regex,
    /// The structure from which matching texts are generated.
    pub(super) hir: Hir,
}

/// Whether a text has a match of the pattern somewhere. No text matches a pattern that cannot be used.
pub fn is_match(pattern: &str, text: &str) -> bool {
    compile(pattern).is_ok_and(|pattern| pattern.regex.is_match(text.as_bytes()))
}

/// Whether a pattern can be used.
///
/// # Errors
/// Why it cannot.
pub fn check(pattern: &str) -> Result<(), PatternError> {
    compile(pattern).map(drop)
}

/// The compiled pattern; it is compiled at most once while it stays in the cache.
pub(super) fn compile(pattern: &str) -> Result<Arc<Pattern>, PatternError> {
    type Cache = RwLock<HashMap<String, Result<Arc<Pattern>, PatternError>>>;
    static CACHE: LazyLock<Cache> = LazyLock::new(Cache::default);

    let known = CACHE.read().unwrap_or_else(PoisonError::into_inner).get(pattern).cloned();
    if let Some(known) = known {
        return known;
    }
    let compiled = compile_anew(pattern).map(Arc::new);
    let mut cache = CACHE.write().unwrap_or_else(PoisonError::into_inner);
    if cache.len() >= CACHE_SIZE {
        cache.clear();
    }
    cache.insert(pattern.to_owned(), compiled.clone());
    compiled
}

fn compile_anew(pattern: &str) -> Result<Pattern, PatternError> {
    let translated = translate::translate(pattern)?;
    let hir = regex_syntax::ParserBuilder::new()
        .utf8(false)
        .build()
        .parse(&translated)
        .map_err(|_| PatternError::new("invalid or unsupported Perl syntax", pattern))?;
    let regex = RegexBuilder::new(&translated)
        .size_limit(SIZE_LIMIT)
        .build()
        .map_err(|_| PatternError::new("expression too large", pattern))?;
    Ok(Pattern { regex, hir })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_ascii() {
        for (pattern, text, matches) in [
            (r"^\d+$", "12", true),
            (r"^\d+$", "\u{661}", false),
            (r"^\w$", "é", false),
            (r"^\W$", "é", true),
            (r"^[\w-]+$", "a-b", true),
            (r"^[^\d]$", "\u{661}", true),
            (r"^\s$", "\u{a0}", false),
            (r"\bé", "é", false),
            (r"^\B.$", "é", true),
            (r"^\pL$", "é", true),
            (r"^\p{^L}$", "é", false),
            (r"^[[:alpha:]\p{Greek}]$", "α", true),
        ] {
            assert_eq!(is_match(pattern, text), matches, "{pattern} {text}");
        }
    }

    #[test]
    fn syntax_is_gos() {
        for (pattern, text, matches) in [
            ("b", "abc", true),
            ("^b", "abc", false),
            ("a$", "a\n", false),
            ("(?m)a$", "a\n", true),
            ("^.$", "\n", false),
            ("(?s)^.$", "\n", true),
            ("(?i)^K$", "\u{212a}", true),
            ("(?P<n>a)(?<m>b)", "ab", true),
            ("^[]a]+$", "]a", true),
            ("^[[a&&b]+$", "[a&b", true),
            ("^[a-]$", "-", true),
            ("^[a~~b]$", "~", true),
            ("^a{,2}$", "a{,2}", true),
            ("^a{1$", "a{1", true),
            ("^{$", "{", true),
            ("^a{2,3}?$", "aaa", true),
            (r"^\Qa.b\E*$", "a.bb", true),
            (r"^\101\x42\x{43}\a$", "ABC\u{7}", true),
            (r"^\<\_$", "<_", true),
            (r"^(|a)$", "", true),
            ("^\\z", "", true),
        ] {
            assert_eq!(is_match(pattern, text), matches, "{pattern} {text:?}");
        }
    }

    #[test]
    fn errors_are_worded_like_gos() {
        for (pattern, message) in [
            ("*", "missing argument to repetition operator: `*`"),
            ("a|*", "missing argument to repetition operator: `*`"),
            ("(?i)+?", "missing argument to repetition operator: `+?`"),
            ("a**", "invalid nested repetition operator: `**`"),
            ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
            ("a+?*", "invalid nested repetition operator: `+?*`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            ("a{2,1}", "invalid repeat count: `{2,1}`"),
            ("a{99999999999}", "invalid repeat count: `{99999999999}`"),
            ("(a{100}){100}", "invalid repeat count: `{100}`"),
            ("(a", "missing closing ): `(a`"),
            ("a)b", "unexpected ): `a)b`"),
            ("x[ab", "missing closing ]: `[ab`"),
            (r"[a\]", r"missing closing ]: `[a\]`"),
            ("[b-a]", "invalid character class range: `b-a`"),
            ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
            (r"\p{Foo}", r"invalid character class range: `\p{Foo}`"),
            (r"\p{Lowercase}", r"invalid character class range: `\p{Lowercase}`"),
            (r"\pé", r"invalid character class range: `\pé`"),
            (r"\p", r"invalid character class range: `\p`"),
            (r"\1", r"invalid escape sequence: `\1`"),
            (r"\Z", r"invalid escape sequence: `\Z`"),
            (r"\C", r"invalid escape sequence: `\C`"),
            (r"\x{110000}", r"invalid escape sequence: `\x{110000`"),
            (r"[\b]", r"invalid escape sequence: `\b`"),
            (r"[a-\d]", r"invalid escape sequence: `\d`"),
            (r"a\", "trailing backslash at end of expression: ``"),
            ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
            ("(?x)a", "invalid or unsupported Perl syntax: `(?x`"),
            ("(?i-)a", "invalid or unsupported Perl syntax: `(?i-)`"),
            ("(?P<a b>c)", "invalid named capture: `(?P<a b>`"),
        ] {
            let error = check(pattern).unwrap_err().to_string();
            assert_eq!(error, format!("error parsing regexp: {message}"), "{pattern}");
        }
    }
}
