//! Random texts that match a pattern, as PocketBase generates them.
//!
//! Its quirks are kept, since patterns are written with them in mind: `?` never gives anything, `*` gives up to five
//! and `+` up to five copies, `{2,5}` gives two to four, and `.` gives an ASCII letter or digit.

use ambient::{Entropy, EntropyExt};
use regex_syntax::hir::{Capture, Class, Hir, HirKind, Look, Repetition};

use super::pattern::{self, PatternError};

/// One more than the copies that an open-ended repetition gives at most.
const OPEN_END: u32 = 6;

/// Nested open-ended repetitions could go on and on: bytes after which one gives up.
const MAX_LENGTH: usize = 1 << 20;

/// Why nothing can be generated from a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AutogenerateError {
    /// It is no pattern.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// It has a part for which there is no text, by its number in Go's syntax package: an assertion like `^`, an
    /// empty alternative, or a class without members.
    #[error("unsupported pattern operator {0}")]
    Unsupported(u8),
    /// The text got longer than a megabyte.
    #[error("the generated text is too long")]
    TooLong,
}

/// Generates a text from a pattern.
///
/// # Errors
/// When the pattern is none, or has a part that was chosen and for which there is no text.
pub fn generate(pattern: &str, entropy: &dyn Entropy) -> Result<String, AutogenerateError> {
    let pattern = pattern::compile(pattern)?;
    let mut text = String::new();
    write(&pattern.hir, entropy, &mut text)?;
    Ok(text)
}

/// Checks that texts can be generated from a pattern, whichever choices are made.
///
/// # Errors
/// What would go wrong, as clients see it.
pub fn check_pattern(pattern: &str) -> Result<(), String> {
    let pattern = pattern::compile(pattern).map_err(|error| error.to_string())?;
    check(&pattern.hir).map_err(|error| error.to_string())
}

fn check(hir: &Hir) -> Result<(), AutogenerateError> {
    match hir.kind() {
        HirKind::Literal(_) => Ok(()),
        HirKind::Class(class) if ranges(class).is_empty() => Err(NO_MATCH),
        HirKind::Class(_) => Ok(()),
        HirKind::Repetition(repetition) if most_copies(repetition) == 0 => Ok(()),
        HirKind::Repetition(Repetition { sub, .. }) | HirKind::Capture(Capture { sub, .. }) => check(sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().try_for_each(check),
        HirKind::Empty => Err(EMPTY_MATCH),
        HirKind::Look(look) => Err(unsupported(*look)),
    }
}

fn write(hir: &Hir, entropy: &dyn Entropy, text: &mut String) -> Result<(), AutogenerateError> {
    if text.len() > MAX_LENGTH {
        return Err(AutogenerateError::TooLong);
    }
    match hir.kind() {
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.push(pick(&ranges(class), entropy)?),
        HirKind::Repetition(repetition) => {
            let (min, max) = (repetition.min, end(repetition));
            for _ in 0..min + entropy.below(max - min) {
                write(&repetition.sub, entropy, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, entropy, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, entropy, text))?,
        HirKind::Alternation(parts) => {
            let choice = entropy.below(u32::try_from(parts.len()).unwrap_or(u32::MAX));
            parts.get(choice as usize).map_or(Ok(()), |part| write(part, entropy, text))?;
        }
        HirKind::Empty => return Err(EMPTY_MATCH),
        HirKind::Look(look) => return Err(unsupported(*look)),
    }
    Ok(())
}

/// One more than the greatest number of copies, unless the number is fixed.
fn end(repetition: &Repetition) -> u32 {
    repetition.max.unwrap_or(OPEN_END).max(repetition.min)
}

fn most_copies(repetition: &Repetition) -> u32 {
    let (min, end) = (repetition.min, end(repetition));
    if end > min { end - 1 } else { min }
}

/// The characters of a class. One that has all, or all but the line feed, stands for the letters and digits.
fn ranges(class: &Class) -> Vec<(char, char)> {
    let ranges: Vec<_> = match class {
        Class::Unicode(class) => class.iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => class.iter().map(|r| (char::from(r.start()), char::from(r.end()))).collect(),
    };
    match ranges.as_slice() {
        [('\0', char::MAX)] | [('\0', '\u{9}'), ('\u{b}', char::MAX)] => {
            vec![('A', 'Z'), ('a', 'z'), ('0', '9')]
        }
        _ => ranges,
    }
}

/// One of the characters, each equally likely.
fn pick(ranges: &[(char, char)], entropy: &dyn Entropy) -> Result<char, AutogenerateError> {
    let size = |&(start, end): &(char, char)| u32::from(end) - u32::from(start) + 1;
    let mut at = entropy.below(ranges.iter().map(size).sum());
    for range in ranges {
        if at < size(range) {
            // The gap of the surrogates, which are no characters, can lie within a range.
            return Ok(char::from_u32(u32::from(range.0) + at).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        at -= size(range);
    }
    Err(NO_MATCH)
}

const NO_MATCH: AutogenerateError = AutogenerateError::Unsupported(1);
const EMPTY_MATCH: AutogenerateError = AutogenerateError::Unsupported(2);

fn unsupported(look: Look) -> AutogenerateError {
    AutogenerateError::Unsupported(match look {
        Look::StartLF | Look::StartCRLF => 7,
        Look::EndLF | Look::EndCRLF => 8,
        Look::Start => 9,
        Look::End => 10,
        Look::WordAsciiNegate | Look::WordUnicodeNegate => 12,
        _ => 11,
    })
}

#[cfg(test)]
mod tests {
    use ambient::SeededEntropy;

    use super::*;

    fn samples(pattern: &str) -> Vec<String> {
        let entropy = SeededEntropy::new(1);
        (0..300).map(|_| generate(pattern, &entropy).unwrap()).collect()
    }

    #[test]
    fn ids_are_generated() {
        let ids = samples("[a-z0-9]{15}");
        assert!(ids.iter().all(|id| id.len() == 15 && pattern::is_match("^[a-z0-9]+$", id)));
        assert_ne!(ids[0], ids[1]);
    }

    #[test]
    fn repetitions_have_their_quirks() {
        for (pattern, lengths) in
            [("a?", 0..=0), ("a*", 0..=5), ("a+", 1..=5), ("a{2,5}", 2..=4), ("a{7,}", 7..=7)]
        {
            let texts = samples(pattern);
            assert!(texts.iter().all(|text| lengths.contains(&text.len())), "{pattern}");
            assert!(texts.iter().any(|text| text.len() == *lengths.end()), "{pattern}");
        }
    }

    #[test]
    fn what_is_generated_matches() {
        for pattern in
            [r"(ab|c-\d)[^a-z]", r".", r"(?i)x\.y", r"\w{3}\Q.*\E", r"[\p{Greek}_]{4}", "(a|b|cd)+"]
        {
            let whole = format!("^(?:{pattern})$");
            assert!(samples(pattern).iter().all(|text| pattern::is_match(&whole, text)), "{pattern}");
        }
        assert!(samples(".").iter().all(|text| text.chars().all(|c| c.is_ascii_alphanumeric())));
    }

    #[test]
    fn parts_without_text_are_errors() {
        for (pattern, number) in [("^a", 9), ("a$", 10), (r"\ba", 11), (r"a\B", 12), ("(?m)^a", 7), ("()", 2)]
        {
            let error = AutogenerateError::Unsupported(number);
            assert_eq!(generate(pattern, &SeededEntropy::new(1)), Err(error.clone()), "{pattern}");
            assert_eq!(check_pattern(pattern), Err(error.to_string()), "{pattern}");
        }
        assert_eq!(check_pattern("[a-z"), Err("error parsing regexp: missing closing ]: `[a-z`".into()));
        assert_eq!(check_pattern("a(b|^)"), Err("unsupported pattern operator 9".into()));
        // It never gives anything, so it does no harm.
        assert_eq!(check_pattern("a(^)?"), Ok(()));
    }
}
