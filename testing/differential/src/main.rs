//! Compares this server with another one that has PocketBase's API.

use std::io::Write;
use std::process::ExitCode;

use baibase_differential::campaign::{self, Plan};
use baibase_differential::run::Pair;
use baibase_differential::{Error, Side};
use baibase_tests::{SUPERUSER, SUPERUSER_PASSWORD, Server, Setup};
use clap::Parser;

/// Sends random requests to this server and to another one, and tells where the replies differ.
#[derive(Debug, Parser)]
struct Arguments {
    /// Base address of the other server. Collections of the run are created there and removed again.
    #[arg(long, value_name = "URL")]
    peer: String,

    /// Its superuser.
    #[arg(long, value_name = "EMAIL:PASSWORD", value_parser = credentials)]
    peer_superuser: (String, String),

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
    let arguments = Arguments::parse();
    let server = Setup::bare().superuser().start().await;
    match run(&arguments, &server).await {
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
async fn run(arguments: &Arguments, server: &Server) -> Result<bool, Error> {
    let (email, password) = &arguments.peer_superuser;
    let mut pair = Pair {
        ours: Side::connect(&server.url(""), SUPERUSER, SUPERUSER_PASSWORD).await?,
        theirs: Side::connect(&arguments.peer, email, password).await?,
        lenient: true,
    };
    pair.ours.be_like(&pair.theirs).await?;
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
