//! The room of what was deleted goes back to the disk.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use baibase_store_sqlite::{Options, SqliteStore};
use sql::{Expr, Select, Statement};
use store::{Cost, Store, fetch};

#[tokio::test]
async fn a_file_is_as_small_as_what_is_left_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let size = || path.metadata().unwrap().len();
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    for text in [
        "CREATE TABLE t (a TEXT)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
         INSERT INTO t SELECT printf('%.*c', 10000, 'x') FROM n",
        "DELETE FROM t",
        "INSERT INTO t VALUES ('kept')",
    ] {
        let mut transaction = store.begin().await.unwrap();
        transaction.execute(&Statement::Authored(text.into())).await.unwrap();
        transaction.commit().await.unwrap();
    }
    store.optimize().await.unwrap();
    assert!(size() > 3_000_000, "{}", size());
    store.shrink().await.unwrap();
    assert!(size() < 50_000, "{}", size());
    let query = Select::from_table("t").column(Expr::name("a"));
    let rows = fetch(&store, &query, Cost::Scan, |row| Ok(row.get(0).to_text().unwrap().into_owned()));
    assert_eq!(rows.await.unwrap(), ["kept"]);
    store.close().await.unwrap();
}
