use std::sync::{Arc, Mutex, PoisonError};

use sql::Select;

use crate::{Cost, Error, Row, Sink, SinkError, Store, Transaction};

/// Collects what `map` makes of each row.
///
/// # Errors
/// As [`Store::read`].
pub async fn fetch<T, F>(store: &dyn Store, query: &Select, cost: Cost, map: F) -> Result<Vec<T>, Error>
where
    T: Send + 'static,
    F: FnMut(&dyn Row) -> Result<T, SinkError> + Send + 'static,
{
    let (sink, rows) = collector(map);
    store.read(query, cost, sink).await?;
    Ok(take(&rows))
}

/// The first row of a result, if there is one. The query itself should be limited to one row.
///
/// # Errors
/// As [`Store::read`].
pub async fn fetch_optional<T, F>(
    store: &dyn Store,
    query: &Select,
    cost: Cost,
    map: F,
) -> Result<Option<T>, Error>
where
    T: Send + 'static,
    F: FnMut(&dyn Row) -> Result<T, SinkError> + Send + 'static,
{
    Ok(fetch(store, query, cost, map).await?.into_iter().next())
}

/// [`fetch`] inside a transaction.
///
/// # Errors
/// As [`Store::read`].
pub async fn fetch_in<T, F>(
    transaction: &mut dyn Transaction,
    query: &Select,
    map: F,
) -> Result<Vec<T>, Error>
where
    T: Send + 'static,
    F: FnMut(&dyn Row) -> Result<T, SinkError> + Send + 'static,
{
    let (sink, rows) = collector(map);
    transaction.read(query, sink).await?;
    Ok(take(&rows))
}

/// [`fetch_optional`] inside a transaction.
///
/// # Errors
/// As [`Store::read`].
pub async fn fetch_optional_in<T, F>(
    transaction: &mut dyn Transaction,
    query: &Select,
    map: F,
) -> Result<Option<T>, Error>
where
    T: Send + 'static,
    F: FnMut(&dyn Row) -> Result<T, SinkError> + Send + 'static,
{
    Ok(fetch_in(transaction, query, map).await?.into_iter().next())
}

type Collected<T> = Arc<Mutex<Vec<T>>>;

fn collector<T, F>(mut map: F) -> (Box<dyn Sink>, Collected<T>)
where
    T: Send + 'static,
    F: FnMut(&dyn Row) -> Result<T, SinkError> + Send + 'static,
{
    let rows = Collected::<T>::default();
    let target = Arc::clone(&rows);
    let sink = move |row: &dyn Row| -> Result<(), SinkError> {
        let item = map(row)?;
        target.lock().unwrap_or_else(PoisonError::into_inner).push(item);
        Ok(())
    };
    (Box::new(sink), rows)
}

fn take<T>(rows: &Collected<T>) -> Vec<T> {
    std::mem::take(&mut *rows.lock().unwrap_or_else(PoisonError::into_inner))
}
