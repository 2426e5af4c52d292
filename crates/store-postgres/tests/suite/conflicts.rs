//! Transactions that get in each other's way, and tables that change under prepared statements.

use std::sync::Arc;

use crate::support::{authored, first, open, query, run, texts};
use baibase_store_postgres::{Options, PostgresStore};
use sql::{Expr, Select};
use store::{Cost, Error, Store, Transaction, fetch, fetch_in};
use test_postgres::{Cluster, TestDatabase};

async fn with_table() -> (TestDatabase, Arc<PostgresStore>) {
    let database = Cluster::shared().database();
    let store = open(&database, Options::default()).await;
    let rows = "INSERT INTO t VALUES ('a', 1), ('b', 1)";
    run(&*store, &["CREATE TABLE t (id text PRIMARY KEY, n int)", rows]).await.unwrap();
    (database, store)
}

async fn sum(transaction: &mut dyn Transaction) -> Result<i64, Error> {
    let numbers = Select::from_table("t").column(Expr::name("n"));
    let numbers = fetch_in(transaction, &numbers, |row| Ok(row.get(0).as_i64().unwrap())).await?;
    Ok(numbers.iter().sum())
}

#[tokio::test]
async fn of_two_transactions_that_build_on_what_the_other_changes_one_is_refused() {
    let (database, store) = with_table().await;
    let mut one = store.begin().await.unwrap();
    let mut two = store.begin().await.unwrap();
    assert_eq!(sum(&mut *one).await.unwrap(), 2);
    assert_eq!(sum(&mut *two).await.unwrap(), 2);
    one.execute(&authored("UPDATE t SET n = 5 WHERE id = 'a'")).await.unwrap();
    let late = two.execute(&authored("UPDATE t SET n = 5 WHERE id = 'b'")).await;
    one.commit().await.unwrap();
    let outcome = match late {
        Ok(_) => two.commit().await,
        Err(error) => Err(error),
    };
    assert!(matches!(outcome, Err(Error::Conflict(_))), "{outcome:?}");
    assert_eq!(texts(&database, &*store, "SELECT sum(n) FROM t").await.unwrap(), ["6"]);
    run(&*store, &["UPDATE t SET n = 5 WHERE id = 'b'"]).await.unwrap();
}

#[tokio::test]
async fn after_a_conflict_nothing_goes_on() {
    let (database, store) = with_table().await;
    let mut one = store.begin().await.unwrap();
    assert_eq!(sum(&mut *one).await.unwrap(), 2);
    run(&*store, &["UPDATE t SET n = 3 WHERE id = 'a'"]).await.unwrap();
    let change = authored("UPDATE t SET n = n + 1 WHERE id = 'a'");
    assert!(matches!(one.execute(&change).await, Err(Error::Conflict(_))));
    assert!(matches!(sum(&mut *one).await, Err(Error::Conflict(_))));
    assert!(matches!(one.commit().await, Err(Error::Conflict(_))));
    assert_eq!(texts(&database, &*store, "SELECT n FROM t WHERE id = 'a'").await.unwrap(), ["3"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_transactions_that_wait_for_each_other_one_is_refused() {
    let (_database, store) = with_table().await;
    let mut one = store.begin().await.unwrap();
    let mut two = store.begin().await.unwrap();
    one.execute(&authored("UPDATE t SET n = 5 WHERE id = 'a'")).await.unwrap();
    two.execute(&authored("UPDATE t SET n = 6 WHERE id = 'b'")).await.unwrap();
    let crossing = tokio::spawn(async move {
        one.execute(&authored("UPDATE t SET n = 5 WHERE id = 'b'")).await?;
        one.commit().await
    });
    let other = async {
        two.execute(&authored("UPDATE t SET n = 6 WHERE id = 'a'")).await?;
        two.commit().await
    };
    let outcomes = [other.await, crossing.await.unwrap()];
    let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::Conflict(_)))).count();
    assert!(
        refused >= 1 && outcomes.iter().all(|o| matches!(o, Ok(()) | Err(Error::Conflict(_)))),
        "{outcomes:?}"
    );
    run(&*store, &["UPDATE t SET n = 7"]).await.unwrap();
}

#[tokio::test]
async fn prepared_statements_follow_a_table_that_somebody_else_changes() {
    let (database, store) = with_table().await;
    let all = Select::from_table("t").all_columns().filter(Expr::name("id").eq("a"));
    let width = |row: &dyn store::Row| Ok(row.len());
    let read = async || fetch(&*store, &all, Cost::Point, width).await.unwrap();
    assert_eq!((read().await, read().await), (vec![2], vec![2]));
    let mut transaction = store.begin().await.unwrap();
    assert_eq!(fetch_in(&mut *transaction, &all, width).await.unwrap(), [2]);
    transaction.commit().await.unwrap();

    database.run("ALTER TABLE t ADD COLUMN m int DEFAULT 0; ALTER TABLE t ALTER COLUMN n TYPE text");
    assert_eq!(read().await, [3]);
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&authored("UPDATE t SET n = 'x'")).await.unwrap();
    assert_eq!(fetch_in(&mut *transaction, &all, width).await.unwrap(), [3]);
    transaction.commit().await.unwrap();
    assert_eq!(texts(&database, &*store, "SELECT n FROM t WHERE id = 'a'").await.unwrap(), ["x"]);
}

#[tokio::test]
async fn prepared_statements_that_the_server_forgot_are_prepared_again() {
    let (database, store) = with_table().await;
    let all = Select::from_table("t").column(Expr::name("id")).order_by(Expr::name("id"), false);
    for _ in 0..2 {
        assert_eq!(fetch(&*store, &all, Cost::Point, first).await.unwrap(), ["a", "b"]);
    }
    database.run(
        "CREATE FUNCTION forget() RETURNS int LANGUAGE plpgsql AS 'BEGIN DEALLOCATE ALL; RETURN 1; END'",
    );
    assert_eq!(texts(&database, &*store, "SELECT forget()").await.unwrap(), ["1"]);
    assert_eq!(fetch(&*store, &all, Cost::Point, first).await.unwrap(), ["a", "b"]);
    let mut transaction = store.begin().await.unwrap();
    fetch_in(&mut *transaction, &all, first).await.unwrap();
    fetch_in(&mut *transaction, &query(&database, "SELECT forget()"), first).await.unwrap();
    assert_eq!(fetch_in(&mut *transaction, &all, first).await.unwrap(), ["a", "b"]);
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_duplicate_names_the_columns_of_any_index() {
    let (_database, store) = with_table().await;
    let rows =
        ["CREATE TABLE d (\"My \"\"id\"\"\" text, title text, n int)", "INSERT INTO d VALUES ('x', 'A', 1)"];
    run(&*store, &rows).await.unwrap();
    for (index, table, columns) in [
        ("CREATE UNIQUE INDEX i ON d (\"My \"\"id\"\"\")", "d", vec!["My \"id\""]),
        ("CREATE UNIQUE INDEX i ON d (n, title)", "d", vec!["n", "title"]),
        ("CREATE UNIQUE INDEX i ON d (lower(title), n)", "d", vec!["title", "n"]),
        // The function as somebody asked for it.
        ("CREATE UNIQUE INDEX i ON d (lower(title COLLATE \"C\"), n)", "d", vec![]),
        ("CREATE UNIQUE INDEX i ON d (lower(\"My \"\"id\"\"\")) WHERE n > 0", "d", vec!["My \"id\""]),
        ("CREATE UNIQUE INDEX i ON d (n) INCLUDE (title)", "d", vec!["n"]),
        ("CREATE UNIQUE INDEX i ON d ((title || n))", "d", vec![]),
    ] {
        let mut transaction = store.begin().await.unwrap();
        // The index and the row it refuses are of the same transaction.
        transaction.execute(&authored(index)).await.unwrap();
        let duplicate = authored("INSERT INTO d SELECT * FROM d");
        match transaction.execute(&duplicate).await.unwrap_err() {
            Error::Unique { table: found, columns: key } => {
                assert_eq!((found.as_str(), key), (table, owned(&columns)));
            }
            other => panic!("{other}"),
        }
        transaction.rollback().await.unwrap();
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}
