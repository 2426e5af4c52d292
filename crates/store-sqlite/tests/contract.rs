//! The contract of every store.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use baibase_store_sqlite::{Options, SqliteStore};
use store::Store;
use tempfile::TempDir;

async fn open() -> (Arc<dyn Store>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("data.db"), Options::default()).unwrap();
    (Arc::new(store), folder)
}

store::contract_tests!(open);
