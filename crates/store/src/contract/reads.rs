use std::sync::Arc;

use sql::{Expr, Select, ValueRef};

use super::items;
use crate::{Cost, Error, Row, SinkError, Store, fetch, fetch_in, fetch_optional};

/// A read that begins after a commit sees it.
pub async fn reads_see_commits(store: Arc<dyn Store>) {
    items::create(&*store).await;
    for number in 0..20 {
        let id = format!("id{number:02}");
        items::run(&*store, &[items::insert(&id, "a", f64::from(number))]).await;
        assert_eq!(items::ids(&*store).await.last(), Some(&id));
    }
}

/// A read outside a transaction does not see its changes before they are committed.
pub async fn reads_do_not_see_what_is_under_way(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&items::insert("x", "a", 1.0)).await.unwrap();
    assert!(items::ids(&*store).await.is_empty());
    transaction.commit().await.unwrap();
    assert_eq!(items::ids(&*store).await, ["x"]);
}

/// A read inside a transaction sees its changes.
pub async fn a_transaction_sees_its_own_changes(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&items::insert("x", "a", 1.0)).await.unwrap();
    assert_eq!(items::ids_in(&mut *transaction).await, ["x"]);
    transaction.rollback().await.unwrap();
}

/// An error of the one who takes the rows ends the query and comes back; the store and transaction can go on.
pub async fn a_sink_can_end_a_query(store: Arc<dyn Store>) {
    items::create(&*store).await;
    items::run(&*store, &[items::insert("x", "a", 1.0), items::insert("y", "a", 2.0)]).await;
    let refuse = |_: &dyn Row| -> Result<(), SinkError> { Err("enough".into()) };
    let query = items::select_ids();
    for cost in [Cost::Point, Cost::Scan] {
        let error = fetch(&*store, &query, cost, refuse).await.unwrap_err();
        assert!(matches!(&error, Error::Sink(cause) if cause.to_string() == "enough"), "{error}");
    }
    let mut transaction = store.begin().await.unwrap();
    assert!(matches!(fetch_in(&mut *transaction, &query, refuse).await, Err(Error::Sink(_))));
    assert_eq!(items::ids_in(&mut *transaction).await, ["x", "y"]);
    transaction.commit().await.unwrap();
}

/// Reads of both costs run at once and all come to an end.
pub async fn many_reads_run_at_once(store: Arc<dyn Store>) {
    items::create(&*store).await;
    items::run(&*store, &[items::insert("x", "a", 1.0)]).await;
    let reads = (0..100).map(|_| {
        let store = Arc::clone(&store);
        tokio::spawn(async move { items::ids(&*store).await })
    });
    for read in reads.collect::<Vec<_>>() {
        assert_eq!(read.await.unwrap(), ["x"]);
    }
}

/// A row knows how many columns it has, and is null beyond them.
pub async fn a_row_has_no_columns_but_its_own(store: Arc<dyn Store>) {
    let query = Select::new().column(Expr::value(1)).column(Expr::value("x"));
    let row = fetch_optional(&*store, &query, Cost::Point, |row| {
        assert_eq!(row.get(1), ValueRef::Text("x"));
        assert_eq!(row.get(2), ValueRef::Null);
        Ok((row.len(), row.is_empty()))
    });
    assert_eq!(row.await.unwrap(), Some((2, false)));
}
