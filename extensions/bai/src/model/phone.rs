/// How many digits of a phone number stay readable at its start and at its end.
const HEAD: usize = 3;
const TAIL: usize = 4;

/// The country code of mainland China.
const MAINLAND: &str = "86";

/// A phone number with its middle hidden, such as `138****8000`; empty when there is none. Of one that is too short
/// to have a middle nothing is shown.
pub(crate) fn mask(phone: &str) -> String {
    if phone.is_empty() {
        return String::new();
    }
    let length = phone.chars().count();
    if length <= HEAD + TAIL {
        return "****".to_owned();
    }
    let head: String = phone.chars().take(HEAD).collect();
    let tail: String = phone.chars().skip(length - TAIL).collect();
    format!("{head}****{tail}")
}

/// Whether it is a mainland mobile number: `^1[3-9]\d{9}$`.
pub(crate) fn is_mainland_mobile(phone: &str) -> bool {
    let mut digits = phone.bytes();
    phone.len() == 11
        && digits.next() == Some(b'1')
        && matches!(digits.next(), Some(b'3'..=b'9'))
        && digits.all(|digit| digit.is_ascii_digit())
}

/// The number to store of what WeChat says: a mainland one bare, a foreign one with its prefix, so that the two are
/// never taken for each other.
pub(crate) fn of_wechat(phone: wechat::Phone) -> String {
    if phone.country_code == MAINLAND { phone.pure_phone_number } else { phone.phone_number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_hidden() {
        assert_eq!(mask("13800138000"), "138****8000");
        assert_eq!(mask("12345678"), "123****5678");
        assert_eq!(mask(""), "");
    }

    #[test]
    fn a_short_number_is_hidden_as_a_whole() {
        assert_eq!(mask("1234567"), "****");
        assert_eq!(mask("一二三四五六七八"), "一二三****五六七八");
    }

    #[test]
    fn mainland_mobiles_have_eleven_digits_and_a_known_start() {
        assert!(is_mainland_mobile("13800138000"));
        assert!(is_mainland_mobile("19999999999"));
        for bad in
            ["12800138000", "1380013800", "138001380000", "+8613800138000", "1380013800x", "２3800138000", ""]
        {
            assert!(!is_mainland_mobile(bad), "{bad}");
        }
    }

    #[test]
    fn foreign_numbers_keep_their_prefix() {
        let phone = |country: &str| wechat::Phone {
            phone_number: "+1-13800138000".into(),
            pure_phone_number: "13800138000".into(),
            country_code: country.into(),
        };
        assert_eq!(of_wechat(phone("86")), "13800138000");
        assert_eq!(of_wechat(phone("1")), "+1-13800138000");
    }
}
