use super::requests::LOADS;
use crate::error::{Error, Result};
use crate::report::{Bound, Outcome, Unit};
use crate::run::{Bench, Contender};

/// The own speed with many records beside that with few.
pub(super) async fn run(bench: &Bench) -> Result<Vec<Outcome>> {
    let [small, large] = bench.options.scale.as_slice() else {
        return Err(Error::Setup("--scale wants two numbers".to_owned()));
    };
    let mut doers: Vec<Contender> = Vec::new();
    // The larger one is judged, and stands first.
    for records in [*large, *small] {
        doers.push(bench.own_with(records).await?);
    }
    let mut outcomes = Vec::new();
    for load in LOADS.iter().filter(|load| ["by_id", "list"].contains(&load.name)) {
        let outcome = Outcome {
            name: format!("scale_{}", load.name),
            title: format!("{}, by the number of records", load.title),
            unit: Unit::Rate,
            figures: load.turns(&doers.iter().collect::<Vec<_>>(), &bench.options).await?,
            verdicts: Vec::new(),
        };
        outcomes.push(outcome.judge(Some(Bound::AtLeast(0.8)), None));
    }
    Ok(outcomes)
}
