//! Transactions that others get in the way of.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use engine::{Engine, ErrorKind, Find, Record, Work};
use serde_json::json;

use baibase_engine as engine;

mod support;

use support::contended::Contended;
use support::{create, open, start_on};

struct Fixture {
    engine: Engine,
    writes: Arc<AtomicU32>,
    commits: Arc<AtomicU32>,
    _dir: tempfile::TempDir,
}

async fn fixture() -> Fixture {
    let dir = tempfile::tempdir().unwrap();
    let store = Contended::new(Arc::new(open(&dir.path().join("data.db"))));
    let (writes, commits) = (Arc::clone(&store.writes), Arc::clone(&store.commits));
    let engine = start_on(Arc::new(store), dir.path(), Vec::new()).await.unwrap();
    let notes = json!({"name": "notes", "fields": [{"type": "text", "name": "title"}]});
    engine.create_collection(&notes).await.unwrap();
    Fixture { engine, writes, commits, _dir: dir }
}

impl Fixture {
    fn note(&self) -> Record {
        let mut note = Record::new(self.engine.catalog().by_name("notes").unwrap().collection.clone());
        note.set("title", "hello");
        note
    }

    async fn notes(&self) -> u64 {
        self.engine.count("notes", None).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_run_again_until_nothing_is_in_its_way() {
    let fixture = fixture().await;
    for (writes, commits) in [(3, 0), (0, 3), (2, 2)] {
        let before = fixture.notes().await;
        fixture.writes.store(writes, Ordering::Relaxed);
        fixture.commits.store(commits, Ordering::Relaxed);
        create(&fixture.engine, &fixture.note()).await.unwrap();
        assert_eq!(fixture.notes().await, before + 1);
        let left = [&fixture.writes, &fixture.commits].map(|left| left.load(Ordering::Relaxed));
        assert_eq!(left, [0, 0], "all of them were met");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_hides_a_conflict_is_run_again_all_the_same() {
    let fixture = fixture().await;
    let runs = AtomicU32::new(0);
    for succeed in [true, false] {
        runs.store(0, Ordering::Relaxed);
        fixture.writes.store(1, Ordering::Relaxed);
        let (runs, note) = (&runs, &fixture.note());
        let done = fixture.engine.transaction(|tx| {
            Work::new(async move {
                let run = runs.fetch_add(1, Ordering::Relaxed);
                let written = tx.create(&engine::Request::internal(), &mut note.clone()).await;
                assert_eq!(written.is_err(), run == 0);
                if succeed || run > 0 { Ok(run) } else { Err(engine::Error::bad_request("hidden")) }
            })
        });
        assert_eq!(done.await.unwrap(), 1);
    }
    assert_eq!(fixture.notes().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_conflicts_make_the_service_unavailable() {
    let fixture = fixture().await;
    for endless in [&fixture.writes, &fixture.commits] {
        endless.store(u32::MAX, Ordering::Relaxed);
        let error = create(&fixture.engine, &fixture.note()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable);
        let runs = u32::MAX - endless.swap(0, Ordering::Relaxed);
        assert!((2..=20).contains(&runs), "{runs}");
        assert_eq!(fixture.notes().await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_fails_is_not_run_again() {
    let fixture = fixture().await;
    let runs = AtomicU32::new(0);
    let (counter, note) = (&runs, &fixture.note());
    let failed = fixture.engine.transaction(|tx| {
        Work::new(async move {
            counter.fetch_add(1, Ordering::Relaxed);
            tx.create(&engine::Request::internal(), &mut note.clone()).await?;
            assert_eq!(tx.count("notes", Some(&Find::all().eq("title", "hello"))).await?, 1);
            Err::<(), _>(engine::Error::forbidden("no"))
        })
    });
    assert_eq!(failed.await.unwrap_err().kind, ErrorKind::Forbidden);
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    assert_eq!(fixture.notes().await, 0);
}
