//! Business ids that the server gives. That of a user is in [`super::users_id`].

use ambient::{Entropy, EntropyExt};
use jiff::Timestamp;

use super::calendar::local_time;

const LETTERS_AND_DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// How many letters and digits tell two records of the same millisecond apart.
const SUFFIX: usize = 6;

/// How many digits tell two companies of the same millisecond apart.
const COMPANY_SUFFIX: usize = 8;

/// `ATT-`, epoch milliseconds, `-` and 6 letters or digits.
pub(crate) fn attachment(entropy: &dyn Entropy, now: Timestamp) -> String {
    stamped("ATT", entropy, now)
}

/// `DOC-`, epoch milliseconds, `-` and 6 letters or digits.
pub(crate) fn document(entropy: &dyn Entropy, now: Timestamp) -> String {
    stamped("DOC", entropy, now)
}

/// `DICT-`, epoch milliseconds, `-` and 6 letters or digits.
pub(crate) fn dictionary(entropy: &dyn Entropy, now: Timestamp) -> String {
    stamped("DICT", entropy, now)
}

/// `UG-`, epoch milliseconds, `-` and 6 letters or digits.
pub(crate) fn user_group(entropy: &dyn Entropy, now: Timestamp) -> String {
    stamped("UG", entropy, now)
}

/// `WX-COMPANY-` and digits: the time in Asia/Shanghai to the millisecond (`yyyymmddHHMMSSmmm`), and 8 random ones.
pub(crate) fn company(entropy: &dyn Entropy, now: Timestamp) -> String {
    let time = local_time(now).strftime("%Y%m%d%H%M%S%3f").to_string();
    let suffix = entropy.text(COMPANY_SUFFIX, "0123456789");
    format!("WX-COMPANY-{time}{suffix}")
}

fn stamped(prefix: &str, entropy: &dyn Entropy, now: Timestamp) -> String {
    let suffix = entropy.text(SUFFIX, LETTERS_AND_DIGITS);
    format!("{prefix}-{}-{suffix}", now.as_millisecond())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use ambient::SeededEntropy;

    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_millisecond(1_774_599_142_438).unwrap()
    }

    #[test]
    fn ids_have_the_documented_shapes() {
        let entropy = SeededEntropy::new(1);
        for (prefix, id) in [
            ("ATT-1774599142438-", attachment(&entropy, now())),
            ("DOC-1774599142438-", document(&entropy, now())),
            ("DICT-1774599142438-", dictionary(&entropy, now())),
            ("UG-1774599142438-", user_group(&entropy, now())),
        ] {
            let suffix = id.strip_prefix(prefix).unwrap();
            assert!(suffix.len() == 6 && suffix.chars().all(|c| c.is_ascii_alphanumeric()), "{id}");
        }
        let company = company(&entropy, now());
        let digits = company.strip_prefix("WX-COMPANY-20260327161222438").unwrap();
        assert!(digits.len() == 8 && digits.chars().all(|c| c.is_ascii_digit()), "{company}");
    }

    #[test]
    fn many_of_one_millisecond_differ() {
        let entropy = SeededEntropy::new(2);
        let companies: HashSet<String> = (0..500).map(|_| company(&entropy, now())).collect();
        let attachments: HashSet<String> = (0..500).map(|_| attachment(&entropy, now())).collect();
        assert_eq!((companies.len(), attachments.len()), (500, 500));
    }
}
