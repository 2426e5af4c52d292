//! What was acknowledged survives the end of the process at any moment.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use baibase_store_sqlite::{Options, SqliteStore};
use sql::{Expr, Insert, Select, Statement};
use store::{Cost, Store, fetch};

/// In the environment of the child: where its database is.
const CHILD: &str = "BAIBASE_TEST_CRASH_PATH";
const WRITERS: i64 = 8;

fn open(path: &Path) -> Arc<SqliteStore> {
    Arc::new(SqliteStore::open(path, Options::default()).unwrap())
}

/// Run by [`acknowledged_rows_survive_a_kill`] in a process of its own; on its own it does nothing.
#[tokio::test(flavor = "multi_thread")]
async fn child() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let store = open(Path::new(&path));
    let writers: Vec<_> =
        (0..WRITERS).map(|writer| tokio::spawn(write_forever(Arc::clone(&store), writer))).collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

async fn write_forever(store: Arc<SqliteStore>, writer: i64) {
    for number in 0.. {
        let n = number * WRITERS + writer;
        let insert = |table: &'static str| -> Statement {
            let rows = vec![vec![n.into()]];
            Insert { table: table.into(), columns: vec!["n".into()], rows, on_conflict: None }.into()
        };
        let mut transaction = store.begin().await.unwrap();
        transaction.execute(&insert("a")).await.unwrap();
        transaction.execute(&insert("b")).await.unwrap();
        if number % 5 == 4 {
            transaction.rollback().await.unwrap();
            continue;
        }
        transaction.commit().await.unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "ack {n}").unwrap();
        out.flush().unwrap();
    }
}

#[tokio::test]
async fn acknowledged_rows_survive_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let store = open(&path);
    let mut transaction = store.begin().await.unwrap();
    for table in ["a", "b"] {
        let create = format!("CREATE TABLE {table} (n INTEGER UNIQUE)");
        transaction.execute(&Statement::Authored(create)).await.unwrap();
    }
    transaction.commit().await.unwrap();
    store.close().await.unwrap();
    drop(store);

    let mut acknowledged = BTreeSet::new();
    for round in 1..=3 {
        // Each round goes on with the log that the one before left behind.
        let seen = rows(&path, "a").await;
        if round > 1 {
            clear(&path).await;
        }
        assert!(acknowledged.is_subset(&seen), "round {round}");
        acknowledged = write_and_kill(&path, 100 * round);
        let (a, b) = (rows(&path, "a").await, rows(&path, "b").await);
        assert!(acknowledged.is_subset(&a), "acknowledged, but gone: {:?}", acknowledged.difference(&a));
        assert_eq!(a, b, "a transaction is whole");
        assert!(a.iter().all(|n| (n / WRITERS) % 5 != 4), "a rolled back row is there");
    }
}

/// Lets a child write, kills it after so many acknowledgements, and returns all that it acknowledged.
fn write_and_kill(path: &Path, acknowledgements: usize) -> BTreeSet<i64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut killed = false;
    let mut numbers = BTreeSet::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        // A line that was cut off by the kill has no number.
        if let Some(number) = line.strip_prefix("ack ").and_then(|number| number.parse().ok()) {
            numbers.insert(number);
        }
        if numbers.len() >= acknowledgements && !killed {
            child.kill().unwrap();
            killed = true;
        }
    }
    assert!(!child.wait().unwrap().success());
    numbers
}

async fn rows(path: &Path, table: &'static str) -> BTreeSet<i64> {
    let store = open(path);
    let query = Select::from_table(table).column(Expr::name("n"));
    let rows = fetch(&*store, &query, Cost::Scan, |row| Ok(row.get(0).as_i64().unwrap_or(-1))).await.unwrap();
    rows.into_iter().collect()
}

async fn clear(path: &Path) {
    let store = open(path);
    let mut transaction = store.begin().await.unwrap();
    for table in ["a", "b"] {
        transaction.execute(&Statement::Authored(format!("DELETE FROM {table}"))).await.unwrap();
    }
    transaction.commit().await.unwrap();
}
