use jiff::{SignedDuration, Timestamp};

/// How long an access token lives, in seconds.
const LIFE: i64 = 7200;

/// How long before its end a token is replaced, in seconds. Until its end both work.
const OVERLAP: i64 = 300;

/// The access tokens given out.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    issued: u64,
    current: Option<Token>,
    previous: Option<Token>,
}

#[derive(Debug)]
struct Token {
    text: String,
    expires_at: Timestamp,
}

impl Tokens {
    /// The current token and its remaining seconds.
    pub(super) fn current(&mut self, now: Timestamp) -> (String, i64) {
        if let Some(token) = &self.current {
            let remaining = token.expires_at.duration_since(now).as_secs();
            if remaining > OVERLAP {
                return (token.text.clone(), remaining);
            }
        }
        self.issued += 1;
        let text = format!("simulated-token-{}", self.issued);
        let expires_at = now.saturating_add(SignedDuration::from_secs(LIFE)).unwrap_or(Timestamp::MAX);
        self.previous = self.current.replace(Token { text: text.clone(), expires_at });
        (text, LIFE)
    }

    /// Whether a token works.
    pub(super) fn accepts(&self, text: &str, now: Timestamp) -> bool {
        [&self.current, &self.previous]
            .into_iter()
            .flatten()
            .any(|token| token.text == text && now < token.expires_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_replaced_before_its_end_and_both_work_until_then() {
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        let mut tokens = Tokens::default();
        assert!(!tokens.accepts("simulated-token-1", at(0)));
        assert_eq!(tokens.current(at(0)), ("simulated-token-1".to_owned(), 7200));
        assert_eq!(tokens.current(at(6899)), ("simulated-token-1".to_owned(), 301));
        assert_eq!(tokens.current(at(6900)), ("simulated-token-2".to_owned(), 7200));
        assert!(tokens.accepts("simulated-token-1", at(7199)));
        assert!(!tokens.accepts("simulated-token-1", at(7200)));
        assert!(tokens.accepts("simulated-token-2", at(7200)));
    }
}
