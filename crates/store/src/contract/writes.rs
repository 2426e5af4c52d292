use std::sync::Arc;
use std::time::Duration;

use sql::{AlterTable, ColumnChange, ColumnDef, ColumnKind, DropTable, Expr, RenameTable, Select, Statement};

use super::items;
use crate::{Cost, Error, Store, fetch, fetch_in};

/// Nothing stays of a transaction that is dropped, and the next one gets its turn.
pub async fn a_dropped_transaction_is_rolled_back(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&items::insert("x", "a", 1.0)).await.unwrap();
    drop(transaction);
    items::run(&*store, &[items::insert("y", "a", 1.0)]).await;
    assert_eq!(items::ids(&*store).await, ["y"]);
}

/// Nothing stays of a transaction that is rolled back.
pub async fn a_rollback_drops_changes(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&items::insert("x", "a", 1.0)).await.unwrap();
    transaction.rollback().await.unwrap();
    assert!(items::ids(&*store).await.is_empty());
}

/// However many write at once, each one's changes are there when it is told so.
pub async fn concurrent_writers_all_succeed(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let writers = (0..64).map(|number| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let id = format!("id{number:02}");
            items::run(&*store, &[items::insert(&id, "a", f64::from(number))]).await;
            for cost in [Cost::Point, Cost::Scan] {
                assert!(items::ids_at(&*store, cost).await.contains(&id));
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(items::ids(&*store).await.len(), 64);
}

/// Of transactions at the same time, those that are rolled back or fail take nothing from the others.
pub async fn a_rollback_leaves_its_neighbours_alone(store: Arc<dyn Store>) {
    items::create(&*store).await;
    items::run(&*store, &[items::insert("taken", "taken", 1.0)]).await;
    let writers = (0..60).map(|number| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let id = format!("id{number:02}");
            let mut transaction = store.begin().await.unwrap();
            transaction.execute(&items::insert(&id, "a", f64::from(number))).await.unwrap();
            match number % 4 {
                0 => transaction.commit().await.unwrap(),
                1 => transaction.rollback().await.unwrap(),
                2 => drop(transaction),
                _ => {
                    let error = transaction.execute(&items::insert("new", "taken", 1.0)).await.unwrap_err();
                    assert!(matches!(error, Error::Unique { .. }), "{error}");
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let kept: Vec<_> =
        (0..60).step_by(4).map(|number| format!("id{number:02}")).chain(["taken".into()]).collect();
    assert_eq!(items::ids(&*store).await, kept);
}

/// Tables are changed in transactions as rows are: all or nothing, and not before the commit. Whoever reads such a
/// table meanwhile sees it as it was, or waits.
pub async fn tables_change_in_transactions(store: Arc<dyn Store>) {
    items::create(&*store).await;
    items::run(&*store, &[items::insert("x", "a", 1.0)]).await;
    let note = ColumnDef { name: "note".into(), kind: ColumnKind::Text };
    let changes = [
        Statement::from(AlterTable { table: "items".into(), change: ColumnChange::Add(note) }),
        AlterTable {
            table: "items".into(),
            change: ColumnChange::Rename { from: "n".into(), to: "m".into() },
        }
        .into(),
        RenameTable { from: "items".into(), to: "things".into() }.into(),
    ];
    let renamed = Select::from_table("things").column(Expr::name("note")).column(Expr::name("m"));

    let mut transaction = store.begin().await.unwrap();
    for change in &changes {
        assert_eq!(transaction.execute(change).await.unwrap(), 0);
    }
    assert_eq!(fetch_in(&mut *transaction, &renamed, items::text).await.unwrap(), [""]);
    let meanwhile = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { items::ids(&*store).await })
    };
    tokio::time::sleep(Duration::from_millis(20)).await;
    transaction.rollback().await.unwrap();
    assert_eq!(meanwhile.await.unwrap(), ["x"]);
    assert_eq!(items::ids(&*store).await, ["x"]);

    items::run(&*store, &changes).await;
    assert_eq!(fetch(&*store, &renamed, Cost::Scan, items::text).await.unwrap(), [""]);
    let drop_table = DropTable { name: "things".into(), if_exists: false };
    items::run(&*store, &[drop_table.into()]).await;
    assert!(matches!(fetch(&*store, &renamed, Cost::Point, items::text).await, Err(Error::Statement(_))));
}

/// A statement that ran before a table was changed gives the right columns afterwards.
pub async fn prepared_statements_follow_the_schema(store: Arc<dyn Store>) {
    items::create(&*store).await;
    items::run(&*store, &[items::insert("x", "a", 1.0)]).await;
    let count = Select::from_table("items").column(Expr::name("id")).column(Expr::name("n"));
    let everything = Select::from(sql::Source::select(count, "s")).all_columns();
    for _ in 0..2 {
        assert_eq!(fetch(&*store, &everything, Cost::Point, items::text).await.unwrap(), ["x"]);
    }
    let swap = |from: &'static str, to: &'static str| {
        let change = ColumnChange::Rename { from: from.into(), to: to.into() };
        Statement::from(AlterTable { table: "items".into(), change })
    };
    items::run(&*store, &[swap("id", "t"), swap("title", "id"), swap("t", "title")]).await;
    assert_eq!(fetch(&*store, &everything, Cost::Point, items::text).await.unwrap(), ["a"]);
    let mut transaction = store.begin().await.unwrap();
    assert_eq!(fetch_in(&mut *transaction, &everything, items::text).await.unwrap(), ["a"]);
    transaction.commit().await.unwrap();
}

/// While a transaction is under way, another one can begin or waits; both can be committed.
pub async fn a_waiting_transaction_gets_its_turn(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let mut first = store.begin().await.unwrap();
    first.execute(&items::insert("first", "a", 1.0)).await.unwrap();
    let second = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { items::run(&*store, &[items::insert("second", "a", 2.0)]).await })
    };
    tokio::time::sleep(Duration::from_millis(20)).await;
    first.commit().await.unwrap();
    second.await.unwrap();
    assert_eq!(items::ids(&*store).await, ["first", "second"]);
}

/// A last statement is committed with its transaction, whether it is the first of its kind on a connection or not.
pub async fn a_last_statement_lasts_with_what_was_before_it(store: Arc<dyn Store>) {
    items::create(&*store).await;
    for number in 0..4 {
        let (id, n) = (format!("id{number}"), f64::from(number));
        let mut transaction = store.begin().await.unwrap();
        if number % 2 == 0 {
            transaction.execute(&items::insert(&format!("{id} before"), "before", n)).await.unwrap();
        }
        transaction.commit_with(&items::insert(&id, "a", n)).await.unwrap();
    }
    let expected = ["id0", "id0 before", "id1", "id2", "id2 before", "id3"];
    assert_eq!(items::ids(&*store).await, expected);
    let table = Statement::from(DropTable { name: "items".into(), if_exists: false });
    store.begin().await.unwrap().commit_with(&table).await.unwrap();
    assert!(fetch(&*store, &items::select_ids(), Cost::Point, items::text).await.is_err());
}

/// Nothing lasts of a transaction whose last statement fails, and the error is that of the statement.
pub async fn a_last_statement_that_fails_leaves_nothing(store: Arc<dyn Store>) {
    items::create(&*store).await;
    items::run(&*store, &[items::insert("x", "a", 1.0)]).await;
    for _ in 0..3 {
        let mut transaction = store.begin().await.unwrap();
        transaction.execute(&items::insert("before", "b", 1.0)).await.unwrap();
        match transaction.commit_with(&items::insert("y", "a", 1.0)).await.unwrap_err() {
            Error::Unique { columns, .. } => assert_eq!(columns, ["title", "n"]),
            other => panic!("{other}"),
        }
        assert_eq!(items::ids(&*store).await, ["x"]);
    }
}
