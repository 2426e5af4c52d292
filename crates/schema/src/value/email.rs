use std::sync::LazyLock;

use regex::Regex;

use crate::error::FieldError;
use crate::field::DomainOptions;

pub(super) fn validate(options: &DomainOptions, text: &str) -> Result<(), FieldError> {
    if text.is_empty() {
        return if options.required { Err(FieldError::required()) } else { Ok(()) };
    }
    if !is_email(text) {
        return Err(FieldError::new("validation_is_email", "Must be a valid email address."));
    }
    let domain = text.rsplit_once('@').map_or("", |(_, domain)| domain);
    if is_allowed(options, domain) {
        Ok(())
    } else {
        Err(FieldError::new("validation_email_domain_not_allowed", "Email domain is not allowed."))
    }
}

/// Whether a domain is one that a field takes; compared to the letter.
pub(super) fn is_allowed(options: &DomainOptions, domain: &str) -> bool {
    let lists = |list: &Option<Vec<String>>| list.as_ref().filter(|list| !list.is_empty()).cloned();
    let holds = |list: &[String]| list.iter().any(|item| item == domain);
    lists(&options.only_domains).is_none_or(|only| holds(&only))
        && lists(&options.except_domains).is_none_or(|except| !holds(&except))
}

/// Whether a text has the form of an e-mail address: a dotted or quoted local part, and a domain of two labels or
/// more, the last of which has no digit at its ends. Letters beyond ASCII count as letters.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    is_local(local) && is_domain(domain.strip_suffix('.').unwrap_or(domain))
}

fn is_local(local: &str) -> bool {
    let is_atom = |c: char| c.is_ascii_alphanumeric() || is_foreign(c) || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom)) || QUOTED.is_match(local)
}

/// A quoted local part as PocketBase takes it, which is less than mail allows: a quote before each character.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    const SPACE: &str = r"(?:(?:[ \t]*\r\n)?[ \t]+)?";
    const CHARACTER: &str = r"(?:[\x01-\x08\x0b\x0c\x0e-\x1f\x7f!#-\[\]-~\u{a0}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{ffef}]|\([\x01-\x09\x0b-\x7f])";
    #[expect(clippy::expect_used, reason = "a constant pattern, compiled in the tests")]
    Regex::new(&format!("^(?:\"{SPACE}{CHARACTER})*{SPACE}\"$")).expect("the pattern is valid")
});

fn is_domain(domain: &str) -> bool {
    let Some((front, top)) = domain.rsplit_once('.') else { return false };
    let is_letter = |c: char| c.is_ascii_alphabetic() || is_foreign(c);
    let is_end = |c: char| is_letter(c) || c.is_ascii_digit();
    let is_inner = |c: char| is_end(c) || "-_~".contains(c);
    let fits = |label: &str, is_end: &dyn Fn(char) -> bool| {
        !label.is_empty()
            && label.starts_with(is_end)
            && label.ends_with(is_end)
            && label.chars().all(is_inner)
    };
    front.split('.').all(|label| fits(label, &is_end)) && fits(top, &is_letter)
}

fn is_foreign(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for good in [
            "a@b.co",
            "a.b+c@x-y.example.org",
            "测试@例子.公司",
            "\" a\"@c.de",
            "\"@c.de",
            "a@b.co.",
            "o_x@manage.local",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.co",
            "a@.co",
            "a.@b.co",
            "a@b..co",
            "a b@c.de",
            "a@b.c1",
            "a@b.co\n",
            "\"a b\"@c.de",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn domains_are_compared_to_the_letter() {
        let only =
            |domain: &str| DomainOptions { only_domains: Some(vec![domain.into()]), ..Default::default() };
        assert!(validate(&only("b.co"), "a@b.co").is_ok());
        assert_eq!(
            validate(&only("B.co"), "a@b.co").unwrap_err().code,
            "validation_email_domain_not_allowed"
        );
    }
}
