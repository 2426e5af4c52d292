//! The benchmark: `cargo xtask bench`, see [`baibase_bench`].

use std::io::Write as _;
use std::process::ExitCode;

use baibase_bench::Options;
use clap::Parser as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let local = tokio::task::LocalSet::new();
    match local.run_until(baibase_bench::run(Options::parse())).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // When this cannot be written either, the exit code still tells.
            let _ = writeln!(std::io::stderr(), "bench: {error}");
            ExitCode::FAILURE
        }
    }
}
