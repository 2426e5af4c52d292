use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use sql::Select;
use store::{Console, ConsoleOutput, Cost, Error, Sink, Store, Transaction};

use crate::Options;
use crate::console::Outcome;
use crate::readers::Readers;
use crate::transaction::SqliteTransaction;
use crate::writer::{Chore, Writer};

/// A database in one file of SQLite.
pub struct SqliteStore {
    readers: Arc<Readers>,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file, or makes it. This blocks; it is meant for the start of a program.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when the file is not a database, [`Error::Storage`] when it cannot be opened or written.
    pub fn open(path: &Path, options: Options) -> Result<Self, Error> {
        let writer = Writer::start(path, &options)?;
        let readers = Arc::new(Readers::new(path, options));
        Ok(Self { readers, writer })
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self, query: &Select, cost: Cost, mut sink: Box<dyn Sink>) -> Result<(), Error> {
        match cost {
            Cost::Point => self.readers.point(query, sink.as_mut()),
            Cost::Scan => self.readers.scan(query, sink).await,
        }
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, Error> {
        Ok(Box::new(SqliteTransaction::new(self.writer.begin().await?)))
    }

    async fn console(&self, console: Console) -> Result<ConsoleOutput, Error> {
        match self.readers.console(console.clone()).await? {
            Outcome::Done(output) => Ok(output),
            Outcome::Writes => {
                let mut transaction = Box::new(SqliteTransaction::new(self.writer.begin().await?));
                let output = transaction.console(console).await?;
                transaction.commit().await?;
                Ok(output)
            }
        }
    }

    async fn optimize(&self) -> Result<(), Error> {
        self.writer.tend(Chore::Optimize).await
    }

    async fn shrink(&self) -> Result<(), Error> {
        self.writer.tend(Chore::Shrink).await
    }

    async fn close(&self) -> Result<(), Error> {
        self.readers.close().await;
        self.writer.close().await
    }
}
