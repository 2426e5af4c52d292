//! A table of items and short ways to use it.

use sql::{
    ColumnDef, ColumnKind, CreateIndex, CreateTable, Expr, IndexColumn, IndexKey, Insert, Select, Statement,
    Value,
};

use crate::{Cost, Row, SinkError, Store, Transaction, fetch, fetch_in};

/// `items(id, title, n)` with a unique index on title and n.
pub(super) async fn create(store: &dyn Store) {
    let column = |name, kind| ColumnDef { name, kind };
    let columns = vec![
        column("id".into(), ColumnKind::RandomId),
        column("title".into(), ColumnKind::NullableText),
        column("n".into(), ColumnKind::Number),
    ];
    let key = |name: &'static str| IndexColumn {
        key: IndexKey::Column(name.into()),
        collation: None,
        descending: None,
    };
    let index = CreateIndex {
        name: "items_key".into(),
        table: "items".into(),
        unique: true,
        if_not_exists: false,
        columns: vec![key("title"), key("n")],
        filter: None,
    };
    let table = CreateTable { name: "items".into(), if_not_exists: false, columns };
    run(store, &[table.into(), index.into()]).await;
}

/// Adds `items` row.
pub(super) fn insert(id: &str, title: impl Into<Value>, n: f64) -> Statement {
    Insert {
        table: "items".into(),
        columns: vec!["id".into(), "title".into(), "n".into()],
        rows: vec![vec![id.into(), Expr::Value(title.into()), n.into()]],
        on_conflict: None,
    }
    .into()
}

/// Runs statements in a transaction of their own.
pub(super) async fn run(store: &dyn Store, statements: &[Statement]) {
    let mut transaction = store.begin().await.unwrap();
    for statement in statements {
        transaction.execute(statement).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

/// The ids of all items.
pub(super) fn select_ids() -> Select {
    Select::from_table("items").column(Expr::name("id")).order_by(Expr::name("id"), false)
}

/// The ids of all items that a read outside a transaction sees.
pub(super) async fn ids_at(store: &dyn Store, cost: Cost) -> Vec<String> {
    fetch(store, &select_ids(), cost, text).await.unwrap()
}

/// The ids of all items, which nobody changes meanwhile.
pub(super) async fn ids(store: &dyn Store) -> Vec<String> {
    let point = ids_at(store, Cost::Point).await;
    assert_eq!(point, ids_at(store, Cost::Scan).await, "both ways to read see the same");
    point
}

/// The ids of all items that a transaction sees.
pub(super) async fn ids_in(transaction: &mut dyn Transaction) -> Vec<String> {
    fetch_in(transaction, &select_ids(), text).await.unwrap()
}

/// The first column as text.
pub(super) fn text(row: &dyn Row) -> Result<String, SinkError> {
    Ok(row.get(0).to_text().unwrap_or_default().into_owned())
}
