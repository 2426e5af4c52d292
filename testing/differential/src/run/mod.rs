//! Sends the steps of a scenario to both servers.

mod clear;

use futures_util::future::join;
use serde_json::{Map, Value};

use crate::compare::{Difference, compare};
use crate::known::Replies;
use crate::model::{Action, Case, Scenario};
use crate::step::{self, Method, Step};
use crate::{Error, Reply, Side, Spawned, known, order};

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
    /// Whether the other one may differ in what is known.
    lenient: bool,
    /// The servers that end with the pair.
    _servers: Vec<Spawned>,
}

/// What a comparison came to.
#[derive(Debug)]
#[expect(missing_docs, reason = "the three outcomes")]
pub enum Outcome {
    Same,
    Known(&'static str),
    Differs(Box<Difference>),
}

impl Pair {
    /// This server and one that runs already.
    ///
    /// # Errors
    /// When one of them does not let its superuser in.
    pub async fn with_peer(server: Spawned, peer: Side) -> Result<Self, Error> {
        let mut ours = server.connect().await?;
        ours.be_like(&peer).await?;
        Ok(Self { ours, theirs: peer, lenient: true, _servers: vec![server] })
    }

    /// This server on PostgreSQL, compared with itself on SQLite.
    ///
    /// # Errors
    /// When one of them does not let its superuser in.
    pub async fn of_stores() -> Result<Self, Error> {
        let servers = vec![Spawned::on_postgres().await, Spawned::on_sqlite().await];
        let (mut ours, theirs) = (servers[0].connect().await?, servers[1].connect().await?);
        ours.be_like(&theirs).await?;
        Ok(Self { ours, theirs, lenient: false, _servers: servers })
    }

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
            outcomes.push(self.judge(scenario, compare(&step, &ours, &theirs, false)));
        }
        outcomes
    }

    /// Sends a case and compares the replies; beside the outcome, the reply of this server.
    pub async fn case(&mut self, scenario: &Scenario, case: &Case) -> (Outcome, Reply) {
        let step = Step::of(case);
        let (ours, theirs) = self.send(&step).await;
        let anonymous = matches!(&case.action, Action::Create { body } if !has_id(body));
        if anonymous {
            self.remove(&step, &ours, &theirs).await;
        }
        if matches!(case.action, Action::Import { .. }) && ours.status >= 400 {
            self.reload().await;
        }
        let difference = compare(&step, &ours, &theirs, anonymous);
        let outcome = match difference.is_some() && !order::is_total(scenario, case) {
            true => self.unordered(scenario, case, &ours, &theirs).await,
            false => self.judge(scenario, difference),
        };
        (outcome, ours)
    }

    /// Compares lists that may come in any order: as sets when they are whole, and again with an order that leaves
    /// no choice.
    async fn unordered(&mut self, scenario: &Scenario, case: &Case, ours: &Reply, theirs: &Reply) -> Outcome {
        let step = Step::of(case);
        let sets = match order::is_whole(ours) || ours.status != 200 || theirs.status != 200 {
            true => compare(&step, &order::as_set(ours), &order::as_set(theirs), false),
            false => None,
        };
        if sets.is_some() {
            return self.judge(scenario, sets);
        }
        let step = Step::of(&order::with_total(scenario, case));
        let (ours, theirs) = self.send(&step).await;
        match compare(&step, &ours, &theirs, false) {
            None if self.lenient && order::by_several(scenario, case) => {
                Outcome::Known(known::SEVERAL_VALUES.name)
            }
            difference => self.judge(scenario, difference),
        }
    }

    fn judge(&self, scenario: &Scenario, difference: Option<Box<Difference>>) -> Outcome {
        let Some(difference) = difference else { return Outcome::Same };
        let Difference { step, ours, theirs, .. } = &*difference;
        match known::find(&Replies { scenario, step, ours, theirs }, !self.lenient) {
            Some(known) => Outcome::Known(known.name),
            None => Outcome::Differs(difference),
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

    /// PocketBase goes on with the collections that a refused import would have made, until one is saved.
    async fn reload(&mut self) {
        let path = "/api/collections/_authOrigins".to_owned();
        self.send(&Step::superuser(Method::Patch, path, Some(Value::Object(Map::new())))).await;
    }

    async fn send(&mut self, step: &Step) -> (Reply, Reply) {
        join(self.ours.send(step), self.theirs.send(step)).await
    }
}
