use std::sync::Arc;

use sql::{CreateIndex, Delete, Expr, IndexColumn, IndexKey, Insert, Select, Statement, Value};

use super::items;
use crate::{Cost, Error, Store, fetch};

/// A statement that fails in the middle leaves nothing behind, and its transaction can go on and be committed.
pub async fn a_failed_statement_changes_nothing(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let row = |id: &str, title: &str| vec![id.into(), title.into(), 1.0.into()];
    let half_wrong = Statement::from(Insert {
        table: "items".into(),
        columns: vec!["id".into(), "title".into(), "n".into()],
        rows: vec![row("new", "new"), row("again", "a")],
        on_conflict: None,
    });
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&items::insert("x", "a", 1.0)).await.unwrap();
    let error = transaction.execute(&half_wrong).await.unwrap_err();
    assert!(matches!(error, Error::Unique { .. }), "{error}");
    let missing = Statement::from(Delete { table: "missing".into(), filter: None });
    assert!(matches!(transaction.execute(&missing).await, Err(Error::Statement(_))));
    transaction.execute(&items::insert("y", "b", 1.0)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(items::ids(&*store).await, ["x", "y"]);
}

/// The error of a duplicate names the table and the columns of the key.
pub async fn a_duplicate_names_the_key(store: Arc<dyn Store>) {
    items::create(&*store).await;
    items::run(&*store, &[items::insert("x", "a", 1.0)]).await;
    let mut transaction = store.begin().await.unwrap();
    for (statement, key) in
        [(items::insert("x", "b", 1.0), vec!["id"]), (items::insert("y", "a", 1.0), vec!["title", "n"])]
    {
        match transaction.execute(&statement).await.unwrap_err() {
            Error::Unique { table, columns } => assert_eq!((table.as_str(), columns), ("items", owned(&key))),
            other => panic!("{other}"),
        }
    }
    transaction.rollback().await.unwrap();
}

/// When a row is a duplicate for several keys, the error names the one that the store says it does.
pub async fn of_several_keys_the_newest_or_the_oldest_is_named(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let newest = Statement::from(CreateIndex {
        name: "items_newest".into(),
        table: "items".into(),
        unique: true,
        if_not_exists: false,
        columns: vec![IndexColumn {
            key: IndexKey::Column("title".into()),
            collation: None,
            descending: None,
        }],
        filter: None,
    });
    items::run(&*store, &[newest, items::insert("x", "a", 1.0)]).await;
    let mut transaction = store.begin().await.unwrap();
    let key = if transaction.tells_newest_index() { owned(&["title"]) } else { owned(&["title", "n"]) };
    match transaction.execute(&items::insert("y", "a", 1.0)).await.unwrap_err() {
        Error::Unique { columns, .. } => assert_eq!(columns, key),
        other => panic!("{other}"),
    }
    transaction.rollback().await.unwrap();
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// A null where there must be a value is [`Error::Constraint`].
pub async fn a_missing_value_is_a_constraint(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let insert = Insert {
        table: "items".into(),
        columns: vec!["id".into()],
        rows: vec![vec![Expr::Value(Value::Null)]],
        on_conflict: None,
    };
    let mut transaction = store.begin().await.unwrap();
    let error = transaction.execute(&insert.into()).await.unwrap_err();
    assert!(matches!(error, Error::Constraint(_)), "{error}");
    transaction.rollback().await.unwrap();
}

/// A statement about what is not there, or in no known language, is [`Error::Statement`].
pub async fn a_wrong_statement_is_told_apart(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let no_table = Select::from_table("missing").all_columns();
    let no_column = Select::from_table("items").column(Expr::name("missing"));
    for query in [no_table, no_column] {
        for cost in [Cost::Point, Cost::Scan] {
            let error = fetch(&*store, &query, cost, items::text).await.unwrap_err();
            assert!(matches!(error, Error::Statement(_)), "{error}");
        }
    }
    let mut transaction = store.begin().await.unwrap();
    let error = transaction.execute(&Statement::Authored("NONSENSE".into())).await.unwrap_err();
    assert!(matches!(error, Error::Statement(_)), "{error}");
    transaction.rollback().await.unwrap();
}

/// After it is closed, a store refuses everything, and can be closed again.
pub async fn a_closed_store_refuses_everything(store: Arc<dyn Store>) {
    items::create(&*store).await;
    store.close().await.unwrap();
    for cost in [Cost::Point, Cost::Scan] {
        assert!(matches!(fetch(&*store, &items::select_ids(), cost, items::text).await, Err(Error::Lost(_))));
    }
    assert!(matches!(store.begin().await.err(), Some(Error::Lost(_))));
    store.close().await.unwrap();
}
