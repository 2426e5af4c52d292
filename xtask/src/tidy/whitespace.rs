//! No tabs, no blanks at the end of a line, one line break at the end of a file.

use super::{Finding, repository::Repository};

/// Texts that are what they are: recorded, generated, legal, or made to be odd.
const AS_IT_IS: [&str; 7] =
    [".snap", ".svg", ".min.js", "package-lock.json", "Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT"];

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &repository.files {
        let data = file.path.split('/').any(|part| matches!(part, "corpus" | "testdata" | "fixtures"));
        if data || AS_IT_IS.iter().any(|ending| file.path.ends_with(ending)) {
            continue;
        }
        for (number, line) in file.lines() {
            if line.contains('\t') {
                findings.push(Finding::new(&file.path, number, "has a tab: spaces look the same everywhere"));
            }
            if line.ends_with([' ', '\r']) {
                findings.push(Finding::new(&file.path, number, "ends with a blank, which nobody sees"));
            }
        }
        let body = file.text.trim_end_matches('\n');
        if !body.is_empty() && file.text.len() != body.len() + 1 {
            let last = body.lines().count();
            findings.push(Finding::new(&file.path, last, "must end with exactly one line break"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_that_nobody_sees_are_found() {
        let of = |path: &str, text: &str| {
            check(&Repository::of(&[(path, text)]))
                .into_iter()
                .map(|finding| finding.line)
                .collect::<Vec<_>>()
        };
        assert_eq!(of("a.rs", "ok\n\tb\nc \nd\r\n"), [2, 3, 4]);
        assert_eq!(of("a.rs", "no break"), [1]);
        assert_eq!(of("a.rs", "two\n\n"), [1]);
        assert!(of("a.rs", "").is_empty());
        assert!(of("fuzz/corpus/filter/a", "\tb ").is_empty());
        assert!(of("tests/snapshots/a.snap", "b \n").is_empty());
    }
}
