//! `cargo xtask tidy`: the rules of the repository as checks, each in a module of its own.

mod dependencies;
mod dialects;
mod exceptions;
mod functions;
mod length;
mod lints;
mod machine_paths;
mod map;
mod markers;
mod readme;
mod reasons;
mod repository;
mod rust;
mod sql_text;
mod whitespace;
mod words;
pub(crate) mod workspace;

use std::{
    fmt,
    io::{self, Write},
};

use repository::Repository;

/// A place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    /// Counted from 1; 1 when the whole file is meant.
    line: usize,
    /// What is wrong, and why it matters.
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// A rule: its name, and what finds the places that break it.
type Check = (&'static str, fn(&Repository) -> Vec<Finding>);

const CHECKS: [Check; 13] = [
    ("dependencies", dependencies::check),
    ("dialects", dialects::check),
    ("functions", functions::check),
    ("length", length::check),
    ("lints", lints::check),
    ("machine_paths", machine_paths::check),
    ("map", map::check),
    ("markers", markers::check),
    ("readme", readme::check),
    ("reasons", reasons::check),
    ("sql_text", sql_text::check),
    ("whitespace", whitespace::check),
    ("words", words::check),
];

/// Prints every finding; `false` when there is one.
pub(crate) fn run(out: &mut impl Write) -> io::Result<bool> {
    let repository = Repository::load()?;
    let mut findings = Vec::new();
    for (name, check) in CHECKS {
        findings.extend(exceptions::apply(name, check(&repository)));
    }
    findings.sort();
    for finding in &findings {
        writeln!(out, "{finding}")?;
    }
    writeln!(out, "tidy: {} files, {} findings", repository.files.len(), findings.len())?;
    Ok(findings.is_empty())
}
