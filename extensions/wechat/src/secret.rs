use std::{fmt, sync::Arc};

/// What a redacted text shows in place of the secret.
const REDACTED: &str = "[redacted]";

/// A text that must not reach a log or a reply: it prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl Secret {
    /// The text itself, for the one place that sends or stores it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `text` with every occurrence of this secret replaced.
    pub(crate) fn redact_in(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&*self.0, REDACTED) }
    }
}

impl<T: Into<Arc<str>>> From<T> for Secret {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_shows_nothing() {
        let secret = Secret::from("s3cret");
        assert_eq!(format!("{secret} {secret:?}"), "[redacted] [redacted]");
        assert_eq!(secret.expose(), "s3cret");
    }

    #[test]
    fn redacts_every_occurrence_and_nothing_else() {
        assert_eq!(Secret::from("ab").redact_in("ab c ab"), "[redacted] c [redacted]");
        assert_eq!(Secret::from("").redact_in("as it is"), "as it is");
    }
}
