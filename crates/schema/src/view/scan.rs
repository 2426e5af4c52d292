use super::ViewQueryError;

/// What is cut from the ends of a part, unless it divides parts.
const SPACES: [char; 8] = ['\t', '\n', '\u{b}', '\u{c}', '\r', ' ', '\u{85}', '\u{a0}'];

/// The parts of a text between `separators` that are not within quotes or parentheses; empty ones are left out.
/// With `keep`, a part ends with its separator. A backslash takes the meaning from the character after it.
///
/// # Errors
/// [`ViewQueryError::Unbalanced`] when a quote or a parenthesis is not closed.
pub(super) fn parts(text: &str, separators: &[char], keep: bool) -> Result<Vec<String>, ViewQueryError> {
    let mut parts = Vec::new();
    let mut part = Part::default();
    for c in text.chars() {
        part.notice(c);
        if separators.contains(&c) && part.is_closed() {
            if keep {
                part.text.push(c);
            }
            parts.extend(part.finish(separators)?);
            part = Part::default();
        } else {
            part.text.push(c);
            part.previous = Some(c);
        }
    }
    parts.extend(part.finish(separators)?);
    Ok(parts)
}

/// A part that is being read.
#[derive(Default)]
struct Part {
    text: String,
    depth: usize,
    quote: Option<char>,
    previous: Option<char>,
}

impl Part {
    fn notice(&mut self, c: char) {
        if self.previous == Some('\\') {
            return;
        }
        match (c, self.quote) {
            ('(', None) => self.depth += 1,
            (')', None) => self.depth = self.depth.saturating_sub(1),
            ('\'' | '"' | '`', None) => self.quote = Some(c),
            (_, Some(quote)) if quote == c => self.quote = None,
            _ => {}
        }
    }

    fn is_closed(&self) -> bool {
        self.depth == 0 && self.quote.is_none()
    }

    fn finish(self, separators: &[char]) -> Result<Option<String>, ViewQueryError> {
        if !self.is_closed() {
            return Err(ViewQueryError::Unbalanced(self.text));
        }
        let cut = |c: char| SPACES.contains(&c) && !separators.contains(&c);
        let text = self.text.trim_matches(cut);
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_parentheses_hold_together() {
        assert_eq!(
            parts("a, 'b, c', (d, (e, f)) ,, g", &[','], false).unwrap(),
            ["a", "'b, c'", "(d, (e, f))", "g"]
        );
        assert_eq!(parts(r"\(a, \'b", &[','], false).unwrap(), [r"\(a", r"\'b"]);
        assert_eq!(parts("a), b", &[','], false).unwrap(), ["a)", "b"]);
    }

    #[test]
    fn separators_can_be_kept() {
        assert_eq!(parts("select a,b", &[',', ' '], true).unwrap(), ["select ", "a,", "b"]);
    }

    #[test]
    fn what_is_not_closed_is_an_error() {
        for text in ["a, (b", "a, 'b", "a, \"b)"] {
            let expected = text.trim_start_matches("a,").to_owned();
            assert_eq!(parts(text, &[','], false), Err(ViewQueryError::Unbalanced(expected)));
        }
    }
}
