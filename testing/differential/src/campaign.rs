//! Scenario after scenario until there are enough cases.

use crate::report::{Finding, Summary};
use crate::run::{Outcome, Pair};
use crate::shrink::shrink;
use crate::{Chance, Error, generate};

/// How much is compared.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The seed of the first scenario; each next one has its own, made from it.
    pub seed: u64,
    /// The cases in all.
    pub cases: usize,
    /// The cases of one schema.
    pub per_schema: usize,
    /// After so many findings the run ends.
    pub findings: usize,
}

/// Compares two servers. Each finding is handed over as soon as it is as small as it gets.
///
/// # Errors
/// When a server cannot be cleared for the next scenario.
pub async fn compare(pair: &mut Pair, plan: Plan, mut tell: impl FnMut(&Finding)) -> Result<Summary, Error> {
    let mut seeds = Chance::new(plan.seed);
    let mut seed = plan.seed;
    let mut summary = Summary::default();
    let mut findings = 0;
    let batches = pair.theirs.allow_batches(true).await;
    pair.ours.allow_batches(true).await;
    while summary.total() < plan.cases && findings < plan.findings {
        if let Some(cases) = scenario(pair, seed, plan.per_schema, &mut summary).await? {
            findings += 1;
            let mut scenario = generate::scenario(seed, plan.per_schema);
            scenario.cases.truncate(cases);
            if let Some(smallest) = shrink(pair, scenario).await? {
                tell(&Finding::new(seed, smallest));
            }
        }
        seed = seeds.bits();
    }
    pair.clear().await?;
    // The other server may be somebody's.
    pair.theirs.allow_batches(batches).await;
    Ok(summary)
}

/// Plays one scenario to its end, or to a difference after which the data are no longer alike. The result says after
/// how many cases something differed for the first time; 0 is the schema. What differs later has mostly the same
/// cause.
async fn scenario(
    pair: &mut Pair,
    seed: u64,
    cases: usize,
    summary: &mut Summary,
) -> Result<Option<usize>, Error> {
    let scenario = generate::scenario(seed, cases);
    let rows = scenario.cases.len() - cases;
    summary.scenarios += 1;
    pair.clear().await?;
    for outcome in pair.schema(&scenario).await {
        summary.prepared += 1;
        if count(&outcome, summary) {
            return Ok(Some(0));
        }
    }
    let mut first = None;
    for (at, case) in scenario.cases.iter().enumerate() {
        let (outcome, reply) = pair.case(&scenario, case).await;
        if at < rows {
            summary.prepared += 1;
        } else {
            summary.count(case, &reply);
        }
        let same = matches!(outcome, Outcome::Same);
        if count(&outcome, summary) {
            first = first.or(Some(at + 1));
        }
        if !same && case.writes() {
            break;
        }
    }
    Ok(first)
}

/// Whether an outcome is a difference that nothing explains.
fn count(outcome: &Outcome, summary: &mut Summary) -> bool {
    match outcome {
        Outcome::Same => {}
        Outcome::Known(name) => *summary.known.entry(name).or_default() += 1,
        Outcome::Differs(_) => summary.differences += 1,
    }
    matches!(outcome, Outcome::Differs(_))
}
