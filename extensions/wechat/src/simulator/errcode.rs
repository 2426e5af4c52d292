//! WeChat's documented refusals, by number and by name.

/// Number, name and text of each refusal.
const DOCUMENTED: [(i64, &str, &str); 21] = [
    (-1, "busy", "system error"),
    (40001, "invalid-credential", "invalid credential, access_token is invalid or not latest"),
    (40002, "invalid-grant-type", "invalid grant_type"),
    (40003, "invalid-openid", "invalid openid"),
    (40013, "invalid-appid", "invalid appid"),
    (40014, "invalid-token", "invalid access_token"),
    (40029, "invalid-code", "invalid code"),
    (40125, "invalid-secret", "invalid appsecret"),
    (40163, "code-used", "code been used"),
    (40164, "ip-not-allowed", "invalid ip, not in whitelist"),
    (40226, "blocked", "code blocked"),
    (41002, "appid-missing", "appid missing"),
    (41004, "secret-missing", "appsecret missing"),
    (42001, "token-expired", "access_token expired"),
    (42003, "code-expired", "oauth_code expired"),
    (43002, "post-required", "require POST method"),
    (45009, "quota", "reach max api daily quota limit"),
    (45011, "too-frequent", "api minute-quota reach limit, must slower, retry next minute"),
    (89503, "ip-unconfirmed", "this ip needs the confirmation of an administrator"),
    (89506, "ip-refused-day", "this ip was refused by an administrator twice, retry after 24 hours"),
    (89507, "ip-refused-hour", "this ip was refused by an administrator, retry after 1 hour"),
];

/// The errcode of a documented name: `busy`, `invalid-credential`, `invalid-grant-type`, `invalid-openid`, `invalid-appid`,
/// `invalid-token`, `invalid-code`, `invalid-secret`, `code-used`, `ip-not-allowed`, `blocked`, `appid-missing`,
/// `secret-missing`, `token-expired`, `code-expired`, `post-required`, `quota`, `too-frequent`,
/// `ip-unconfirmed`, `ip-refused-day` or `ip-refused-hour`.
pub fn named(name: &str) -> Option<i64> {
    DOCUMENTED.iter().find(|(_, known, _)| *known == name).map(|(errcode, _, _)| *errcode)
}

/// Reads a number other than 0 (undocumented ones too) or a name.
pub(super) fn parse(text: &str) -> Option<i64> {
    text.parse().ok().filter(|errcode| *errcode != 0).or_else(|| named(text))
}

/// The `errmsg` that goes with an errcode.
pub(super) fn message(errcode: i64) -> &'static str {
    DOCUMENTED.iter().find(|(known, _, _)| *known == errcode).map_or("simulated error", |(_, _, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_read() {
        assert_eq!(parse("40029"), Some(40029));
        assert_eq!(parse("code-used"), Some(40163));
        assert_eq!(parse("99999"), Some(99999));
        assert_eq!(parse("0"), None);
        assert_eq!(parse("no-such-name"), None);
        assert_eq!(message(40163), "code been used");
        assert_eq!(message(99999), "simulated error");
    }
}
