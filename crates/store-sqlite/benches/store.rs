//! What a read costs, and how many rows a second can be written for good.

#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use baibase_store_sqlite::{Options, SqliteStore};
use divan::Bencher;
use divan::counter::ItemsCount;
use sql::{Comparison, Expr, Insert, Select, Statement, Value};
use store::{Cost, Row, Store, fetch, fetch_optional};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const ROWS: i64 = 10_000;

/// How many rows a list has.
const PAGE: i64 = 30;

const COLUMNS: [&str; 3] = ["id", "title", "n"];

fn main() {
    divan::main();
}

/// A store with rows in a folder of its own, and a runtime to ask it.
struct Fixture {
    runtime: Runtime,
    store: Arc<SqliteStore>,
    next: AtomicI64,
    _folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("data.db"), Options::default()).unwrap());
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async {
            let mut transaction = store.begin().await.unwrap();
            let create = "CREATE TABLE t (id TEXT PRIMARY KEY, title TEXT, n NUMERIC)";
            transaction.execute(&Statement::Authored(create.into())).await.unwrap();
            for number in 0..ROWS {
                transaction.execute(&insert(number)).await.unwrap();
            }
            transaction.commit().await.unwrap();
        });
        Self { runtime, store, next: AtomicI64::new(ROWS), _folder: folder }
    }

    fn next(&self) -> i64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

fn id(number: i64) -> String {
    format!("id{number:013}")
}

fn select() -> Select {
    COLUMNS.iter().fold(Select::from_table("t"), |query, column| query.column(Expr::name(*column)))
}

/// The content of a row, as a reader keeps it.
fn values(row: &dyn Row) -> [Value; 3] {
    [0, 1, 2].map(|column| row.get(column).to_value())
}

fn insert(number: i64) -> Statement {
    Insert {
        table: "t".into(),
        columns: COLUMNS.map(Into::into).to_vec(),
        rows: vec![vec![id(number).into(), "a title of the usual length".into(), number.into()]],
        on_conflict: None,
    }
    .into()
}

async fn write(store: &SqliteStore, number: i64) {
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&insert(number)).await.unwrap();
    transaction.commit().await.unwrap();
}

/// One row by its key, read on this thread or on another.
#[divan::bench(args = [Cost::Point, Cost::Scan])]
fn read_one(bencher: Bencher<'_, '_>, cost: Cost) {
    let fixture = Fixture::new();
    bencher.bench_local(|| {
        let query = select().filter(Expr::name("id").eq(id(fixture.next() % ROWS))).limit(1);
        let row = fetch_optional(&*fixture.store, &query, cost, |row| Ok(values(row)));
        fixture.runtime.block_on(row).unwrap().unwrap()
    });
}

/// A page of rows from one on, in the order of an index, read on this thread or on another.
#[divan::bench(args = [Cost::Point, Cost::Scan])]
fn read_list(bencher: Bencher<'_, '_>, cost: Cost) {
    let fixture = Fixture::new();
    bencher.counter(ItemsCount::new(PAGE as usize)).bench_local(|| {
        let first = Expr::name("id").compare(Comparison::Gte, id(fixture.next() % (ROWS - PAGE)));
        let query = select().filter(first).order_by(Expr::name("id"), false).limit(PAGE as u64);
        let rows = fetch(&*fixture.store, &query, cost, |row| Ok(values(row)));
        let rows = fixture.runtime.block_on(rows).unwrap();
        assert_eq!(rows.len(), PAGE as usize);
        rows
    });
}

/// One row in each of so many transactions at once, each acknowledged when it is on the disk.
#[divan::bench(args = [1, 8, 64, 256], min_time = 1)]
fn insert_at_once(bencher: Bencher<'_, '_>, writers: usize) {
    let fixture = Fixture::new();
    bencher.counter(ItemsCount::new(writers)).bench_local(|| {
        let tasks: Vec<_> = (0..writers)
            .map(|_| {
                let (store, number) = (Arc::clone(&fixture.store), fixture.next());
                fixture.runtime.spawn(async move { write(&store, number).await })
            })
            .collect();
        fixture.runtime.block_on(async {
            for task in tasks {
                task.await.unwrap();
            }
        });
    });
}
