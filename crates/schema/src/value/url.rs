use std::sync::LazyLock;

use regex::Regex;

use super::email::is_allowed;
use crate::error::FieldError;
use crate::field::DomainOptions;

/// A URL is longer than this.
const MIN_BYTES: usize = 3;
/// A URL is shorter than this.
const MAX_CHARS: usize = 2083;

pub(super) fn validate(options: &DomainOptions, text: &str) -> Result<(), FieldError> {
    if text.is_empty() {
        return if options.required { Err(FieldError::required()) } else { Ok(()) };
    }
    if !is_url(text) {
        return Err(FieldError::new("validation_invalid_url", "Must be a valid url."));
    }
    // Without a scheme there is no host to compare.
    let authority = text.split_once("://").map_or("", |(_, rest)| authority(rest));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if is_allowed(options, host) {
        Ok(())
    } else {
        Err(FieldError::new("validation_url_domain_not_allowed", "Url domain is not allowed."))
    }
}

/// Whether a text has the form of a URL with a host; the scheme may be missing.
pub fn is_url(text: &str) -> bool {
    text.len() > MIN_BYTES
        && text.chars().count() < MAX_CHARS
        && has_host(text)
        && URL.is_match(text)
        && is_escaped(text)
}

/// Whether there is a host: a word without a scheme, a port and a dot is a path.
fn has_host(text: &str) -> bool {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    !text.starts_with('.') && (text.contains(':') || path.is_empty() || path.contains('.'))
}

/// Whether there is no control character, and each `%` outside of the query stands before two hexadecimal digits.
fn is_escaped(text: &str) -> bool {
    let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
    let path = before.split('?').next().unwrap_or_default();
    let is_whole = |part: &str| {
        part.split('%').skip(1).all(|escape| {
            matches!(escape.as_bytes(), [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
        })
    };
    !text.contains(|c: char| c.is_ascii_control()) && is_whole(path) && is_whole(fragment)
}

/// The URLs that PocketBase takes; their host has letters in its last label, or is an address or a single word.
static URL: LazyLock<Regex> = LazyLock::new(|| {
    const SCHEME: &str = "(?:(?:ftp|tcp|udp|wss?|https?)://)";
    const VISIBLE: &str = r"[^\t\n\x0c\r ]";
    const IPV4: &str = r"(?:[1-9][0-9]?|1[0-9]{2}|2[01][0-9]|22[0-3]|24[0-9]|25[0-5])(?:\.(?:[0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])){2}\.(?:[0-9]{1,2}|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
    const IPV6: &str = r"\[(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}\]";
    const LABELS: &str = "[a-zA-Z0-9][a-zA-Z0-9_-]*[a-zA-Z0-9](?:[-.][a-zA-Z0-9]+)*";
    const SUBDOMAIN: &str = r"www\.|[a-zA-Z0-9]+(?:[-_.]?[a-zA-Z0-9])*[a-zA-Z0-9]\.[a-zA-Z0-9]+";
    const WORD: &str = r"(?:[a-zA-Z\u{a1}-\u{ffff}0-9]+-?-?)*[a-zA-Z\u{a1}-\u{ffff}0-9]+";
    const TOP: &str = r"(?:\.[a-zA-Z\u{a1}-\u{ffff}]+)?";
    let host = format!("(?:{IPV4}|{IPV6}|(?:{LABELS}|{SUBDOMAIN})?{WORD}{TOP})");
    let user = format!("(?:{VISIBLE}+@)");
    let pattern = format!(r"^{SCHEME}?{user}?{host}\.?(?::[0-9]{{1,5}})?(?:[/?#]{VISIBLE}*)?$");
    #[expect(clippy::expect_used, reason = "a constant pattern, compiled in the tests")]
    Regex::new(&pattern).expect("the pattern is valid")
});

/// What is before the path, the query and the fragment.
fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_from_other_texts() {
        for good in [
            "http://example.com",
            "https://user:pw@example.com:8090/a?b=%zz#c",
            "example.com",
            "a_b.com",
            "http://localhost:8090",
            "localhost:80",
            "http://127.0.0.1/x",
            "1.2.3.4",
            "http://[::1]:80/",
            "https://例子.公司/路径",
            "mailto:a@b.co",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "",
            "nope",
            "a.b",
            "1.5.5",
            "0.25",
            "x y.com",
            "a--.com",
            "javascript://alert",
            "HTTP://a.com",
            "http://",
            "http://a b",
            "https:///x",
            "http://a:b",
            "http://a.b/%zz",
            "http://-a.com",
            "256.1.1.1",
            ".a.com",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
    }

    #[test]
    fn a_host_is_compared_with_its_port() {
        let only = DomainOptions { only_domains: Some(vec!["a.co:80".into()]), ..Default::default() };
        assert!(validate(&only, "http://x@a.co:80/y").is_ok());
        assert_eq!(validate(&only, "http://a.co/y").unwrap_err().code, "validation_url_domain_not_allowed");
    }
}
