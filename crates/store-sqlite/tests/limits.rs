//! Time limits, and what happens to those who pass them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use baibase_store_sqlite::{Options, SqliteStore};
use sql::{Expr, Select, Source, Statement};
use store::{Cost, Error, Row, SinkError, Store, fetch, fetch_in};
use tempfile::TempDir;

fn open(options: Options) -> (TempDir, Arc<SqliteStore>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let store = SqliteStore::open(Path::new(&path), options).unwrap();
    (folder, Arc::new(store))
}

fn authored(text: &str) -> Statement {
    Statement::Authored(text.into())
}

/// A query that takes minutes.
fn endless() -> Select {
    let query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000000000) \
                 SELECT count(*) AS c FROM n";
    Select::from(Source::Authored { query: query.into(), alias: "e".into() }).all_columns()
}

fn number(row: &dyn Row) -> Result<i64, SinkError> {
    Ok(row.get(0).as_i64().unwrap_or_default())
}

const SHORT: Duration = Duration::from_millis(100);

#[tokio::test]
async fn an_idle_transaction_is_rolled_back_and_told_so() {
    let (_folder, store) = open(Options { idle_timeout: SHORT, ..Options::default() });
    let mut idle = store.begin().await.unwrap();
    idle.execute(&authored("CREATE TABLE t (n INTEGER)")).await.unwrap();
    let mut next = store.begin().await.unwrap();
    next.execute(&authored("CREATE TABLE t (n INTEGER)")).await.unwrap();
    next.commit().await.unwrap();
    assert!(matches!(idle.execute(&authored("INSERT INTO t VALUES (1)")).await, Err(Error::Busy(_))));
    assert!(matches!(idle.commit().await, Err(Error::Busy(_))));
}

#[tokio::test]
async fn a_turn_that_does_not_come_in_time_is_busy() {
    let (_folder, store) = open(Options { turn_timeout: SHORT, ..Options::default() });
    let first = store.begin().await.unwrap();
    assert!(matches!(store.begin().await.err(), Some(Error::Busy(_))));
    first.rollback().await.unwrap();
    store.begin().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn a_query_that_takes_too_long_is_stopped() {
    let (_folder, store) = open(Options { query_timeout: SHORT, ..Options::default() });
    for cost in [Cost::Point, Cost::Scan] {
        assert!(matches!(fetch(&*store, &endless(), cost, number).await, Err(Error::Busy(_))));
    }
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&authored("CREATE TABLE t (n INTEGER)")).await.unwrap();
    assert!(matches!(fetch_in(&mut *transaction, &endless(), number).await, Err(Error::Busy(_))));
    transaction.execute(&authored("INSERT INTO t VALUES (1)")).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_change_that_takes_too_long_is_dropped_with_its_transaction() {
    let (_folder, store) = open(Options { query_timeout: SHORT, ..Options::default() });
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&authored("CREATE TABLE t (n INTEGER)")).await.unwrap();
    transaction.commit().await.unwrap();
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&authored("INSERT INTO t VALUES (1)")).await.unwrap();
    let change = "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) \
                  SELECT max(i) FROM n";
    assert!(matches!(transaction.execute(&authored(change)).await, Err(Error::Busy(_))));
    assert!(matches!(transaction.commit().await, Err(Error::Busy(_))));
    let rows = Select::from_table("t").column(Expr::name("n"));
    assert!(fetch(&*store, &rows, Cost::Point, number).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_scan_makes_room_for_the_next() {
    let (_folder, store) = open(Options { scans: 1, ..Options::default() });
    let query = endless();
    let running = tokio::time::timeout(SHORT, fetch(&*store, &query, Cost::Scan, number));
    assert!(running.await.is_err());
    let started = Instant::now();
    let one = Select::new().column(Expr::integer(1));
    assert_eq!(fetch(&*store, &one, Cost::Scan, number).await.unwrap(), [1]);
    store.close().await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(5), "the scan goes on");
}

#[tokio::test]
async fn a_statement_cannot_end_its_transaction_and_go_on() {
    let (_folder, store) = open(Options::default());
    let mut transaction = store.begin().await.unwrap();
    assert!(matches!(transaction.execute(&authored("COMMIT")).await, Err(Error::Statement(_))));
    assert!(matches!(transaction.execute(&authored("CREATE TABLE t (n)")).await, Err(Error::Busy(_))));
    store.begin().await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn a_sink_that_panics_takes_only_its_own_transaction() {
    let (_folder, store) = open(Options::default());
    let one = Select::new().column(Expr::integer(1));
    let mut transaction = store.begin().await.unwrap();
    let panics = |_: &dyn Row| -> Result<(), SinkError> { panic!("as expected by the test") };
    assert!(fetch_in(&mut *transaction, &one, panics).await.is_err());
    assert!(matches!(fetch(&*store, &one, Cost::Scan, panics).await, Err(Error::Lost(_))));
    store.begin().await.unwrap().commit().await.unwrap();
    assert_eq!(fetch(&*store, &one, Cost::Scan, number).await.unwrap(), [1]);
    store.close().await.unwrap();
}
