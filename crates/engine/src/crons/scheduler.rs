//! When jobs run, and how they end.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Crons, Job};
use crate::engine::WeakEngine;
use crate::{Engine, LogEntry, LogLevel};

/// How long jobs may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(5);

const MINUTE_MS: i64 = 60_000;

impl Engine {
    /// Runs jobs by their schedules from the next full minute on, until the engine is closed. To be called once.
    pub fn start_crons(&self) {
        tokio::spawn(keep_time(self.downgrade(), minute(self.clock().now())));
    }

    /// Begins the jobs that are due at a time.
    fn run_due(&self, now: Timestamp) {
        let jobs = self.crons().jobs.lock().clone();
        for job in jobs.into_iter().filter(|job| job.schedule.is_due(now)) {
            self.begin(job);
        }
    }

    pub(super) fn begin(&self, job: Arc<Job>) {
        let crons = self.crons();
        let mut tasks = crons.tasks.lock();
        let Some(tasks) = tasks.as_mut() else { return };
        while tasks.try_join_next().is_some() {}
        if !crons.running.lock().insert(job.id.clone()) {
            self.report(&job.id, "A cron job is due, but its last run has not ended.", None);
            return;
        }
        tasks.spawn(run(self.clone(), job));
    }

    /// What superusers and operators are told of a job that did not do its work.
    fn report(&self, id: &str, message: &str, error: Option<String>) {
        tracing::warn!(job = id, error, "{message}");
        let mut data = Map::from_iter([("job".to_owned(), Value::from(id))]);
        data.extend(error.map(|error| ("error".to_owned(), Value::from(error))));
        self.log(LogEntry::new(LogLevel::Warning, message, &data));
    }
}

impl Crons {
    /// Begins no more jobs, and waits for those that run; drops them when they take too long.
    pub(crate) async fn close(&self) {
        let Some(mut tasks) = self.tasks.lock().take() else { return };
        let ended = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            tracing::warn!(jobs = tasks.len(), "cron jobs were cut off: they took too long to end");
            tasks.shutdown().await;
        }
    }

    fn is_closed(&self) -> bool {
        self.tasks.lock().is_none()
    }
}

/// Takes a job off the list of those that run, however its run ends.
struct Running {
    engine: Engine,
    id: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.engine.crons().running.lock().remove(&self.id);
    }
}

async fn run(engine: Engine, job: Arc<Job>) {
    let _running = Running { engine: engine.clone(), id: job.id.clone() };
    // The job is called within, so that a panic before its first await is caught as well.
    let run = async { (job.run)(engine.clone()).await };
    let error = match AssertUnwindSafe(run).catch_unwind().await {
        Ok(Ok(())) => return,
        Ok(Err(error)) => match &error.cause {
            Some(cause) => format!("{error} ({cause})"),
            None => error.to_string(),
        },
        Err(_) => "it panicked".to_owned(),
    };
    engine.report(&job.id, "A cron job failed.", Some(error));
}

fn minute(at: Timestamp) -> i64 {
    at.as_millisecond().div_euclid(MINUTE_MS)
}

/// Looks for jobs at the beginning of each minute. Minutes that the machine slept through are lost.
async fn keep_time(engine: WeakEngine, mut last: i64) {
    loop {
        let Some(now) = engine.upgrade().map(|engine| engine.clock().now()) else { return };
        let rest = MINUTE_MS - now.as_millisecond().rem_euclid(MINUTE_MS);
        tokio::time::sleep(Duration::from_millis(rest.unsigned_abs())).await;
        let Some(engine) = engine.upgrade().filter(|engine| !engine.crons().is_closed()) else { return };
        let now = engine.clock().now();
        // The clocks of the system and of the runtime are not the same: it may be a moment too early.
        if minute(now) != last {
            last = minute(now);
            engine.run_due(now);
        }
    }
}
