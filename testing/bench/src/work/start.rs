use crate::data::{Kind, copy};
use crate::error::{Error, Result};
use crate::report::{Bound, Figure, Outcome, Role, Unit};
use crate::run::Bench;
use crate::server::Server;

/// The time from the start of a process on a large data directory until it answers with a record.
pub(super) async fn run(bench: &Bench) -> Result<Outcome> {
    let padded = bench.cache.padded(bench.options.records, bench.options.start_size).await?;
    let path = format!("/api/collections/bench_posts/records/{}", Kind::Post.id(0));
    let mut doers = Vec::new();
    for startable in bench.startable().filter(|startable| startable.role != Role::Floor) {
        let directory = bench.room.path().join(format!("start-{}", startable.name));
        copy(&padded, &directory)?;
        doers.push((startable, directory, Vec::new()));
    }
    // The first start of each is not counted: it reads the files for the first time.
    for round in 0..=bench.options.rounds {
        for (startable, directory, times) in &mut doers {
            let mut server =
                Server::spawn_until(&startable.name, &startable.program, directory, &path).await?;
            let taken = server.started_in.ok_or_else(|| Error::Setup("a start without a time".to_owned()))?;
            server.stop()?;
            if round > 0 {
                times.push(taken.as_secs_f64() * 1000.0);
            }
        }
    }
    let figures =
        doers.into_iter().map(|(startable, _, times)| Figure::of(&startable.name, startable.role, times));
    let outcome = Outcome {
        name: "start".to_owned(),
        title: format!("start on a database of {} MB until the first record", bench.options.start_size),
        unit: Unit::Milliseconds,
        figures: figures.collect(),
        verdicts: Vec::new(),
    };
    Ok(outcome.judge(Some(Bound::AtMost(1.0 / 3.0)), None))
}
