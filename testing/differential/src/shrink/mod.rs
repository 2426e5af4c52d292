//! Makes a scenario smaller as long as the two servers still differ.

mod cases;
mod expressions;
mod schema;

use crate::Error;
use crate::compare::Difference;
use crate::model::Scenario;
use crate::run::{Outcome, Pair};

/// Scenarios that are tried for one difference.
const ATTEMPTS: usize = 400;

/// The smallest scenario that was found, and how its last step differs.
#[derive(Debug)]
pub struct Smallest {
    /// The scenario.
    pub scenario: Scenario,
    /// The difference.
    pub difference: Difference,
}

/// Plays a scenario from the start, up to the first difference that is not known.
///
/// # Errors
/// When an earlier scenario cannot be removed.
pub async fn play(pair: &mut Pair, scenario: &Scenario) -> Result<Option<(usize, Difference)>, Error> {
    pair.clear().await?;
    for outcome in pair.schema(scenario).await {
        if let Outcome::Differs(difference) = outcome {
            return Ok(Some((0, *difference)));
        }
    }
    for (at, case) in scenario.cases.iter().enumerate() {
        if let (Outcome::Differs(difference), _) = pair.case(scenario, case).await {
            return Ok(Some((at + 1, *difference)));
        }
    }
    Ok(None)
}

/// Makes a scenario smaller whose last case differs, or whose schema does.
///
/// # Errors
/// When an earlier scenario cannot be removed.
pub async fn shrink(pair: &mut Pair, scenario: Scenario) -> Result<Option<Smallest>, Error> {
    let Some((cases, difference)) = play(pair, &scenario).await? else { return Ok(None) };
    let mut smallest = Smallest { scenario, difference };
    smallest.scenario.cases.truncate(cases);
    let mut attempts = ATTEMPTS;
    loop {
        let before = attempts;
        let mut progress = false;
        for pass in [cases::fewer, cases::smaller_last, schema::fewer, schema::smaller, cases::smaller] {
            progress |= improve(pair, &mut smallest, pass, &mut attempts).await?;
        }
        if !progress || attempts == 0 || attempts == before {
            return Ok(Some(smallest));
        }
    }
}

/// Takes the candidates of a pass that still differ. After one was taken, the next are those of the smaller scenario.
async fn improve(
    pair: &mut Pair,
    smallest: &mut Smallest,
    pass: fn(&Scenario) -> Vec<Scenario>,
    attempts: &mut usize,
) -> Result<bool, Error> {
    let (mut at, mut progress) = (0, false);
    loop {
        let Some(candidate) = pass(&smallest.scenario).into_iter().nth(at) else { return Ok(progress) };
        if *attempts == 0 {
            return Ok(progress);
        }
        *attempts -= 1;
        match play(pair, &candidate).await? {
            // What differs must be the same kind of thing, or the search ends somewhere else.
            Some((cases, difference)) if is_alike(&difference, &smallest.difference) => {
                *smallest = Smallest { scenario: candidate, difference };
                smallest.scenario.cases.truncate(cases);
                progress = true;
            }
            _ => at += 1,
        }
    }
}

fn is_alike(one: &Difference, other: &Difference) -> bool {
    one.step.method == other.step.method
        && (one.ours.status, one.theirs.status) == (other.ours.status, other.theirs.status)
}
