//! Every crate takes the lints of the workspace.

use super::{Finding, repository::Repository};

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let manifests =
        repository.workspace.packages.iter().map(|package| format!("{}/Cargo.toml", package.folder));
    manifests
        .filter(|path| !repository.file(path).is_some_and(|manifest| takes_lints(&manifest.text)))
        .map(|path| {
            Finding::new(&path, 1, "does not take the lints of the workspace (`[lints]`, `workspace = true`)")
        })
        .collect()
}

fn takes_lints(manifest: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut in_lints = false;
    lines.any(|line| {
        if line.starts_with('[') {
            in_lints = line == "[lints]";
        }
        line == "lints.workspace = true" || in_lints && line == "workspace = true"
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::workspace::Package;

    #[test]
    fn both_spellings_count_and_other_tables_do_not() {
        assert!(takes_lints("[package]\n\n[lints]\nworkspace = true\n"));
        assert!(takes_lints("lints.workspace = true\n[package]\n"));
        assert!(!takes_lints("[lints]\n[package.version]\nworkspace = true\n"));
    }

    #[test]
    fn a_crate_without_them_is_a_finding() {
        let mut repository = Repository::of(&[("crates/a/Cargo.toml", "[package]\n")]);
        repository.workspace.packages.push(Package { folder: "crates/a".to_owned(), uses: Vec::new() });
        assert_eq!(check(&repository).len(), 1);
    }
}
