//! A run: the data, the servers, the work, the report.

mod contender;
mod lineup;
mod same;

use ambient::{Clock as _, SystemClock};

pub(crate) use contender::Contender;
pub(crate) use lineup::Bench;

use crate::error::{Error, Result};
use crate::options::{Options, Store};
use crate::report::{self, Machine, Outcome, Results};
use crate::work;

/// Measures what the options ask for, prints it and writes it down. False when a request was answered otherwise than
/// expected, or something could not be done at all: figures with errors among them are worth nothing.
///
/// It must run within a [`tokio::task::LocalSet`] of a runtime with one thread.
///
/// # Errors
/// When the servers or the data cannot be had.
pub async fn run(options: Options) -> Result<bool> {
    work::check_names(&options.only)?;
    // Each subscriber is a file to its server and another one to us.
    rlimit::increase_nofile_limit(1 << 20).map_err(|error| Error::Setup(error.to_string()))?;
    let mut bench = Bench::start(options).await?;
    same::check(&bench).await?;
    work::at_rest(&mut bench.contenders).await?;
    let outcomes = work::all(&bench, report::print).await?;
    let results = results(&bench.options, outcomes);
    report::save(&results, &bench.options.out, &bench.options.name)?;
    report::summary(&results)?;
    Ok(results.outcomes.iter().all(is_sound))
}

/// Whether every server did the work, without an error.
fn is_sound(outcome: &Outcome) -> bool {
    outcome.errors() == 0 && outcome.figures.iter().all(|figure| figure.value > 0.0)
}

fn results(options: &Options, outcomes: Vec<Outcome>) -> Results {
    let store = match options.store {
        Store::Sqlite => "sqlite",
        Store::Postgres => "postgres",
    };
    let now = SystemClock.now_text();
    Results {
        date: now.split(' ').next().unwrap_or_default().to_owned(),
        machine: Machine::this(),
        store: store.to_owned(),
        records: options.records,
        rounds: options.rounds,
        seconds: options.seconds,
        open_rate: options.open_rate,
        outcomes,
    }
}
