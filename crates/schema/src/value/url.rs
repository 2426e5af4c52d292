use super::email::is_allowed;
use crate::error::FieldError;
use crate::field::DomainOptions;

const SCHEMES: [&str; 7] = ["ftp", "tcp", "udp", "ws", "wss", "http", "https"];
const LENGTH: std::ops::RangeInclusive<usize> = 3..=2083;

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
    if !LENGTH.contains(&text.chars().count()) || text.contains(char::is_whitespace) || text.starts_with('.')
    {
        return false;
    }
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if SCHEMES.contains(&scheme) => rest,
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => return false,
        // A bare word is a path and no host.
        _ if !text.contains(['.', ':']) => return false,
        _ => text,
    };
    let authority = authority(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(address) = host.strip_prefix('[') {
        let Some((address, port)) = address.split_once(']') else { return false };
        return address.parse::<std::net::Ipv6Addr>().is_ok()
            && (port.is_empty() || is_port(port.strip_prefix(':')));
    }
    match host.split_once(':') {
        Some((name, port)) => is_host(name) && is_port(Some(port)),
        None => is_host(host),
    }
}

/// What is before the path, the query and the fragment.
fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn is_port(text: Option<&str>) -> bool {
    text.is_some_and(|port| (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit()))
}

fn is_host(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let is_char = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '\u{a1}'..='\u{ffff}');
    !name.is_empty()
        && name.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(is_char)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_from_other_texts() {
        for good in [
            "http://example.com",
            "https://user:pw@example.com:8090/a?b#c",
            "example.com",
            "http://localhost:8090",
            "http://127.0.0.1/x",
            "http://[::1]:80/",
            "https://例子.公司/路径",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in
            ["", "nope", "x y", "javascript://alert", "http://", "http://a b", "https:///x", "http://a:b"]
        {
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
