//! The two languages of the README have the same outline.

use super::{Finding, repository::Repository};

const ENGLISH: &str = "README.md";
const CHINESE: &str = "README.zh-CN.md";

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let (english, chinese) = match (repository.file(ENGLISH), repository.file(CHINESE)) {
        (Some(english), Some(chinese)) => (headings(&english.text), headings(&chinese.text)),
        (english, _) => {
            let missing = if english.is_none() { ENGLISH } else { CHINESE };
            return vec![Finding::new(missing, 1, "is missing: the README is kept in English and Chinese")];
        }
    };
    if english.len() != chinese.len() {
        let what = format!("has {} headings, but {ENGLISH} has {}", chinese.len(), english.len());
        return vec![Finding::new(CHINESE, 1, what)];
    }
    let differing = english.iter().zip(&chinese).find(|((_, one), (_, other))| one != other);
    differing
        .map(|((there, _), (line, _))| {
            Finding::new(CHINESE, *line, format!("has a heading of another level than {ENGLISH}:{there}"))
        })
        .into_iter()
        .collect()
}

/// Line and level of each heading outside code blocks.
fn headings(text: &str) -> Vec<(usize, usize)> {
    let mut in_code = false;
    let mut headings = Vec::new();
    for (number, line) in super::rust::numbered(text) {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        let level = line.len() - line.trim_start_matches('#').len();
        if !in_code && level > 0 && line.trim_start_matches('#').starts_with(' ') {
            headings.push((number, level));
        }
    }
    headings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_in_code_blocks_are_no_headings() {
        assert_eq!(headings("# A\n```sh\n# not one\n```\n## B\n#no\n"), [(1, 1), (5, 2)]);
    }

    #[test]
    fn outlines_must_agree() {
        let of = |english: &str, chinese: &str| {
            let repository = Repository::of(&[(ENGLISH, english), (CHINESE, chinese)]);
            check(&repository).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert!(of("# A\n## B\n", "# 甲\n\n## 乙\n").is_empty());
        assert_eq!(of("# A\n## B\n", "# 甲\n"), ["README.zh-CN.md:1: has 1 headings, but README.md has 2"]);
        assert_eq!(
            of("# A\n## B\n", "# 甲\n### 乙\n"),
            ["README.zh-CN.md:2: has a heading of another level than README.md:2"]
        );
    }

    #[test]
    fn both_must_be_there() {
        assert_eq!(check(&Repository::of(&[(ENGLISH, "")])).len(), 1);
    }
}
