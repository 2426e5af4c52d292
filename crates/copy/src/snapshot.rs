use async_trait::async_trait;
use sql::Select;
use store::{Cost, Error, Sink, Store, Transaction};
use tokio::sync::Mutex;

/// A database as it was at one moment, whatever others write meanwhile: everything is read in one transaction.
pub struct Snapshot {
    transaction: Mutex<Option<Box<dyn Transaction>>>,
}

impl Snapshot {
    /// A view of this database from now on.
    ///
    /// # Errors
    /// [`crate::Error::Source`], as [`Store::begin`] fails.
    pub async fn of(store: &dyn Store) -> crate::Result<Self> {
        let transaction = store.begin().await.map_err(engine::StartError::from)?;
        Ok(Self { transaction: Mutex::new(Some(transaction)) })
    }
}

#[async_trait]
impl Store for Snapshot {
    async fn read(&self, query: &Select, _: Cost, sink: Box<dyn Sink>) -> Result<(), Error> {
        let mut transaction = self.transaction.lock().await;
        let transaction = transaction.as_mut().ok_or_else(|| Error::Lost("the snapshot is closed".into()))?;
        transaction.read(query, sink).await
    }

    /// Always an error: nothing can be changed.
    async fn begin(&self) -> Result<Box<dyn Transaction>, Error> {
        Err(Error::Storage("a snapshot is read alone".into()))
    }

    async fn close(&self) -> Result<(), Error> {
        match self.transaction.lock().await.take() {
            Some(transaction) => transaction.rollback().await,
            None => Ok(()),
        }
    }
}
