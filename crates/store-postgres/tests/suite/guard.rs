//! One server at a time on a database.

use std::time::{Duration, Instant};

use crate::support::{first, one, run};
use baibase_store_postgres::{OpenError, Options, PostgresStore};
use store::{Cost, Error, Store, fetch};
use test_postgres::{Cluster, TestDatabase};

fn exclusive() -> Options {
    Options { exclusive: true, ..Options::default() }
}

/// Ends the connection with the lock.
fn end(database: &TestDatabase) {
    let lock = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' \
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    database.run(&format!("SELECT pg_terminate_backend(pid) FROM ({lock}) AS held"));
}

#[tokio::test]
async fn a_second_one_waits_a_moment_and_is_refused() {
    let database = Cluster::shared().database();
    let store = PostgresStore::open(&database.url, exclusive()).await.unwrap();
    let refused = PostgresStore::open(&database.url, exclusive()).await;
    assert!(matches!(refused, Err(OpenError::InUse)));
    // Others do not mind, and another schema is another database.
    PostgresStore::open(&database.url, Options::default()).await.unwrap().close().await.unwrap();
    database.run("CREATE SCHEMA other");
    let other = format!("{}?options=-csearch_path%3Dother", database.url);
    PostgresStore::open(&other, exclusive()).await.unwrap().close().await.unwrap();
    // It need not be told when the first one stops.
    let url = database.url.clone();
    let next = tokio::spawn(async move { PostgresStore::open(&url, exclusive()).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    store.close().await.unwrap();
    next.await.unwrap().unwrap().close().await.unwrap();
}

#[tokio::test]
async fn the_lock_is_taken_again_unless_somebody_else_had_it() {
    let database = Cluster::shared().database();
    let store = PostgresStore::open(&database.url, exclusive()).await.unwrap();
    end(&database);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(matches!(PostgresStore::open(&database.url, exclusive()).await, Err(OpenError::InUse)));
    assert_eq!(fetch(&store, &one(), Cost::Point, first).await.unwrap(), ["1"]);

    // Somebody else has it for a moment: what the first one knows may have been changed by then.
    end(&database);
    database.run("UPDATE baibase_server SET number = number + 1");
    let deadline = Instant::now() + Duration::from_secs(10);
    while fetch(&store, &one(), Cost::Point, first).await.is_ok() {
        assert!(Instant::now() < deadline, "it goes on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(matches!(fetch(&store, &one(), Cost::Point, first).await, Err(Error::Lost(_))));
    assert!(matches!(run(&store, &["CREATE TABLE t (n int)"]).await, Err(Error::Lost(_))));
    // Others can begin.
    PostgresStore::open(&database.url, exclusive()).await.unwrap().close().await.unwrap();
    store.close().await.unwrap();
}
