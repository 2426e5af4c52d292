//! `cargo xtask counts`: how many instructions the hottest requests take, beside what was recorded.

mod callgrind;
mod record;
mod verdict;

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    path::Path,
    process::Command,
};

use crate::{
    suite::{cargo, step},
    tidy::workspace::Workspace,
};
use record::{Conditions, Counts, Record};
use verdict::{LIMIT_PERCENT, Line, Verdict};

/// The package of the program that answers requests, and the profile that it is built with.
const PACKAGE: &str = "baibase-counts";
const PROFILE: &str = "counts";

/// Where the counts are recorded, from the root of the workspace.
const RECORD: &str = "benches/counts.json";

/// Counts, and compares or records. `false` when a request takes more than it may, or could not be counted.
pub(crate) fn run(arguments: &[OsString], out: &mut impl Write) -> io::Result<bool> {
    let records = match arguments {
        [] => false,
        [only] if only == "--record" => true,
        _ => {
            writeln!(out, "counts: the only argument is --record, which records what is counted")?;
            return Ok(false);
        }
    };
    let workspace = Workspace::load()?;
    let Some(conditions) = Conditions::here(&workspace.root)? else {
        writeln!(out, "counts: valgrind, which counts, is not installed (Debian: apt-get install valgrind)")?;
        return Ok(false);
    };
    let mut build = Command::new(cargo());
    build.args(["build", "--profile", PROFILE, "--package", PACKAGE]);
    if !step(out, &mut build)? {
        return Ok(false);
    }
    let instructions = count(&workspace.target_directory.join(PROFILE), out)?;
    let (path, now) = (workspace.root.join(RECORD), Record { conditions, instructions });
    if records {
        now.write(&path)?;
        writeln!(out, "counts: recorded in {RECORD}")?;
        return Ok(true);
    }
    compare(&Record::read(&path)?, &now, out)
}

/// The instructions of a request of each kind.
fn count(folder: &Path, out: &mut impl Write) -> io::Result<Counts> {
    let program = folder.join(format!("{PACKAGE}{}", env::consts::EXE_SUFFIX));
    let mut counts = Counts::new();
    for kind in callgrind::kinds(&program)? {
        let count = callgrind::per_request(&program, &kind, folder)?;
        writeln!(out, "counts: {kind}: {count} instructions")?;
        out.flush()?;
        counts.insert(kind, count);
    }
    Ok(counts)
}

/// Prints the table; `false` when something in it must not be.
fn compare(recorded: &Record, now: &Record, out: &mut impl Write) -> io::Result<bool> {
    let (then, here) = (&recorded.conditions, &now.conditions);
    if then.machine != here.machine {
        let (then, here) = (&then.machine, &here.machine);
        writeln!(out, "counts: {RECORD} is of {then}, which says nothing of counts on {here}")?;
        return Ok(false);
    }
    if then != here {
        let Conditions { rustc, valgrind, .. } = then;
        writeln!(out, "counts: recorded with {rustc} and {valgrind}, now others count, which may differ")?;
    }
    let lines = verdict::compare(&recorded.instructions, &now.instructions);
    for line in &lines {
        writeln!(out, "{line}")?;
    }
    let any = |is: fn(&Line) -> bool| lines.iter().any(is);
    if any(|line| line.verdict == Verdict::Grown) {
        writeln!(
            out,
            "counts: a request takes over {LIMIT_PERCENT} % more instructions than recorded. Find out where \
             (callgrind_annotate {PROFILE}/KIND-*.callgrind, in the target directory); if it is worth it, record it \
             with `cargo xtask counts --record` and say why in the commit"
        )?;
    }
    if any(|line| line.verdict == Verdict::Shrunk) {
        writeln!(
            out,
            "counts: a request takes over {LIMIT_PERCENT} % fewer instructions than recorded. Keep it so: record it \
             with `cargo xtask counts --record`"
        )?;
    }
    if any(|line| matches!(line.verdict, Verdict::Unrecorded | Verdict::Uncounted)) {
        writeln!(out, "counts: {RECORD} does not fit what is counted: `cargo xtask counts --record`")?;
    }
    Ok(!any(|line| line.verdict.fails()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What this machine and compiler counted.
    fn record(machine: &str, rustc: &str, counts: &[(&str, u64)]) -> Record {
        let conditions =
            Conditions { machine: machine.into(), rustc: rustc.into(), valgrind: "valgrind-3".into() };
        let instructions = counts.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect();
        Record { conditions, instructions }
    }

    /// Compares a count of 1000 with this record: the outcome, and what is printed.
    fn compared(recorded: &Record) -> (bool, String) {
        let mut out = Vec::new();
        let outcome = compare(recorded, &record("here", "rustc 2", &[("list", 1000)]), &mut out);
        (outcome.unwrap(), String::from_utf8(out).unwrap())
    }

    #[test]
    fn what_grew_fails_and_what_shrank_is_told() {
        let (passes, text) = compared(&record("here", "rustc 2", &[("list", 900)]));
        assert!(!passes && text.contains("% more instructions"), "{text}");
        let (passes, text) = compared(&record("here", "rustc 2", &[("list", 1000)]));
        assert!(passes && !text.contains("counts:"), "{text}");
        let (passes, text) = compared(&record("here", "rustc 2", &[("list", 1200)]));
        assert!(passes && text.contains("cargo xtask counts --record"), "{text}");
    }

    #[test]
    fn a_record_that_does_not_fit_fails() {
        for recorded in [
            record("here", "rustc 2", &[]),
            record("here", "rustc 2", &[("list", 1000), ("gone", 1000)]),
            record("elsewhere", "rustc 2", &[("list", 1000)]),
        ] {
            let (passes, text) = compared(&recorded);
            assert!(!passes, "{text}");
        }
    }

    #[test]
    fn another_compiler_is_told_and_passes() {
        let (passes, text) = compared(&record("here", "rustc 1", &[("list", 1000)]));
        assert!(passes && text.contains("recorded with rustc 1"), "{text}");
    }

    #[test]
    fn other_arguments_are_refused() {
        let mut out = Vec::new();
        assert!(!run(&["--recrod".into()], &mut out).unwrap());
        assert!(String::from_utf8(out).unwrap().contains("--record"));
    }
}
