//! Jobs that run by a schedule.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use baibase_engine::{self as engine, Engine, Error, ErrorKind, Extension};
use serde_json::json;
use support::parsed;
use tokio::sync::{Notify, Semaphore};

/// Jobs of an extension, to be looked at.
#[derive(Default)]
struct Jobs {
    counted: AtomicUsize,
    begun: Notify,
    gate: Arc<Notify>,
    stuck: AtomicUsize,
}

struct Registers(Arc<Jobs>);

#[async_trait::async_trait]
impl Extension for Registers {
    fn name(&self) -> &'static str {
        "jobs"
    }

    async fn start(&self, engine: &Engine) -> engine::Result<()> {
        let jobs = Arc::clone(&self.0);
        engine.crons().add("counts", "@daily", move |_| {
            let jobs = Arc::clone(&jobs);
            async move {
                jobs.counted.fetch_add(1, Ordering::Relaxed);
                jobs.begun.notify_one();
                Ok(())
            }
        })?;
        let jobs = Arc::clone(&self.0);
        engine.crons().add("sticks", "* * * * *", move |_| {
            let jobs = Arc::clone(&jobs);
            async move {
                jobs.stuck.fetch_add(1, Ordering::Relaxed);
                jobs.begun.notify_one();
                jobs.gate.notified().await;
                Ok(())
            }
        })?;
        engine.crons().add("panics", "* * * * *", |_| async { panic!("as it should") })?;
        engine.crons().add("fails", "* * * * *", |_| async { Err(Error::internal("as it should")) })
    }
}

async fn start() -> (tempfile::TempDir, Engine, Arc<Jobs>) {
    let (dir, jobs) = (tempfile::tempdir().unwrap(), Arc::<Jobs>::default());
    let engine = support::start(dir.path(), vec![Arc::new(Registers(Arc::clone(&jobs)))]).await.unwrap();
    (dir, engine, jobs)
}

#[tokio::test]
async fn jobs_of_others_come_first_and_are_sorted() {
    let (_dir, engine, _) = start().await;
    let jobs = parsed(&engine.list_crons());
    let ids: Vec<&str> = jobs.as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap()).collect();
    let (others, own) = ids.split_at(4);
    assert_eq!(others, ["counts", "fails", "panics", "sticks"]);
    assert!(own.iter().all(|id| id.starts_with("__pb")), "{own:?}");
    assert_eq!(jobs[0], json!({"id": "counts", "expression": "0 0 * * *"}));

    engine.crons().add("sticks", "5 * * * *", |_| async { Ok(()) }).unwrap();
    engine.crons().remove("fails");
    let changed = parsed(&engine.list_crons());
    assert_eq!(changed[2], json!({"id": "sticks", "expression": "5 * * * *"}));
    assert_eq!(changed.as_array().unwrap().len(), ids.len() - 1);
    assert!(engine.crons().add("x", "never", |_| async { Ok(()) }).is_err());
    assert_eq!(engine.run_cron("fails").unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_job_that_sticks_panics_or_fails_harms_no_other() {
    let (_dir, engine, jobs) = start().await;
    for id in ["panics", "fails", "sticks", "sticks", "counts"] {
        engine.run_cron(id).unwrap();
    }
    jobs.begun.notified().await;
    while jobs.counted.load(Ordering::Relaxed) == 0 {
        jobs.begun.notified().await;
    }
    assert_eq!(jobs.stuck.load(Ordering::Relaxed), 1, "it never runs twice at once");
    // Not even under another schedule.
    engine.crons().remove("sticks");
    engine.crons().add("sticks", "* * * * *", |_| async { panic!("it must not run") }).unwrap();
    engine.run_cron("sticks").unwrap();

    // A job that failed can run again, and so can one that stuck once it has ended.
    engine.run_cron("panics").unwrap();
    jobs.gate.notify_one();
    let again = Arc::new(Semaphore::new(0));
    let ran = Arc::clone(&again);
    engine
        .crons()
        .add("sticks", "* * * * *", move |_| {
            let ran = Arc::clone(&ran);
            async move {
                ran.add_permits(1);
                Ok(())
            }
        })
        .unwrap();
    let wait = async {
        while again.available_permits() == 0 {
            engine.run_cron("sticks").unwrap();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.unwrap();

    let page = baibase_engine::ListOptions {
        filter: "level = 4 && data.job = 'fails'".into(),
        ..Default::default()
    };
    let wait = async {
        loop {
            let page = parsed(&engine.list_logs(&page).await.unwrap());
            if let [entry] = page["items"].as_array().unwrap().as_slice() {
                return entry.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let entry = tokio::time::timeout(Duration::from_secs(10), wait).await.unwrap();
    assert_eq!(entry["message"], "A cron job failed.");
    assert!(entry["data"]["error"].as_str().unwrap().contains("as it should"), "{entry}");
    engine.close().await.unwrap();
}

#[tokio::test]
async fn the_end_waits_for_jobs_but_not_for_ever() {
    let (_dir, engine, jobs) = start().await;
    engine.run_cron("sticks").unwrap();
    jobs.begun.notified().await;
    let gate = Arc::clone(&jobs.gate);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        gate.notify_one();
    });
    engine.close().await.unwrap();
    // Nothing begins any more.
    engine.run_cron("counts").unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(jobs.counted.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn the_own_jobs_run() {
    let (_dir, engine, _) = start().await;
    for job in parsed(&engine.list_crons()).as_array().unwrap() {
        let id = job["id"].as_str().unwrap();
        if id.starts_with("__pb") {
            engine.run_cron(id).unwrap();
        }
    }
    engine.close().await.unwrap();
}
