//! The floor of the benchmark: `bench-floor --dir DATA --address ADDRESS`, see [`baibase_bench::floor`].

use std::io::Write as _;
use std::process::ExitCode;

use baibase_bench::floor;
use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    match floor::serve(floor::Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When this cannot be written either, the exit code still tells.
            let _ = writeln!(std::io::stderr(), "bench-floor: {error}");
            ExitCode::FAILURE
        }
    }
}
