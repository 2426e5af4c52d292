//! Time limits, and what happens to those who pass them.

use std::time::{Duration, Instant};

use crate::support::{authored, first, one, open, query, run, texts};
use baibase_store_postgres::Options;
use store::{Cost, Error, Row, SinkError, Store, fetch, fetch_in};
use test_postgres::Cluster;

const SHORT: Duration = Duration::from_millis(200);

const ENDLESS: &str = "SELECT pg_sleep(600)::text";

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped() {
    let database = Cluster::shared().database();
    let store = open(&database, Options { query_timeout: SHORT, ..Options::default() }).await;
    for cost in [Cost::Point, Cost::Scan] {
        let error = fetch(&*store, &query(&database, ENDLESS), cost, first).await.unwrap_err();
        assert!(matches!(error, Error::Busy(_)), "{error}");
    }
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&authored("CREATE TABLE t (n int)")).await.unwrap();
    assert!(matches!(
        fetch_in(&mut *transaction, &query(&database, ENDLESS), first).await,
        Err(Error::Busy(_))
    ));
    let change = authored("INSERT INTO t SELECT 1 FROM pg_sleep(600)");
    assert!(matches!(transaction.execute(&change).await, Err(Error::Busy(_))));
    transaction.execute(&authored("INSERT INTO t VALUES (2)")).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(texts(&database, &*store, "SELECT n FROM t").await.unwrap(), ["2"]);
}

#[tokio::test]
async fn a_connection_that_does_not_come_in_time_is_busy() {
    let database = Cluster::shared().database();
    let options = Options { readers: 1, writers: 1, turn_timeout: SHORT, ..Options::default() };
    let store = open(&database, options).await;
    let first_one = store.begin().await.unwrap();
    assert!(matches!(store.begin().await.err(), Some(Error::Busy(_))));
    assert_eq!(
        fetch(&*store, &one(), Cost::Scan, first).await.unwrap(),
        ["1"],
        "reads have connections of their own"
    );
    first_one.rollback().await.unwrap();
    store.begin().await.unwrap().commit().await.unwrap();

    let slow = query(&database, ENDLESS);
    let endless = fetch(&*store, &slow, Cost::Scan, first);
    let waiting = async {
        tokio::time::sleep(SHORT / 4).await;
        fetch(&*store, &one(), Cost::Scan, first).await
    };
    tokio::select! {
        _ = endless => panic!("it cannot end"),
        waited = waiting => assert!(matches!(waited, Err(Error::Busy(_)))),
    }
}

#[tokio::test]
async fn an_abandoned_query_is_stopped_and_makes_room_for_the_next() {
    let database = Cluster::shared().database();
    let store = open(&database, Options { readers: 1, ..Options::default() }).await;
    let slow = query(&database, ENDLESS);
    assert!(tokio::time::timeout(SHORT, fetch(&*store, &slow, Cost::Scan, first)).await.is_err());
    assert_eq!(fetch(&*store, &one(), Cost::Scan, first).await.unwrap(), ["1"]);
    let running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' \
                   AND datname = current_database() AND pid <> pg_backend_pid()";
    let deadline = Instant::now() + Duration::from_secs(10);
    while texts(&database, &*store, running).await.unwrap() != ["0"] {
        assert!(Instant::now() < deadline, "it goes on");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn an_idle_transaction_is_rolled_back_and_told_so() {
    let database = Cluster::shared().database();
    let store = open(&database, Options { idle_timeout: SHORT, ..Options::default() }).await;
    let mut idle = store.begin().await.unwrap();
    idle.execute(&authored("CREATE TABLE t (n int)")).await.unwrap();
    tokio::time::sleep(SHORT * 3).await;
    let error = idle.execute(&authored("INSERT INTO t VALUES (1)")).await.unwrap_err();
    assert!(matches!(&error, Error::Busy(text) if text.contains("idle")), "{error}");
    assert!(matches!(idle.commit().await, Err(Error::Busy(_))));
    run(&*store, &["CREATE TABLE t (n int)"]).await.unwrap();
}

#[tokio::test]
async fn a_statement_that_ends_its_transaction_lets_nothing_follow() {
    let database = Cluster::shared().database();
    let store = open(&database, Options::default()).await;
    run(&*store, &["CREATE TABLE t (n int)"]).await.unwrap();
    for end in ["COMMIT", "ROLLBACK"] {
        let mut transaction = store.begin().await.unwrap();
        transaction.execute(&authored(end)).await.unwrap();
        assert!(transaction.execute(&authored("INSERT INTO t VALUES (1)")).await.is_err());
        assert!(transaction.commit().await.is_err());
        let mut transaction = store.begin().await.unwrap();
        transaction.execute(&authored(end)).await.unwrap();
        assert!(transaction.commit().await.is_err());
    }
    assert!(texts(&database, &*store, "SELECT n FROM t").await.unwrap().is_empty());
    run(&*store, &["INSERT INTO t VALUES (1)"]).await.unwrap();
}

#[tokio::test]
async fn a_query_changes_nothing() {
    let database = Cluster::shared().database();
    database.run("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'CREATE TABLE t (n int); SELECT 1'");
    let store = open(&database, Options::default()).await;
    assert!(matches!(
        texts(&database, &*store, "SELECT f()").await,
        Err(Error::Storage(_) | Error::Statement(_))
    ));
}

#[tokio::test]
async fn a_sink_that_panics_takes_only_its_own_connection() {
    let database = Cluster::shared().database();
    let store = open(&database, Options { readers: 1, writers: 1, ..Options::default() }).await;
    let panics = |_: &dyn Row| -> Result<(), SinkError> { panic!("as expected by the test") };
    let (reader, writer) = (store.clone(), store.clone());
    assert!(tokio::spawn(async move { fetch(&*reader, &one(), Cost::Scan, panics).await }).await.is_err());
    let in_transaction = tokio::spawn(async move {
        let mut transaction = writer.begin().await.unwrap();
        fetch_in(&mut *transaction, &one(), panics).await
    });
    assert!(in_transaction.await.is_err());
    assert_eq!(fetch(&*store, &one(), Cost::Scan, first).await.unwrap(), ["1"]);
    run(&*store, &["CREATE TABLE t (n int)"]).await.unwrap();
    store.close().await.unwrap();
}
