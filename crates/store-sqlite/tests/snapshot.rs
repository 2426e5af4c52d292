//! A file that nobody writes is read as it is, and nothing around it changes.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use baibase_store_sqlite::{Options, SqliteSnapshot};
use rusqlite::Connection;
use sql::{Expr, Select};
use store::{Cost, Error, Store};

/// Every file of a folder, with its time and content, and the time of the folder itself.
fn everything(folder: &Path) -> BTreeMap<String, (SystemTime, Vec<u8>)> {
    let modified = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files =
        files.map(|path| (path.to_string_lossy().into_owned(), (modified(&path), fs::read(&path).unwrap())));
    files.chain([(String::new(), (modified(folder), Vec::new()))]).collect()
}

/// Makes a file with one row in it and, if there is a log, another one in the log: as a program leaves it that is killed.
fn left_behind(folder: &Path, name: &str, with_log: bool) {
    let made = tempfile::tempdir().unwrap();
    let path = made.path().join("made.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode=WAL; CREATE TABLE t (a); INSERT INTO t VALUES ('first');
             PRAGMA wal_checkpoint(TRUNCATE)",
        )
        .unwrap();
    if with_log {
        connection.execute_batch("INSERT INTO t VALUES ('second')").unwrap();
        fs::copy(made.path().join("made.db-wal"), folder.join(format!("{name}-wal"))).unwrap();
    }
    fs::copy(&path, folder.join(name)).unwrap();
}

async fn rows(store: &SqliteSnapshot) -> Vec<String> {
    let query = Select::from_table("t").column(Expr::name("a")).order_by(Expr::RowId { table: None }, false);
    let text = |row: &dyn store::Row| Ok(row.get(0).to_text().unwrap_or_default().into_owned());
    store::fetch(store, &query, Cost::Scan, text).await.unwrap()
}

#[tokio::test]
async fn a_file_is_read_and_nothing_changes() {
    let (source, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    left_behind(source.path(), "odd #1 100%?.db", false);
    let before = everything(source.path());
    let path = source.path().join("odd #1 100%?.db");
    let store = SqliteSnapshot::open(&path, scratch.path(), Options::default()).unwrap();
    assert_eq!(rows(&store).await, ["first"]);
    assert!(matches!(store.begin().await, Err(Error::Storage(_))));
    store.close().await.unwrap();
    assert_eq!(everything(source.path()), before);
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn what_is_in_a_log_belongs_to_it() {
    let (source, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    left_behind(source.path(), "data.db", true);
    let before = everything(source.path());
    let path = source.path().join("data.db");
    let store = SqliteSnapshot::open(&path, scratch.path(), Options::default()).unwrap();
    assert_eq!(rows(&store).await, ["first", "second"]);
    store.close().await.unwrap();
    drop(store);
    assert_eq!(everything(source.path()), before);
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0, "the copy is removed");
}

#[test]
fn what_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let open = || SqliteSnapshot::open(&path, folder.path(), Options::default()).err().unwrap();
    assert!(matches!(open(), Error::Storage(_)), "it is missing");
    fs::write(&path, "this is not a database, but long enough to look like one ".repeat(20)).unwrap();
    assert!(matches!(open(), Error::Corrupt(_)));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
