//! Counting with callgrind, an instrument of valgrind.

use std::{
    ffi::OsString,
    fs, io,
    path::Path,
    process::{Command, Output},
};

/// The two numbers of requests: what both runs have in common, the start above all, is not counted.
const FEW: u64 = 100;
const MANY: u64 = 1_100;

/// The kinds of requests that the program knows.
pub(super) fn kinds(program: &Path) -> io::Result<Vec<String>> {
    let listed = succeed(&mut Command::new(program))?;
    Ok(String::from_utf8_lossy(&listed.stdout).lines().map(str::to_owned).collect())
}

/// The instructions of one request of this kind. What is counted where stays in `folder`.
pub(super) fn per_request(program: &Path, kind: &str, folder: &Path) -> io::Result<u64> {
    let few = count(program, kind, FEW, folder)?;
    let many = count(program, kind, MANY, folder)?;
    Ok(difference(few, many))
}

/// What each of the requests adds that one run has more than the other.
fn difference(few: u64, many: u64) -> u64 {
    many.saturating_sub(few) / (MANY - FEW)
}

/// The instructions of a whole run.
fn count(program: &Path, kind: &str, number: u64, folder: &Path) -> io::Result<u64> {
    let file = folder.join(format!("{kind}-{number}.callgrind"));
    let mut out = OsString::from("--callgrind-out-file=");
    out.push(&file);
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--tool=callgrind"]).arg(out).arg(program).args([kind, &number.to_string()]);
    succeed(&mut valgrind)?;
    total(&fs::read_to_string(&file)?)
        .ok_or_else(|| io::Error::other(format!("{} has no total", file.display())))
}

/// The sum that ends callgrind's file.
fn total(file: &str) -> Option<u64> {
    file.lines().rev().find_map(|line| line.strip_prefix("totals:"))?.trim().parse().ok()
}

fn succeed(command: &mut Command) -> io::Result<Output> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{command:?} failed, {}: {said}", output.status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_of_a_file_is_read() {
        let file = "version: 1\nevents: Ir\nsummary: 5\n\nfn=(1) main\n1 12\n\ntotals: 1234567\n";
        assert_eq!(total(file), Some(1_234_567));
        assert_eq!(total("version: 1\nevents: Ir\n"), None);
    }

    #[test]
    fn what_both_runs_do_is_not_counted() {
        assert_eq!(difference(5_000_000, 5_000_000 + 61 * (MANY - FEW)), 61);
    }

    #[test]
    fn a_program_that_fails_is_an_error() {
        let error = succeed(Command::new("sh").args(["-c", "echo broken >&2; exit 3"])).unwrap_err();
        assert!(error.to_string().contains("broken"), "{error}");
    }
}
