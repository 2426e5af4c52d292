use std::time::{Duration, Instant};

use serde_json::json;

use super::subscribers::Subscribers;
use crate::error::{Error, Result};
use crate::report::{Bound, Figure, Outcome, Role, Unit};
use crate::run::{Bench, Contender};

/// How long a change may take.
const LOST: Duration = Duration::from_secs(60);

/// How often each server has its turn in a round.
const CHANGES: usize = 5;

/// The time from a change until the last subscriber has it.
pub(super) async fn run(bench: &Bench) -> Result<Outcome> {
    let count = bench.options.subscribers;
    let doers: Vec<&Contender> = bench.contenders.iter().filter(|doer| doer.role != Role::Floor).collect();
    let mut subscribers = Vec::new();
    for doer in &doers {
        let address = &doer.server.address;
        subscribers.push(Subscribers::connect(address, "bench_feed/*", count, bench.options.idle).await?);
    }
    let mut times = vec![Vec::new(); doers.len()];
    // The first change of each is not counted.
    for number in 0..=bench.options.rounds * CHANGES {
        for ((doer, subscribers), times) in doers.iter().zip(&mut subscribers).zip(&mut times) {
            let taken = change(doer, subscribers, count, number).await?;
            if number > 0 {
                times.push(taken.as_secs_f64() * 1000.0);
            }
        }
    }
    for doer in &doers {
        doer.note_peak()?;
    }
    let figures =
        doers.iter().zip(times).map(|(doer, times)| Figure::of(&doer.server.name, doer.role, times));
    let outcome = Outcome {
        name: "realtime".to_owned(),
        title: format!("a change until the last of {count} subscribers has it"),
        unit: Unit::Milliseconds,
        figures: figures.collect(),
        verdicts: Vec::new(),
    };
    Ok(outcome.judge(Some(Bound::AtMost(0.2)), None))
}

async fn change(
    doer: &Contender,
    subscribers: &mut Subscribers,
    count: usize,
    number: usize,
) -> Result<Duration> {
    let mut connection = doer.server.connect().await?;
    let body = json!({"title": format!("change {number}")});
    let begun = Instant::now();
    let write = connection.call("POST", "/api/collections/bench_feed/records", "", &body);
    let both = async { tokio::try_join!(write, subscribers.last_of(count)) };
    let (_, last) = tokio::time::timeout(LOST, both).await.map_err(|_| {
        Error::Refused(format!("{}: not every subscriber heard of a change", doer.server.name))
    })??;
    // What a server does after the last event is its own affair.
    tokio::time::sleep(Duration::from_millis(50)).await;
    Ok(last - begun)
}
