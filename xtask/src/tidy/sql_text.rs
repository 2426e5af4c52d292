//! Handlers and extensions hold no SQL. (An index of a collection is declared as the text `CREATE INDEX ...`: that
//! is the data format of collections, and not looked for.)

use super::{Finding, repository::Repository, rust::numbered};

/// What SQL looks like in a literal.
const SQL: [&str; 12] = [
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
    " WHERE ",
    " JOIN ",
    " ORDER BY ",
    " GROUP BY ",
];

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in repository.rust() {
        if !file.is_in("crates/http") && !file.is_in("extensions") {
            continue;
        }
        for (number, line) in numbered(&source.literals) {
            if let Some(sql) = SQL.iter().find(|sql| line.contains(**sql))
                && !source.is_test(number)
            {
                let what =
                    format!("has SQL (`{}`) in a text: statements are built in crates/query", sql.trim());
                findings.push(Finding::new(&file.path, number, what));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_found_in_literals_of_handlers_and_extensions() {
        let code =
            "// SELECT a\nlet a = \"SELECT a FROM b\";\nlet b = \"DELETE\";\nlet c = \"CREATE INDEX d\";\n";
        let repository = Repository::of(&[
            ("crates/http/src/a.rs", code),
            ("crates/sql/src/a.rs", code),
            ("extensions/bai/tests/a.rs", code),
        ]);
        let findings = check(&repository);
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].path.as_str(), findings[0].line), ("crates/http/src/a.rs", 2));
    }
}
