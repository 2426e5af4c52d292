//! Answers requests of one kind in its own process, so that their instructions can be counted.
//!
//! `baibase-counts` lists the kinds, one to a line. `baibase-counts KIND NUMBER` starts a service on a data directory
//! of its own, warms up, answers so many requests, and ends. Runs with different numbers differ by the cost of the
//! requests alone: `cargo xtask counts` has an instrument count the instructions of two of them.

mod requests;
mod service;

use std::env;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use requests::{KINDS, Kind};
use service::Service;

/// The server's, so that its work is counted and that of this machine's C library is not.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Requests that are answered before those that are asked for: caches are filled, statements are prepared.
const WARM_UP: u32 = 100;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When this cannot be written either, the exit code still tells.
            let _ = writeln!(io::stderr(), "counts: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [name, number] = arguments else {
        return KINDS.iter().try_for_each(|kind| Ok(writeln!(io::stdout(), "{}", kind.name)?));
    };
    let kind = KINDS.iter().find(|kind| kind.name == name).ok_or("there is no such kind of request")?;
    let number = number.parse()?;
    // One thread runs all tasks: nothing depends on which of several would have been free.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(answer(kind, number))
}

/// Answers so many requests of a kind after those of the warm-up, each when the one before it is answered.
async fn answer(kind: &Kind, number: u32) -> Result<(), Box<dyn Error>> {
    let service = Service::start().await?;
    for round in 0..WARM_UP {
        kind.check(&service.answer(kind, round).await?)?;
    }
    for round in WARM_UP..WARM_UP + number {
        service.answer(kind, round).await?;
        // What a request leaves for later is a part of what it costs.
        tokio::task::yield_now().await;
    }
    service.close().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_every_kind_are_answered() {
        for kind in KINDS {
            run(&[kind.name.to_owned(), "3".to_owned()]).unwrap();
        }
    }

    #[test]
    fn an_unknown_kind_or_number_is_refused() {
        for arguments in [["unknown", "1"], [KINDS[0].name, "many"]] {
            assert!(run(&arguments.map(str::to_owned)).is_err(), "{arguments:?}");
        }
    }
}
