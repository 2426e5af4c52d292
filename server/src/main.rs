//! The `baibase` binary: reads the command line, puts the parts together, and runs them.

mod archives;
mod cli;
mod copy;
mod data_dir;
mod databases;
mod error;
mod logging;
mod migrate;
mod serve;
mod signals;
mod superuser;
mod thumbs;

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::cli::{Cli, Command, Global};
use crate::error::Error;

/// For SQLite's memory as well: the crate puts it in the place of the C library's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long threads that still wait for something are waited for at the end.
const LEFT_OVERS: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let Cli { global, command, .. } = Cli::parse();
    match run(command, &global) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print(&mut io::stderr(), format_args!("error: {}", one_line(&error)));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command, global: &Global) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Runtime)?;
    let result = runtime.block_on(async {
        match command {
            Command::Serve(options) => serve::run(*options, global).await,
            Command::Copy(options) => {
                let done = copy::run(*options).await?;
                print(&mut io::stdout(), done);
                Ok(())
            }
            Command::Superuser { action } => {
                let done = superuser::run(action, &global.data).await?;
                print(&mut io::stdout(), done);
                Ok(())
            }
            Command::Migrate { action } => {
                let done = migrate::run(action, global).await?;
                print(&mut io::stdout(), done);
                Ok(())
            }
            Command::Update { .. } => Err(Error::NoSelfUpdate),
        }
    });
    runtime.shutdown_timeout(LEFT_OVERS);
    result
}

/// Writes a text and a line break. That nobody reads it any more is no reason to stop.
fn print(to: &mut impl Write, text: impl Display) {
    let _ = writeln!(to, "{text}").and_then(|()| to.flush());
}

/// What an error says, on one line.
fn one_line(error: &Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
