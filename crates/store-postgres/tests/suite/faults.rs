//! Servers that go away and come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::support::{authored, first, one, open, query, run, texts};
use baibase_store_postgres::Options;
use store::{Cost, Error, Store, fetch};
use test_postgres::Cluster;

/// How long somebody may have to wait until they are told that the server is gone.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_of_a_server_that_is_gone_is_lost_and_a_new_one_is_used() {
    let cluster = Cluster::new();
    let database = cluster.database();
    let store = open(&database, Options::default()).await;
    run(&*store, &["CREATE TABLE t (n int)", "INSERT INTO t VALUES (1)"]).await.unwrap();
    let endless = query(&database, "SELECT pg_sleep(600)::text");
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            let (store, endless) = (Arc::clone(&store), endless.clone());
            tokio::spawn(async move { fetch(&*store, &endless, Cost::Scan, first).await })
        })
        .collect();
    let mut open_transaction = store.begin().await.unwrap();
    open_transaction.execute(&authored("INSERT INTO t VALUES (2)")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;

    let stopped = Instant::now();
    cluster.stop();
    for query in waiting {
        assert!(matches!(query.await.unwrap(), Err(Error::Lost(_))));
    }
    assert!(matches!(open_transaction.commit().await, Err(Error::Lost(_) | Error::Busy(_))));
    assert!(matches!(fetch(&*store, &one(), Cost::Point, first).await, Err(Error::Lost(_))));
    assert!(matches!(run(&*store, &["INSERT INTO t VALUES (3)"]).await, Err(Error::Lost(_))));
    assert!(stopped.elapsed() < SOON, "{:?}", stopped.elapsed());

    cluster.start();
    assert_eq!(texts(&database, &*store, "SELECT n FROM t").await.unwrap(), ["1"]);
    run(&*store, &["INSERT INTO t VALUES (4)"]).await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_died_while_nobody_used_it_costs_nobody_an_answer() {
    let cluster = Cluster::new();
    let database = cluster.database();
    let store = open(&database, Options::default()).await;
    run(&*store, &["CREATE TABLE t (n int)"]).await.unwrap();
    // Several connections, all of them idle.
    let slow = query(&database, "SELECT pg_sleep(0.1)::text");
    let reads = (0..8).map(|_| {
        let (store, slow) = (Arc::clone(&store), slow.clone());
        tokio::spawn(async move { fetch(&*store, &slow, Cost::Scan, first).await })
    });
    for read in reads.collect::<Vec<_>>() {
        read.await.unwrap().unwrap();
    }
    cluster.restart();
    for _ in 0..10 {
        assert_eq!(fetch(&*store, &one(), Cost::Point, first).await.unwrap(), ["1"]);
        run(&*store, &["INSERT INTO t VALUES (1)"]).await.unwrap();
    }
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_query_that_has_given_rows_is_not_run_again() {
    let database = Cluster::shared().database();
    let store = open(&database, Options { readers: 1, ..Options::default() }).await;
    // Each row is larger than what is sent at once.
    let text = "SELECT repeat('x', 100000) || CASE WHEN i = 50 THEN pg_terminate_backend(pg_backend_pid())::text \
                ELSE '' END FROM generate_series(1, 100) AS s(i)";
    let count = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&count);
    let dying = query(&database, text);
    let lost = fetch(&*store, &dying, Cost::Scan, move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    assert!(matches!(lost.await, Err(Error::Lost(_))));
    let rows = count.load(Ordering::Relaxed);
    assert!((1..=50).contains(&rows), "{rows}");
    assert_eq!(fetch(&*store, &one(), Cost::Point, first).await.unwrap(), ["1"]);
}

#[tokio::test]
async fn a_commit_of_which_nothing_is_known_is_lost() {
    let database = Cluster::shared().database();
    let store = open(&database, Options::default()).await;
    // The connection is cut while the transaction is being committed.
    let trigger = "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS \
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'";
    let deferred = "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED \
        FOR EACH ROW EXECUTE FUNCTION cut()";
    run(&*store, &["CREATE TABLE t (n int)", trigger, deferred]).await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&authored("INSERT INTO t VALUES (1)")).await.unwrap();
    let error = transaction.commit().await.unwrap_err();
    assert!(matches!(&error, Error::Lost(text) if text.contains("not known")), "{error}");
    assert!(texts(&database, &*store, "SELECT n FROM t").await.unwrap().is_empty());
}

#[tokio::test]
async fn a_commit_that_the_server_refuses_is_an_error() {
    let database = Cluster::shared().database();
    let store = open(&database, Options::default()).await;
    let table = "CREATE TABLE t (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)";
    run(&*store, &[table, "INSERT INTO t VALUES (1)"]).await.unwrap();
    let error = run(&*store, &["INSERT INTO t VALUES (1)"]).await.unwrap_err();
    assert!(matches!(&error, Error::Unique { table, .. } if table == "t"), "{error}");
    run(&*store, &["INSERT INTO t VALUES (2)"]).await.unwrap();
}
