//! What the tests share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use baibase_store_postgres::{Options, PostgresStore};
use sql::{Expr, Select, Statement};
use store::{Cost, Error, Row, SinkError, Store, fetch};
use test_postgres::TestDatabase;

pub(crate) async fn open(database: &TestDatabase, options: Options) -> Arc<PostgresStore> {
    Arc::new(PostgresStore::open(&database.url, options).await.unwrap())
}

/// A statement as it is.
pub(crate) fn authored(text: &str) -> Statement {
    Statement::Authored(text.into())
}

/// A query in PostgreSQL's own words: of a view that is made for it.
pub(crate) fn query(database: &TestDatabase, text: &str) -> Select {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("view_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    database.run(&format!("CREATE VIEW {name} AS {text}"));
    Select::from_table(name).all_columns()
}

/// Runs statements in a transaction of their own.
pub(crate) async fn run(store: &dyn Store, statements: &[&str]) -> Result<(), Error> {
    let mut transaction = store.begin().await?;
    for statement in statements {
        transaction.execute(&authored(statement)).await?;
    }
    transaction.commit().await
}

/// The first column of a query as texts.
pub(crate) async fn texts(
    database: &TestDatabase,
    store: &dyn Store,
    text: &str,
) -> Result<Vec<String>, Error> {
    fetch(store, &query(database, text), Cost::Scan, first).await
}

pub(crate) fn first(row: &dyn Row) -> Result<String, SinkError> {
    Ok(row.get(0).to_text().unwrap_or_default().into_owned())
}

/// A query that gives 1.
pub(crate) fn one() -> Select {
    Select::new().column(Expr::integer(1))
}
