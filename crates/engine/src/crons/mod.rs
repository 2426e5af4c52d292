//! Jobs that run by a schedule, in minutes of UTC.
//!
//! Each run is a task of its own: one that fails, panics or never ends is logged and harms no other. No job runs twice
//! at once, not even when it was replaced in the meantime.

mod own;
mod schedule;
mod scheduler;

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::json;
use tokio::task::JoinSet;

pub(crate) use own::register;
pub(crate) use schedule::Schedule;

use crate::json::Json;
use crate::{Engine, Error, Result};

/// How the ids of the engine's own jobs begin. They come last in the list of jobs.
const OWN: &str = "__pb";

type Run = dyn Fn(Engine) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync;

/// The jobs of an engine.
#[derive(Default)]
pub struct Crons {
    jobs: Mutex<Vec<Arc<Job>>>,
    /// The ids of the jobs that are running.
    running: Mutex<HashSet<String>>,
    /// Their tasks; `None` when no more may begin.
    tasks: Mutex<Option<JoinSet<()>>>,
}

struct Job {
    id: String,
    schedule: Schedule,
    run: Box<Run>,
}

impl Crons {
    pub(crate) fn new() -> Self {
        Self { tasks: Mutex::new(Some(JoinSet::new())), ..Self::default() }
    }

    /// Adds a job, in the place of one of the same id if there is one. Ids that begin with `__pb` are the engine's
    /// own.
    ///
    /// The expression is one of cron's with five parts (`*/5 0-12 1,15 * *`), or a macro such as `@daily`. What the
    /// job returns as an error is logged. It runs on a thread of the runtime: what blocks belongs on
    /// `spawn_blocking`. When the server stops, jobs that run have a few seconds to end and are then dropped.
    ///
    /// # Errors
    /// When the expression cannot be understood.
    pub fn add<F, R>(&self, id: &str, expression: &str, run: F) -> Result<()>
    where
        F: Fn(Engine) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        let schedule = Schedule::parse(expression).map_err(Error::internal)?;
        let run = Box::new(move |engine| Box::pin(run(engine)) as _);
        let job = Arc::new(Job { id: id.to_owned(), schedule, run });
        let mut jobs = self.jobs.lock();
        jobs.retain(|job| job.id != id);
        jobs.push(job);
        Ok(())
    }

    /// Removes a job. A run of it that has begun goes on.
    pub fn remove(&self, id: &str) {
        self.jobs.lock().retain(|job| job.id != id);
    }

    fn find(&self, id: &str) -> Option<Arc<Job>> {
        self.jobs.lock().iter().find(|job| job.id == id).cloned()
    }
}

impl Engine {
    /// All jobs: `[{"id", "expression"}]`, the engine's own last.
    pub fn list_crons(&self) -> Json {
        let mut jobs = self.crons().jobs.lock().clone();
        // The sort is stable: the engine's own stay in the order in which they were added.
        jobs.sort_by(|a, b| match (a.id.starts_with(OWN), b.id.starts_with(OWN)) {
            (false, false) => a.id.cmp(&b.id),
            (a_is_own, b_is_own) => a_is_own.cmp(&b_is_own),
        });
        let quoted = |text: &str| schema::json::to_string(&json!(text)).unwrap_or_default();
        let item = |job: &Arc<Job>| {
            format!(r#"{{"id":{},"expression":{}}}"#, quoted(&job.id), quoted(job.schedule.expression()))
        };
        let items: Vec<String> = jobs.iter().map(item).collect();
        Json(format!("[{}]", items.join(",")).into_bytes())
    }

    /// Begins to run a job now, unless it is running already. Nobody waits for its end.
    ///
    /// # Errors
    /// 404 when there is no such job.
    pub fn run_cron(&self, id: &str) -> Result<()> {
        let job = self.crons().find(id).ok_or_else(|| Error::not_found("Missing or invalid cron job."))?;
        self.begin(job);
        Ok(())
    }
}
