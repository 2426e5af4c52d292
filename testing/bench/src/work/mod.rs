//! What servers are made to do: the lines of the table.

mod load;
mod logins;
mod memory;
mod realtime;
mod requests;
mod scale;
mod start;
mod subscribers;

use crate::error::{Error, Result};
use crate::options::Store;
use crate::report::Outcome;
use crate::run::Bench;

pub(crate) use load::{Context, Load};
pub(crate) use memory::at_rest;

/// The names of the work that is no load of requests.
const OTHERS: [&str; 5] = ["realtime", "logins", "memory", "start", "scale"];

/// Whether a name was asked for; all are when none was.
pub(crate) fn wants(only: &[String], name: &str) -> bool {
    only.is_empty() || only.iter().any(|wanted| wanted == name)
}

/// What the floor does as well.
pub(crate) fn floor_loads() -> impl Iterator<Item = &'static Load> {
    requests::LOADS.iter().filter(|load| load.floor)
}

/// Refuses names that mean nothing.
pub(crate) fn check_names(only: &[String]) -> Result<()> {
    let loads = requests::LOADS.iter().map(|load| load.name);
    let names: Vec<&str> = loads.chain(OTHERS).collect();
    match only.iter().find(|name| !names.contains(&name.as_str())) {
        Some(name) => {
            Err(Error::Setup(format!("there is no work named {name}; there are {}", names.join(", "))))
        }
        None => Ok(()),
    }
}

/// Has all work done that was asked for, and tells of each outcome when it is there.
pub(crate) async fn all(bench: &Bench, tell: impl Fn(&Outcome) -> Result<()>) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    let mut add = |outcome: Outcome| {
        tell(&outcome)?;
        outcomes.push(outcome);
        Ok::<_, Error>(())
    };
    let only = bench.options.only.clone();
    for load in requests::LOADS.iter().filter(|load| wants(&only, load.name)) {
        add(load.run(bench).await?)?;
    }
    if wants(&only, "realtime") {
        add(realtime::run(bench).await?)?;
    }
    if wants(&only, "logins") {
        add(logins::run(bench).await?)?;
    }
    if wants(&only, "memory") {
        for outcome in memory::outcomes(bench)? {
            add(outcome)?;
        }
    }
    // With PostgreSQL the directory holds nothing that takes time to open.
    if wants(&only, "start") && bench.options.store == Store::Sqlite {
        add(start::run(bench).await?)?;
    }
    if wants(&only, "scale") {
        for outcome in scale::run(bench).await? {
            add(outcome)?;
        }
    }
    Ok(outcomes)
}
