//! The engine knows nothing of the business: its words do not occur under `crates/`.

use super::{Finding, repository::Repository};

/// Found as words only: other words contain them.
const WORDS: [&str; 2] = ["bai", "wx"];

/// Found anywhere, in any case.
const ANYWHERE: [&str; 3] = ["wechat", "weixin", "微信"];

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in repository.files.iter().filter(|file| file.is_in("crates")) {
        // The path itself counts as the first line.
        for (number, line) in [(1, file.path.as_str())].into_iter().chain(file.lines()) {
            if let Some(word) = business_word(line) {
                let what = format!("`{word}` is a word of the business, which the engine must not know");
                findings.push(Finding::new(&file.path, number, what));
            }
        }
    }
    findings
}

fn business_word(line: &str) -> Option<&'static str> {
    let lower = line.to_lowercase();
    ANYWHERE.into_iter().find(|word| lower.contains(word)).or_else(|| {
        let names = line.split(|c: char| !c.is_ascii_alphabetic());
        let mut words = names.flat_map(humps);
        words.find_map(|word| WORDS.into_iter().find(|business| word.eq_ignore_ascii_case(business)))
    })
}

/// The words of a name in camel case: `WxOpenID` is `Wx`, `Open`, `ID`.
fn humps(name: &str) -> Vec<&str> {
    let bytes = name.as_bytes();
    let starts_word = |at: usize| {
        let upper = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_uppercase);
        let lower = |index: usize| bytes.get(index).is_some_and(u8::is_ascii_lowercase);
        upper(at) && (lower(at - 1) || lower(at + 1))
    };
    let mut words = Vec::new();
    let mut rest = name;
    let mut taken = 0;
    for at in (1..name.len()).filter(|at| starts_word(*at)) {
        let (word, tail) = rest.split_at(at - taken);
        words.push(word);
        rest = tail;
        taken = at;
    }
    words.push(rest);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        assert_eq!(humps("WxOpenID"), ["Wx", "Open", "ID"]);
        assert_eq!(humps("BAIUser"), ["BAI", "User"]);
        assert_eq!(humps("BAIBASE"), ["BAIBASE"]);
        assert_eq!(humps(""), [""]);
    }

    #[test]
    fn business_words_are_found_in_any_case_and_only_as_words() {
        for line in ["BAI", "the bai_user", "WeChatUser", "wechat", "users_wx_openid", "WxLogin", "微信登录"]
        {
            assert!(business_word(line).is_some(), "{line}");
        }
        for line in ["baibase", "BAIBASE_HTTP", "baibase_engine", "bait", "box"] {
            assert_eq!(business_word(line), None, "{line}");
        }
    }

    #[test]
    fn only_the_engine_is_read() {
        let repository = Repository::of(&[("extensions/a.rs", "wechat"), ("crates/a.rs", "ok\nwechat\n")]);
        let findings = check(&repository);
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].path.as_str(), findings[0].line), ("crates/a.rs", 2));
    }
}
