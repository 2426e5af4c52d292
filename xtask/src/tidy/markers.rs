//! Nothing is left for later: no stubs, no debugging output, no notes to oneself.

use super::{Finding, repository::Repository, rust::numbered};

/// In Rust code.
const STUBS: [&str; 3] = ["todo!", "unimplemented!", "dbg!"];

/// In the comments of Rust, and anywhere in other files.
const NOTES: [&str; 4] = ["FIXME", "TODO", "XXX", "HACK"];

/// Other files that can hold such notes, by ending.
const OTHERS: [&str; 9] = [".toml", ".sh", ".js", ".mjs", ".ts", ".html", ".css", ".yaml", ".yml"];

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &repository.files {
        let mut look = |text: &str, markers: &[&str]| {
            for (number, line) in numbered(text) {
                if let Some(marker) = markers.iter().find(|marker| has_word(line, marker)) {
                    findings.push(Finding::new(
                        &file.path,
                        number,
                        format!("`{marker}` leaves something for later"),
                    ));
                }
            }
        };
        if let Some(source) = &file.rust {
            look(&source.code, &STUBS);
            look(&source.comments, &NOTES);
        } else if OTHERS.iter().any(|ending| file.path.ends_with(ending)) {
            look(&file.text, &NOTES);
        }
    }
    findings
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (line.get(..at), line.get(at + word.len()..));
        let joined = |c: char| c.is_alphanumeric() || c == '_';
        !before.is_some_and(|text| text.ends_with(joined))
            && !after.is_some_and(|text| text.starts_with(joined))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stubs_are_found_in_code_and_notes_in_comments() {
        let code = "todo!()\nlet a = \"todo!() FIXME\";\n// FIXME\n// the todo! macro\n";
        let repository = Repository::of(&[
            ("src/a.rs", code),
            ("b.sh", "# TODO later\nmktemp x.XXXXXX\n"),
            ("c.md", "TODO"),
        ]);
        let places: Vec<_> = check(&repository).into_iter().map(|found| (found.path, found.line)).collect();
        assert_eq!(places, [("src/a.rs".to_owned(), 1), ("src/a.rs".to_owned(), 3), ("b.sh".to_owned(), 1)]);
    }
}
