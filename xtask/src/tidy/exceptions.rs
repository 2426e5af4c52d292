//! The findings that are meant to be, each with its reason.

use super::Finding;

/// A file that may break a rule.
struct Exception {
    /// The name of the check.
    check: &'static str,
    path: &'static str,
    /// Why, for the reader of this list.
    #[expect(dead_code, reason = "written down for the reader")]
    reason: &'static str,
}

const EXCEPTIONS: [Exception; 1] = [Exception {
    check: "dialects",
    path: "fuzz/fuzz_targets/statement.rs",
    reason: "it looks for values in the text for either database",
}];

/// Leaves out what is meant to be. An exception that nothing needs any more is a finding itself.
pub(super) fn apply(check: &str, findings: Vec<Finding>) -> Vec<Finding> {
    apply_list(&EXCEPTIONS, check, findings)
}

fn apply_list(exceptions: &[Exception], check: &str, findings: Vec<Finding>) -> Vec<Finding> {
    let of_check = || exceptions.iter().filter(|exception| exception.check == check);
    let unused = of_check()
        .filter(|exception| findings.iter().all(|finding| finding.path != exception.path))
        .map(|exception| {
            Finding::new(exception.path, 1, format!("no longer needs its exception from `{check}`"))
        })
        .collect::<Vec<_>>();
    findings
        .into_iter()
        .filter(|finding| of_check().all(|exception| exception.path != finding.path))
        .chain(unused)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_hides_its_file_and_is_reported_when_unused() {
        let exceptions = [Exception { check: "length", path: "a.rs", reason: "a table" }];
        let of = |path| vec![Finding::new(path, 1, "long")];
        assert_eq!(apply_list(&exceptions, "length", of("a.rs")), []);
        assert_eq!(apply_list(&exceptions, "words", of("a.rs")), of("a.rs"));
        let both = apply_list(&exceptions, "length", of("b.rs"));
        assert_eq!(both.len(), 2);
        assert_eq!(both[1].to_string(), "a.rs:1: no longer needs its exception from `length`");
    }
}
