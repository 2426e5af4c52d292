use sql::Select;
use store::{Cost, Row, SinkError, Store, Transaction};

use crate::Result;

/// Where a query runs: on its own, or inside a transaction whose writes it sees.
pub(crate) enum Access<'a> {
    Store(&'a dyn Store),
    Transaction(&'a mut dyn Transaction),
}

impl Access<'_> {
    /// What `map` makes of each row.
    pub(crate) async fn fetch<T, F>(&mut self, query: &Select, cost: Cost, map: F) -> Result<Vec<T>>
    where
        T: Send + 'static,
        F: FnMut(&dyn Row) -> Result<T, SinkError> + Send + 'static,
    {
        Ok(match self {
            Self::Store(store) => store::fetch(*store, query, cost, map).await?,
            Self::Transaction(transaction) => store::fetch_in(&mut **transaction, query, map).await?,
        })
    }

    /// Whether there is a row.
    pub(crate) async fn exists(&mut self, query: &Select, cost: Cost) -> Result<bool> {
        Ok(!self.fetch(query, cost, |_| Ok(())).await?.is_empty())
    }

    /// The number in the first column of the first row; 0 when there is none.
    pub(crate) async fn number(&mut self, query: &Select, cost: Cost) -> Result<u64> {
        let rows = self.fetch(query, cost, |row| Ok(row.get(0).as_i64().unwrap_or_default())).await?;
        Ok(rows.first().copied().and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }
}
