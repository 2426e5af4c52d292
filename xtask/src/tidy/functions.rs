//! A function stays readable at one glance.

use super::{
    Finding,
    repository::Repository,
    rust::{closing, is_word, line_of},
};

/// Lines from the name to the closing brace.
const LIMIT: usize = 60;

pub(super) fn check(repository: &Repository) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in repository.rust() {
        for function in functions(&source.code) {
            if function.lines > LIMIT && !source.is_test(function.line) {
                let what =
                    format!("`{}` has {} lines, more than {LIMIT}: split it", function.name, function.lines);
                findings.push(Finding::new(&file.path, function.line, what));
            }
        }
    }
    findings
}

struct Function<'a> {
    name: &'a str,
    line: usize,
    lines: usize,
}

/// The functions that have a body.
fn functions(code: &str) -> impl Iterator<Item = Function<'_>> {
    code.match_indices("fn ").filter_map(|(at, keyword)| {
        if code.get(..at)?.ends_with(is_word) {
            return None;
        }
        let after = code.get(at + keyword.len()..)?;
        let name = after.split(|c| !is_word(c)).next().filter(|name| !name.is_empty())?;
        let open = body(code, at)?;
        let (line, last) = (line_of(code, at), line_of(code, closing(code, open)?));
        Some(Function { name, line, lines: last - line + 1 })
    })
}

/// The offset of the brace that opens the body of the function at `at`; `None` when it has none.
fn body(code: &str, at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in code.bytes().enumerate().skip(at) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.checked_sub(1)?,
            b'{' if depth == 0 => return Some(offset),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> Vec<(String, usize, usize)> {
        functions(code).map(|function| (function.name.to_owned(), function.line, function.lines)).collect()
    }

    #[test]
    fn a_function_reaches_from_its_name_to_its_brace() {
        let code =
            "trait A {\n    fn a(&self, x: [u8; 4]);\n    fn b() where T: X {\n        if y {}\n    }\n}\n";
        assert_eq!(found(code), [("b".to_owned(), 3, 3)]);
        assert_eq!(found("type A = fn (u8);\nlet often = 1;"), []);
    }

    #[test]
    fn only_long_ones_outside_tests_are_findings() {
        let long = |name: &str| format!("fn {name}() {{\n{}}}\n", "\n".repeat(59));
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", long("c"));
        let code = format!("fn a() {{\n{}}}\n{}{tests}", "\n".repeat(58), long("b"));
        let findings = check(&Repository::of(&[("src/a.rs", &code)]));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].to_string(), "src/a.rs:61: `b` has 61 lines, more than 60: split it");
    }
}
