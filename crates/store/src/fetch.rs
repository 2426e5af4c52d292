use std::sync::Arc;

use parking_lot::Mutex;
use sql::Select;

use crate::{Cost, Error, Row, Sink, SinkError, Store, Transaction};

/// A sink that makes one thing of all rows. A clone of it stays with whoever wants to have that.
pub struct Gather<T, F> {
    gathered: Arc<Mutex<T>>,
    take: F,
}

impl<T, F> Gather<T, F>
where
    T: Default + Send + 'static,
    F: FnMut(&mut T, &dyn Row) -> Result<(), SinkError> + Send + 'static,
{
    /// Has `take` add each row to what begins as its default; that is shared with the caller.
    pub fn new(take: F) -> (Box<Self>, Arc<Mutex<T>>) {
        let gathered = Arc::<Mutex<T>>::default();
        (Box::new(Self { gathered: Arc::clone(&gathered), take }), gathered)
    }
}

impl<T, F> Sink for Gather<T, F>
where
    T: Default + Send + 'static,
    F: FnMut(&mut T, &dyn Row) -> Result<(), SinkError> + Send + 'static,
{
    fn restart(&mut self) {
        *self.gathered.lock() = T::default();
    }

    fn row(&mut self, row: &dyn Row) -> Result<(), SinkError> {
        (self.take)(&mut *self.gathered.lock(), row)
    }
}

/// What `take` makes of all rows, beginning with a default.
///
/// # Errors
/// As [`Store::read`].
pub async fn gather<T, F>(store: &dyn Store, query: &Select, cost: Cost, take: F) -> Result<T, Error>
where
    T: Default + Send + 'static,
    F: FnMut(&mut T, &dyn Row) -> Result<(), SinkError> + Send + 'static,
{
    let (sink, gathered) = Gather::new(take);
    store.read(query, cost, sink).await?;
    Ok(taken(gathered))
}

/// Collects what `map` makes of each row.
///
/// # Errors
/// As [`Store::read`].
pub async fn fetch<T, F>(store: &dyn Store, query: &Select, cost: Cost, map: F) -> Result<Vec<T>, Error>
where
    T: Send + 'static,
    F: FnMut(&dyn Row) -> Result<T, SinkError> + Send + 'static,
{
    gather(store, query, cost, each(map)).await
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
    let (sink, rows) = Gather::new(each(map));
    transaction.read(query, sink).await?;
    Ok(taken(rows))
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

/// What was gathered; the sink is usually gone by now.
fn taken<T: Default>(gathered: Arc<Mutex<T>>) -> T {
    match Arc::try_unwrap(gathered) {
        Ok(gathered) => gathered.into_inner(),
        Err(shared) => std::mem::take(&mut *shared.lock()),
    }
}

/// Adds what `map` makes of a row to a list.
fn each<T>(
    mut map: impl FnMut(&dyn Row) -> Result<T, SinkError>,
) -> impl FnMut(&mut Vec<T>, &dyn Row) -> Result<(), SinkError> {
    move |rows, row| {
        rows.push(map(row)?);
        Ok(())
    }
}
