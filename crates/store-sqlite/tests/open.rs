//! Opening and closing files.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use baibase_store_sqlite::{Options, SqliteStore};
use sql::{Expr, Insert, Select, Statement};
use store::{Cost, Error, Store, fetch};

fn open(path: &Path) -> Result<SqliteStore, Error> {
    SqliteStore::open(path, Options::default())
}

async fn run(store: &SqliteStore, text: &str) {
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&Statement::Authored(text.into())).await.unwrap();
    transaction.commit().await.unwrap();
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    std::fs::write(&path, "certainly not a database, but long enough to look like a file. ".repeat(100))
        .unwrap();
    assert!(matches!(open(&path), Err(Error::Corrupt(_))));
}

#[test]
fn a_place_that_cannot_be_written_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(open(&folder.path().join("missing").join("data.db")), Err(Error::Storage(_))));
    assert!(matches!(open(folder.path()), Err(Error::Storage(_))));
}

#[tokio::test]
async fn closing_leaves_one_file_with_everything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let store = open(&path).unwrap();
    run(&store, "CREATE TABLE t (id TEXT)").await;
    run(&store, "INSERT INTO t VALUES ('x')").await;
    assert!(folder.path().join("data.db-wal").metadata().unwrap().len() > 0);
    store.close().await.unwrap();
    drop(store);
    let files: Vec<_> = folder.path().read_dir().unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["data.db"]);
}

#[tokio::test]
async fn a_database_is_found_again_with_the_tables_of_pocketbase() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    // PocketBase writes some defaults in double quotes.
    let table = "CREATE TABLE `_collections` (`id` TEXT PRIMARY KEY DEFAULT ('r'||lower(hex(randomblob(7)))) NOT NULL, \
                 `type` TEXT DEFAULT \"base\" NOT NULL, `fields` JSON DEFAULT \"[]\" NOT NULL)";
    let store = open(&path).unwrap();
    run(&store, table).await;
    drop(store);

    let store = open(&path).unwrap();
    let insert = Insert {
        table: "_collections".into(),
        columns: vec!["id".into()],
        rows: vec![vec!["x".into()]],
        on_conflict: None,
    };
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&insert.into()).await.unwrap();
    transaction.commit().await.unwrap();
    let query = Select::from_table("_collections").column(Expr::name("type")).column(Expr::name("fields"));
    let rows = fetch(&store, &query, Cost::Point, |row| Ok((row.get(0).to_value(), row.get(1).to_value())));
    assert_eq!(rows.await.unwrap(), [("base".into(), "[]".into())]);
}

#[tokio::test]
async fn the_log_does_not_grow_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let store = open(&path).unwrap();
    run(&store, "CREATE TABLE t (content BLOB)").await;
    for _ in 0..110 {
        run(&store, "INSERT INTO t VALUES (randomblob(1000000))").await;
    }
    let size = |name: &str| folder.path().join(name).metadata().unwrap().len();
    assert!(size("data.db-wal") < 40_000_000, "{} bytes after 110 MB", size("data.db-wal"));

    // When nobody writes, the rest follows.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while size("data.db") < 106_000_000 {
        assert!(std::time::Instant::now() < deadline, "{} bytes in the file", size("data.db"));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
