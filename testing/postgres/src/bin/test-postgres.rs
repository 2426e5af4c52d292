//! The server of this crate for tests that are not written in Rust.
//!
//! `test-postgres run COMMAND...` starts a server, runs the command with its address in the variable [`BASE_URL`], and
//! ends with the command's exit code.
//!
//! `test-postgres database` makes a database, on the server that the variable names or else on one of its own, and
//! prints its address in one line. It is dropped when the standard input ends, which it does with the one who asked.

use std::env;
use std::io::{self, Read, Write};
use std::process::{Command, ExitCode};

use baibase_test_postgres::{BASE_URL, Cluster};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((verb, [program, rest @ ..])) if verb == "run" => run(Command::new(program).args(rest)),
        Some((verb, [])) if verb == "database" => database(),
        _ => Err(io::Error::other("usage: test-postgres run COMMAND... | test-postgres database")),
    };
    outcome.unwrap_or_else(|error| {
        // When this cannot be written either, the exit code still tells.
        let _ = writeln!(io::stderr(), "test-postgres: {error}");
        ExitCode::FAILURE
    })
}

fn run(command: &mut Command) -> io::Result<ExitCode> {
    let cluster = Cluster::shared();
    let status = command.env(BASE_URL, cluster.base_url()).status()?;
    // A command that a signal ended has no code.
    Ok(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}

fn database() -> io::Result<ExitCode> {
    let database = Cluster::shared().database();
    let mut out = io::stdout();
    writeln!(out, "{}", database.url)?;
    out.flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(ExitCode::SUCCESS)
}
