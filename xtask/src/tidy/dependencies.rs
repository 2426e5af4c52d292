//! A crate depends only on the crates that the map allows it. So only `server`, which may use all, can name a
//! concrete store. What only tests use is free.

use super::{Finding, map, repository::Repository};

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let Some(map) = repository.file(map::MAP) else { return Vec::new() };
    let rows = map::rows(map);
    let mut findings = Vec::new();
    for package in &repository.workspace.packages {
        let Some(row) = rows.iter().find(|row| row.path == package.folder) else { continue };
        for used in package.uses.iter().filter(|used| !allows(row.may_use, used)) {
            let what =
                format!("depends on `{used}`, which the map ({}:{}) does not allow", map::MAP, row.line);
            findings.push(Finding::new(&format!("{}/Cargo.toml", package.folder), 1, what));
        }
    }
    findings
}

/// Whether `all` or a list of short names covers a folder.
fn allows(may_use: &str, folder: &str) -> bool {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    may_use == "all" || may_use.split(',').any(|allowed| allowed.trim() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::workspace::Package;

    #[test]
    fn a_dependency_that_is_not_on_the_map_is_found() {
        let map = "| `crates/a` | one | b, c |\n| `server` | two | all |\n| `crates/b` | three | - |\n";
        let mut repository = Repository::of(&[(map::MAP, map)]);
        let package = |folder: &str, uses: &[&str]| Package {
            folder: folder.to_owned(),
            uses: uses.iter().map(|used| format!("crates/{used}")).collect(),
        };
        repository.workspace.packages = vec![
            package("crates/a", &["b", "store-sqlite"]),
            package("server", &["x"]),
            package("crates/b", &["c"]),
        ];
        let findings: Vec<_> = check(&repository).iter().map(ToString::to_string).collect();
        assert_eq!(
            findings,
            [
                "crates/a/Cargo.toml:1: depends on `crates/store-sqlite`, \
                 which the map (ARCHITECTURE.md:1) does not allow",
                "crates/b/Cargo.toml:1: depends on `crates/c`, which the map (ARCHITECTURE.md:3) does not allow",
            ]
        );
    }
}
