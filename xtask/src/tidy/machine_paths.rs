//! No path of somebody's machine.

use super::{Finding, repository::Repository, rust::is_word};

/// Folders at the root of a machine in which somebody works.
const FOLDERS: [&str; 4] = ["work", "root", "home", "Users"];

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &repository.files {
        for (number, line) in file.lines() {
            if let Some(folder) = machine_folder(line) {
                let what = format!("names a path under /{folder}, which exists on somebody's machine only");
                findings.push(Finding::new(&file.path, number, what));
            }
        }
    }
    findings
}

/// The folder with which an absolute path in this line begins.
fn machine_folder(line: &str) -> Option<&'static str> {
    line.match_indices('/').find_map(|(at, _)| {
        let (before, rest) = (line.get(..at)?, line.get(at + 1..)?);
        // Part of a longer path or of an address.
        if before.ends_with(|c: char| is_word(c) || ".-/}*~$".contains(c)) {
            return None;
        }
        let first = rest.split(|c: char| !is_word(c) && c != '-').next()?;
        FOLDERS.into_iter().find(|folder| {
            *folder == first && rest.get(folder.len()..).is_some_and(|rest| rest.starts_with('/'))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_are_found_and_addresses_are_not() {
        for folder in FOLDERS {
            assert_eq!(machine_folder(&format!("see \"/{folder}/a/b\"")), Some(folder));
            assert_eq!(machine_folder(&format!("https://example.com/{folder}/a")), None);
            assert_eq!(machine_folder(&format!("GET /api/{folder}/a, or /{folder}bench/a")), None);
        }
    }
}
