//! A file stays readable in one sitting.

use super::{Finding, repository::Repository};

/// Lines of code.
const LIMIT: usize = 500;

/// Lines with the tests, or of tests alone.
const LIMIT_WITH_TESTS: usize = 800;

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in repository.rust() {
        let total = file.text.lines().count();
        let code = (1..=total).filter(|line| !source.is_test(*line)).count();
        if code > LIMIT {
            findings.push(Finding::new(
                &file.path,
                1,
                format!("has {code} lines, more than {LIMIT}: split it"),
            ));
        } else if total > LIMIT_WITH_TESTS {
            let what = format!("has {total} lines with its tests, more than {LIMIT_WITH_TESTS}: split it");
            findings.push(Finding::new(&file.path, 1, what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_may_make_a_file_longer_but_not_endless() {
        let tests = |lines: usize| format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "\n".repeat(lines));
        let of = |text: &str| check(&Repository::of(&[("src/a.rs", text)])).len();
        assert_eq!(of(&"\n".repeat(500)), 0);
        assert_eq!(of(&"\n".repeat(501)), 1);
        assert_eq!(of(&("\n".repeat(400) + &tests(397))), 0);
        assert_eq!(of(&("\n".repeat(400) + &tests(398))), 1);
    }
}
