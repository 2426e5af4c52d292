//! What a read costs, and what a statement costs in a transaction. The server is on this machine and does not flush:
//! what is measured is the way there and back.

#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::sync::atomic::{AtomicI64, Ordering};

use baibase_store_postgres::{Options, PostgresStore};
use divan::Bencher;
use divan::counter::ItemsCount;
use sql::{Expr, Insert, Select, Statement, Update};
use store::{Cost, Store, fetch_in, fetch_optional};
use test_postgres::{Cluster, TestDatabase};
use tokio::runtime::Runtime;

const ROWS: i64 = 10_000;

fn main() {
    divan::main();
}

/// A store with rows in a database of its own, and a runtime to ask it.
struct Fixture {
    runtime: Runtime,
    store: PostgresStore,
    next: AtomicI64,
    _database: TestDatabase,
}

impl Fixture {
    fn new() -> Self {
        let database = Cluster::shared().database();
        database.run(&format!(
            "CREATE TABLE t (id text PRIMARY KEY, title text, n float8); \
             INSERT INTO t SELECT 'id' || i, 'a title of the usual length', i FROM generate_series(1, {ROWS}) AS s(i)"
        ));
        let runtime = Runtime::new().unwrap();
        let store = runtime.block_on(PostgresStore::open(&database.url, Options::default())).unwrap();
        Self { runtime, store, next: AtomicI64::new(ROWS), _database: database }
    }

    fn next(&self) -> i64 {
        self.next.fetch_add(1, Ordering::Relaxed) + 1
    }
}

fn by_id(number: i64) -> Select {
    Select::from_table("t").column(Expr::name("title")).filter(Expr::name("id").eq(format!("id{number}")))
}

fn insert(number: i64) -> Statement {
    Insert {
        table: "t".into(),
        columns: vec!["id".into(), "title".into(), "n".into()],
        rows: vec![vec![format!("id{number}").into(), "a title of the usual length".into(), 1.0.into()]],
        on_conflict: None,
    }
    .into()
}

fn update(number: i64) -> Statement {
    let set = vec![("n".into(), 2.0.into())];
    Update { table: "t".into(), set, filter: Some(Expr::name("id").eq(format!("id{number}"))) }.into()
}

/// One row by its key.
#[divan::bench]
fn read_one(bencher: Bencher<'_, '_>) {
    let fixture = Fixture::new();
    bencher.bench_local(|| {
        let query = by_id(fixture.next() % ROWS + 1);
        let row = fetch_optional(&fixture.store, &query, Cost::Point, |row| Ok(row.get(0).to_value()));
        assert!(fixture.runtime.block_on(row).unwrap().is_some());
    });
}

/// A row that is read and changed in a transaction: what a record costs.
#[divan::bench]
fn read_and_change_one(bencher: Bencher<'_, '_>) {
    let fixture = Fixture::new();
    bencher.bench_local(|| {
        let number = fixture.next() % ROWS + 1;
        fixture.runtime.block_on(async {
            let mut transaction = fixture.store.begin().await.unwrap();
            let query = by_id(number);
            let row = fetch_in(&mut *transaction, &query, |row| Ok(row.get(0).to_value()));
            assert_eq!(row.await.unwrap().len(), 1);
            assert_eq!(transaction.execute(&update(number)).await.unwrap(), 1);
            transaction.commit().await.unwrap();
        });
    });
}

/// Rows that are added in one transaction.
#[divan::bench(args = [1, 10, 100])]
fn add(bencher: Bencher<'_, '_>, rows: i64) {
    let fixture = Fixture::new();
    bencher.counter(ItemsCount::new(usize::try_from(rows).unwrap())).bench_local(|| {
        fixture.runtime.block_on(async {
            let mut transaction = fixture.store.begin().await.unwrap();
            for _ in 0..rows {
                transaction.execute(&insert(fixture.next())).await.unwrap();
            }
            transaction.commit().await.unwrap();
        });
    });
}
