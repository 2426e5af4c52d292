//! The contract of every store.

use std::sync::Arc;

use baibase_store_postgres::{Options, PostgresStore};
use store::Store;
use test_postgres::{Cluster, TestDatabase};

async fn open() -> (Arc<dyn Store>, TestDatabase) {
    let database = Cluster::shared().database();
    let store = PostgresStore::open(&database.url, Options::default()).await.unwrap();
    (Arc::new(store), database)
}

store::contract_tests!(open);
