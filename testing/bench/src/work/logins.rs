use std::rc::Rc;
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use super::{load::load_figure, requests};
use crate::data::{PASSWORD, email};
use crate::error::{Result, What};
use crate::http::{Connection, Source, request};
use crate::load::{Tally, Until, open};
use crate::options::Options;
use crate::report::{Bound, Figure, Outcome, Role, Unit, Verdict};
use crate::run::{Bench, Contender};

/// Connections of those who read meanwhile.
const CONNECTIONS: usize = 64;

/// The longest time for which others are measured.
const LONGEST: Duration = Duration::from_secs(120);

/// The slowest hundredth of others' requests, in quiet and while many log in at the same time.
pub(super) async fn run(bench: &Bench) -> Result<Outcome> {
    let (mut figures, mut verdicts) = (Vec::new(), Vec::new());
    for doer in bench.contenders.iter().filter(|doer| doer.role != Role::Floor) {
        let [loud, quiet] = measure(bench, doer).await?;
        // What peers make of it is told, and no target.
        let target = (doer.role == Role::Own).then_some(Bound::AtMost(3.0));
        verdicts.push(Verdict::of(loud.value, &quiet, target));
        figures.extend([loud, quiet]);
    }
    let Options { logins, logins_rate, .. } = bench.options;
    Ok(Outcome {
        name: "logins".to_owned(),
        title: format!("p99 of others at {logins_rate} requests/s while {logins} log in"),
        unit: Unit::Milliseconds,
        figures,
        verdicts,
    })
}

async fn measure(bench: &Bench, doer: &Contender) -> Result<[Figure; 2]> {
    let (rate, count) = (bench.options.logins_rate, bench.options.logins);
    let (mut quiet, mut loud) = (Vec::new(), Vec::new());
    for _ in 0..bench.options.rounds {
        let measured = Duration::from_secs_f64(bench.options.seconds);
        quiet.push(read(doer, rate, Until::after(measured)).await?);
        let until = Until::after(LONGEST);
        let logins = async {
            let outcome = log_in(doer, count).await;
            until.stop();
            outcome
        };
        let (tally, ()) = tokio::try_join!(read(doer, rate, until.clone()), logins)?;
        loud.push(tally);
    }
    doer.note_peak()?;
    let name = &doer.server.name;
    let figure = |what: &str, tallies: &[Tally]| {
        let p99 = tallies.iter().map(|tally| tally.quantile(0.99) as f64 / 1000.0).collect();
        let mut figure = Figure::of(&format!("{name}, {what}"), doer.role, p99);
        let mut total = Tally::default();
        tallies.iter().for_each(|tally| total.merge(tally));
        figure.load = Some(load_figure(&total, CONNECTIONS, doer.peak.get()));
        figure
    };
    Ok([figure("beside logins", &loud), figure("quiet", &quiet)])
}

async fn read(doer: &Contender, rate: f64, until: Until) -> Result<Tally> {
    let source = Rc::new(Source::new(requests::by_id(&doer.context), 31));
    open(&doer.server, &source, (rate, CONNECTIONS), 200, until).await
}

/// Logs this many users in, all at the same time. A refusal is an error.
async fn log_in(doer: &Contender, count: u64) -> Result<()> {
    let mut tasks = JoinSet::new();
    for user in 0..count {
        let address = doer.server.address.clone();
        let body =
            json!({"identity": email(user % doer.context.sizes.users), "password": PASSWORD}).to_string();
        let request = request("POST", "/api/collections/bench_users/auth-with-password", "", Some(&body));
        tasks.spawn_local(async move { Connection::open(&address).await?.expect(&request, 200).await });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(std::io::Error::other).what("a login")??;
    }
    Ok(())
}
