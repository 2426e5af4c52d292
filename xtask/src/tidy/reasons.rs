//! A lint that is switched off says why.

use super::{
    Finding,
    repository::Repository,
    rust::{closing, line_of},
};

const ATTRIBUTES: [&str; 4] = ["#[allow(", "#[expect(", "#![allow(", "#![expect("];

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in repository.rust() {
        for attribute in ATTRIBUTES {
            for (at, _) in source.code.match_indices(attribute) {
                if !has_reason(&source.code, at + attribute.len() - 1) {
                    let what = format!("`{attribute}...)]` without a reason: say why the lint is wrong here");
                    findings.push(Finding::new(&file.path, line_of(&source.code, at), what));
                }
            }
        }
    }
    findings
}

/// Whether the attribute whose arguments open at `open` has a reason among them.
fn has_reason(code: &str, open: usize) -> bool {
    closing(code, open)
        .and_then(|close| code.get(open..close))
        .is_some_and(|arguments| arguments.contains("reason ="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_without_a_reason_are_found() {
        let code =
            "#[allow(a)]\n#[expect(\n    b,\n    reason = \"because\"\n)]\n#![allow(c)]\n// #[allow(d)]\n";
        let places: Vec<_> =
            check(&Repository::of(&[("src/a.rs", code)])).into_iter().map(|finding| finding.line).collect();
        assert_eq!(places, [1, 6]);
    }
}
