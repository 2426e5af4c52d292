//! Only `crates/sql` and the stores know which dialects of SQL there are.

use super::{Finding, repository::Repository};

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in repository.rust() {
        if file.is_in("xtask") || file.is_in("crates/sql") || file.path.starts_with("crates/store") {
            continue;
        }
        for (number, line) in super::rust::numbered(&source.code) {
            if names_a_dialect(line) && !source.is_test(number) {
                let what = "names a dialect of SQL: what differs between them belongs into crates/sql";
                findings.push(Finding::new(&file.path, number, what));
            }
        }
    }
    findings
}

/// Whether a line of code has a variant of `Dialect`.
fn names_a_dialect(line: &str) -> bool {
    line.match_indices("Dialect::").any(|(at, path)| {
        let variant = line.get(at + path.len()..).unwrap_or_default();
        variant.starts_with(|c: char| c.is_ascii_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_found_outside_the_crates_that_may_know_it() {
        let code = "fn a() { sql::Dialect::Sqlite }\n#[cfg(test)]\nmod tests { use Dialect::Sqlite; }\n";
        let repository = Repository::of(&[
            ("crates/query/src/lib.rs", code),
            ("crates/query/tests/render.rs", code),
            ("crates/sql/src/lib.rs", code),
            ("crates/store-sqlite/src/lib.rs", code),
        ]);
        let findings = check(&repository);
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].path.as_str(), findings[0].line), ("crates/query/src/lib.rs", 1));
    }

    #[test]
    fn a_function_of_the_type_is_no_variant() {
        assert!(!names_a_dialect("Dialect::default()"));
        assert!(!names_a_dialect("fn a(dialect: Dialect)"));
    }
}
