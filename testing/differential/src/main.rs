//! Compares this server with another one that has PocketBase's API.

use std::io::Write;
use std::process::ExitCode;

use baibase_differential::campaign::{self, Plan};
use baibase_differential::run::Pair;
use baibase_differential::{Error, Side, Spawned};
use clap::Parser;

/// Sends random requests to two servers, and tells where the replies differ: to this server on PostgreSQL and on SQLite,
/// or to this server and another one with PocketBase's API.
#[derive(Debug, Parser)]
struct Arguments {
    /// Base address of another server. Collections of the run are created there and removed again.
    #[arg(long, value_name = "URL", requires = "peer_superuser")]
    peer: Option<String>,

    /// The superuser of the other server.
    #[arg(long, value_name = "EMAIL:PASSWORD", value_parser = credentials, requires = "peer")]
    peer_superuser: Option<(String, String)>,

    /// Compare this server on PostgreSQL with the other one; without it, on SQLite.
    #[arg(long, requires = "peer")]
    postgres: bool,

    /// How many cases to compare.
    #[arg(long, default_value_t = 20_000)]
    cases: usize,

    /// How many of them share a schema.
    #[arg(long, default_value_t = 150)]
    per_schema: usize,

    /// The same seed makes the same cases.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// After so many differences the run ends.
    #[arg(long, default_value_t = 10)]
    findings: usize,
}

fn credentials(text: &str) -> Result<(String, String), String> {
    let (email, password) = text.split_once(':').ok_or("an e-mail address, a colon and a password")?;
    Ok((email.to_owned(), password.to_owned()))
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nothing else can be done when even this cannot be told.
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

/// Whether nothing differs.
async fn run(arguments: &Arguments) -> Result<bool, Error> {
    let mut pair = match (&arguments.peer, &arguments.peer_superuser) {
        (Some(peer), Some((email, password))) => {
            let ours = match arguments.postgres {
                true => Spawned::on_postgres().await,
                false => Spawned::on_sqlite().await,
            };
            Pair::with_peer(ours, Side::connect(peer, email, password).await?).await?
        }
        _ => Pair::of_stores().await?,
    };
    let plan = Plan {
        seed: arguments.seed,
        cases: arguments.cases,
        per_schema: arguments.per_schema,
        findings: arguments.findings,
    };
    let mut out = std::io::stdout();
    let summary = campaign::compare(&mut pair, plan, |finding| {
        let _ = writeln!(out, "{finding}").and_then(|()| out.flush());
    })
    .await?;
    let _ = writeln!(std::io::stdout(), "{summary}");
    Ok(summary.differences == 0)
}
