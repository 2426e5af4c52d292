//! Sends the steps of a scenario to both servers.

mod clear;

use futures_util::future::join;
use serde_json::{Map, Value};

use crate::compare::{Outcome, compare};
use crate::model::{Action, Case, Scenario};
use crate::step::{self, Method, Step};
use crate::{Error, Reply, Side, known, order};

/// Whether the id of a new record is not left to the servers.
pub(crate) fn has_id(body: &Map<String, Value>) -> bool {
    body.get("id").is_some_and(|id| id != "" && !id.is_null())
}

/// Both servers.
#[derive(Debug)]
pub struct Pair {
    /// This server.
    pub ours: Side,
    /// The one that it is compared with.
    pub theirs: Side,
}

impl Pair {
    /// Removes the collections of the last scenario.
    ///
    /// # Errors
    /// When one of them cannot be removed.
    pub async fn clear(&mut self) -> Result<(), Error> {
        let (ours, theirs) = join(clear::clear(&mut self.ours), clear::clear(&mut self.theirs)).await;
        ours.and(theirs)
    }

    /// Makes the schema of a scenario; the outcomes are those of its steps.
    pub async fn schema(&mut self, scenario: &Scenario) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for step in step::schema(scenario) {
            let (ours, theirs) = self.send(&step).await;
            outcomes.push(compare(&step, ours, theirs, false));
        }
        outcomes
    }

    /// Sends a case and compares the replies.
    pub async fn case(&mut self, scenario: &Scenario, case: &Case) -> Outcome {
        self.case_with_status(scenario, case).await.0
    }

    /// Sends a case and compares the replies; beside the outcome, the status that this server gave.
    pub async fn case_with_status(&mut self, scenario: &Scenario, case: &Case) -> (Outcome, u16) {
        let step = Step::of(case);
        let (ours, theirs) = self.send(&step).await;
        let status = ours.status;
        let outcome = match &case.action {
            Action::Create { body } if !has_id(body) => {
                self.remove(&step, &ours, &theirs).await;
                compare(&step, ours, theirs, true)
            }
            Action::List(_) if !order::is_total(scenario, case) => {
                self.unordered(scenario, case, ours, theirs).await
            }
            _ => compare(&step, ours, theirs, false),
        };
        (outcome, status)
    }

    /// Compares lists that may come in any order: as sets when they are whole, and again with an order that leaves
    /// no choice.
    async fn unordered(&mut self, scenario: &Scenario, case: &Case, ours: Reply, theirs: Reply) -> Outcome {
        let step = Step::of(case);
        let outcome = compare(&step, ours.clone(), theirs.clone(), false);
        if matches!(outcome, Outcome::Same | Outcome::Known(_)) || ours.status != 200 || theirs.status != 200
        {
            return outcome;
        }
        if order::is_whole(&ours) {
            let sets = compare(&step, order::as_set(&ours), order::as_set(&theirs), false);
            if !matches!(sets, Outcome::Same) {
                return sets;
            }
        }
        let step = Step::of(&order::with_total(scenario, case));
        let (ours, theirs) = self.send(&step).await;
        match compare(&step, ours, theirs, false) {
            Outcome::Same if order::by_several(scenario, case) => Outcome::Known(known::SEVERAL_VALUES.name),
            outcome => outcome,
        }
    }

    /// Removes a record whose id the servers have chosen: the next request would see different data.
    async fn remove(&mut self, step: &Step, ours: &Reply, theirs: &Reply) {
        let delete = |reply: &Reply| {
            let id = reply.json.get("id").and_then(Value::as_str)?;
            Some(Step::superuser(Method::Delete, format!("{}/{id}", step.path), None))
        };
        if let Some(step) = delete(ours) {
            self.ours.send(&step).await;
        }
        if let Some(step) = delete(theirs) {
            self.theirs.send(&step).await;
        }
    }

    async fn send(&mut self, step: &Step) -> (Reply, Reply) {
        join(self.ours.send(step), self.theirs.send(step)).await
    }
}
