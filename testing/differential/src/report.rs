//! What a run tells.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::Reply;
use crate::compare::Difference;
use crate::model::{Case, Scenario};
use crate::shrink::Smallest;
use crate::step::{self, Step};

/// The figures of a run.
#[derive(Debug, Default)]
pub struct Summary {
    /// Scenarios that were played.
    pub scenarios: usize,
    /// Steps of schemas and creations of rows that were compared; they are no cases.
    pub prepared: usize,
    /// Cases by what was done.
    pub cases: BTreeMap<&'static str, usize>,
    /// Cases by the status that both servers gave.
    pub statuses: BTreeMap<u16, usize>,
    /// Lists with a record in them.
    pub found: usize,
    /// Known differences by name.
    pub known: BTreeMap<&'static str, usize>,
    /// Differences that nothing explains, of cases and of what prepares them.
    pub differences: usize,
}

impl Summary {
    /// Counts a case with the reply of this server.
    pub fn count(&mut self, case: &Case, reply: &Reply) {
        *self.cases.entry(case.name()).or_default() += 1;
        *self.statuses.entry(reply.status).or_default() += 1;
        let items = reply.json.get("items").and_then(Value::as_array);
        self.found += usize::from(items.is_some_and(|items| !items.is_empty()));
    }

    /// How many cases were compared.
    pub fn total(&self) -> usize {
        self.cases.values().sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} cases on {} schemas, {} further replies compared",
            self.total(),
            self.scenarios,
            self.prepared
        )?;
        writeln!(f, "by action: {}", list(&self.cases))?;
        writeln!(f, "lists that found something: {}", self.found)?;
        writeln!(f, "by status: {}", list(&self.statuses))?;
        writeln!(
            f,
            "known differences: {}",
            if self.known.is_empty() { "none".to_owned() } else { list(&self.known) }
        )?;
        write!(f, "differences: {}", self.differences)
    }
}

fn list<K: fmt::Display>(counts: &BTreeMap<K, usize>) -> String {
    counts.iter().map(|(key, count)| format!("{key} {count}")).collect::<Vec<_>>().join(", ")
}

/// A difference with all that is needed to see it again.
#[derive(Debug)]
pub struct Finding {
    /// The seed of the scenario.
    pub seed: u64,
    /// The steps up to the difference, as small as they could be made.
    pub steps: Vec<Step>,
    /// The difference.
    pub difference: Difference,
}

impl Finding {
    /// The finding of a scenario that was made smaller.
    pub fn new(seed: u64, smallest: Smallest) -> Self {
        let Smallest { scenario, difference } = smallest;
        Self { seed, steps: steps(&scenario), difference }
    }
}

fn steps(scenario: &Scenario) -> Vec<Step> {
    step::schema(scenario).into_iter().chain(scenario.cases.iter().map(Step::of)).collect()
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { step, place, ours, theirs } = &self.difference;
        writeln!(f, "--- a difference of seed {} at {place}", self.seed)?;
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        if self.steps.last() != Some(step) {
            writeln!(f, "# told by\n{step}")?;
        }
        writeln!(f, "# ours:   {} {}", ours.status, ours.json)?;
        writeln!(f, "# theirs: {} {}", theirs.status, theirs.json)
    }
}
