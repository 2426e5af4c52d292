//! What the map (ARCHITECTURE.md) names exists, and every crate is on the map.

use super::{
    Finding,
    repository::{File, Repository},
};

pub(super) const MAP: &str = "ARCHITECTURE.md";

/// A row of the map.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row<'a> {
    pub(super) line: usize,
    pub(super) path: &'a str,
    /// What its crate may depend on, as the row says it: `-`, `all` or names.
    pub(super) may_use: &'a str,
}

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let Some(map) = repository.file(MAP) else {
        return vec![Finding::new(MAP, 1, "is missing: it is the map of the code")];
    };
    let rows = rows(map);
    let missing = named_paths(map)
        .filter(|(_, path)| !repository.exists(path))
        .map(|(line, path)| Finding::new(MAP, line, format!("names `{path}`, which does not exist")));
    let unmapped = repository
        .workspace
        .packages
        .iter()
        .filter(|package| rows.iter().all(|row| row.path != package.folder))
        .map(|package| {
            Finding::new(MAP, 1, format!("does not have the crate `{}` on its map", package.folder))
        });
    missing.chain(unmapped).collect()
}

/// The rows of the table whose first column holds paths.
pub(super) fn rows(map: &File) -> Vec<Row<'_>> {
    map.lines()
        .filter_map(|(line, text)| {
            let mut cells = text.strip_prefix('|')?.split('|').map(str::trim);
            let path = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
            let may_use = cells.nth(1).unwrap_or_default();
            Some(Row { line, path, may_use })
        })
        .collect()
}

/// The paths in backticks: those of the table, and those in the prose that begin with a folder of the map.
fn named_paths(map: &File) -> impl Iterator<Item = (usize, &str)> {
    let rows = rows(map);
    let folders: Vec<&str> = rows.iter().filter_map(|row| row.path.split('/').next()).collect();
    map.lines().flat_map(|(line, text)| quoted(text).map(move |path| (line, path))).filter(
        move |(line, path)| {
            let in_table = rows.iter().any(|row| row.line == *line && row.path == *path);
            let in_prose = path.split_once('/').is_some_and(|(folder, _)| folders.contains(&folder));
            in_table || in_prose && !path.contains(['*', ' '])
        },
    )
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::workspace::Package;

    const TEXT: &str = "\
# Architecture

| Where | What | May depend on |
|---|---|---|
| `crates/a` | one | - |
| `crates/gone` | two | a |

See `crates/a/src/lib.rs`, `crates/a/lost.rs`, `and/or` and `crates/*`.
";

    #[test]
    fn what_is_named_must_exist_and_every_crate_must_be_named() {
        let mut repository =
            Repository::of(&[(MAP, TEXT), ("crates/a/src/lib.rs", ""), ("crates/b/src/lib.rs", "")]);
        for folder in ["crates/a", "crates/b"] {
            repository.workspace.packages.push(Package { folder: folder.to_owned(), uses: Vec::new() });
        }
        let findings: Vec<_> = check(&repository).iter().map(ToString::to_string).collect();
        assert_eq!(
            findings,
            [
                "ARCHITECTURE.md:6: names `crates/gone`, which does not exist",
                "ARCHITECTURE.md:8: names `crates/a/lost.rs`, which does not exist",
                "ARCHITECTURE.md:1: does not have the crate `crates/b` on its map",
            ]
        );
    }

    #[test]
    fn rows_say_what_a_crate_may_use() {
        let map = File::new(MAP, TEXT);
        let rows = rows(&map);
        assert_eq!(rows[1], Row { line: 6, path: "crates/gone", may_use: "a" });
    }

    #[test]
    fn a_missing_map_is_a_finding() {
        assert_eq!(check(&Repository::of(&[])).len(), 1);
    }
}
