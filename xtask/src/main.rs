//! Repository chores: `cargo xtask help`.

mod bench;
mod counts;
mod suite;
mod tidy;

use std::{
    env,
    io::{self, Write},
    process::ExitCode,
};

const HELP: &str = "\
Repository chores.

  cargo xtask bench   build the release binaries and measure them (`cargo xtask bench --help`)
  cargo xtask counts  count the instructions of the hottest requests and compare them with benches/counts.json
                      (`--record`: write them there)
  cargo xtask test    build the binary, run every test of the workspace, then the suite of the JavaScript SDK
  cargo xtask tidy    check the rules of the repository; one line for each finding
";

fn main() -> ExitCode {
    let mut out = io::stdout().lock();
    let command = env::args().nth(1);
    let outcome = match command.as_deref() {
        Some("bench") => bench::run(&env::args_os().skip(2).collect::<Vec<_>>(), &mut out),
        Some("counts") => counts::run(&env::args_os().skip(2).collect::<Vec<_>>(), &mut out),
        Some("test") => suite::run(&mut out),
        Some("tidy") => tidy::run(&mut out),
        None | Some("help" | "--help" | "-h") => write!(out, "{HELP}").map(|()| true),
        Some(unknown) => write!(out, "there is no chore named {unknown}\n\n{HELP}").map(|()| false),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // When this cannot be written either, the exit code still tells.
            let _ = writeln!(out, "xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
