use async_trait::async_trait;
use sql::{Select, Statement, ValueRef};

use crate::{Console, ConsoleOutput, Error};

/// A database.
///
/// Reads see what was committed before they began. Writes happen in a [`Transaction`]; one that was committed
/// survives a power cut.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Runs a query outside a transaction and hands each row to `sink`.
    ///
    /// # Errors
    /// [`Error`], by cause; an error of the sink ends the query and comes back as [`Error::Sink`].
    async fn read(&self, query: &Select, cost: Cost, sink: Box<dyn Sink>) -> Result<(), Error>;

    /// Begins a transaction. It waits for its turn where the database writes one transaction at a time.
    ///
    /// # Errors
    /// [`Error::Busy`] when its turn does not come in time, [`Error::Lost`] when the database is gone.
    async fn begin(&self) -> Result<Box<dyn Transaction>, Error>;

    /// Runs statements of a superuser's own, in the dialect of the database and in one transaction, in which they see
    /// and change everything.
    ///
    /// # Errors
    /// [`Error::Statement`] with the words of the database when it refuses one, [`Error::Busy`] when they take too long;
    /// nothing is changed then.
    async fn console(&self, console: Console) -> Result<ConsoleOutput, Error> {
        drop(console);
        Err(Error::Statement("this database takes no statements".into()))
    }

    /// Does what the database wants done now and then: writes back its log, looks at its statistics. A database that
    /// sees to that by itself needs nothing.
    ///
    /// # Errors
    /// [`Error`] when the database is gone or its disk fails.
    async fn optimize(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Gives the room of what was deleted back to the disk, which takes time and room in proportion to what is left. A
    /// database that sees to that by itself needs nothing.
    ///
    /// # Errors
    /// [`Error`] when the database is gone or its disk fails.
    async fn shrink(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Waits for what is running, writes back what is pending, and closes the connections.
    ///
    /// # Errors
    /// [`Error`] when something could not be written back.
    async fn close(&self) -> Result<(), Error>;
}

/// A transaction under way. Dropping it rolls it back.
#[async_trait]
pub trait Transaction: Send {
    /// Runs a statement and returns the number of rows it changed.
    ///
    /// A statement that fails changes nothing, and the transaction can go on.
    ///
    /// # Errors
    /// [`Error`], by cause.
    async fn execute(&mut self, statement: &Statement) -> Result<u64, Error>;

    /// Runs a query that sees this transaction's own changes.
    ///
    /// # Errors
    /// As [`Store::read`].
    async fn read(&mut self, query: &Select, sink: Box<dyn Sink>) -> Result<(), Error>;

    /// Whether a row that several unique indexes forbid is an error of the newest of them, and not of the oldest.
    fn tells_newest_index(&self) -> bool;

    /// Ends the transaction and makes its changes last; returns when they are safe on disk.
    ///
    /// # Errors
    /// [`Error`] when the changes are not there.
    async fn commit(self: Box<Self>) -> Result<(), Error>;

    /// Runs a last statement, which changes something, and commits. Where the database is far away, that is one way for
    /// both.
    ///
    /// # Errors
    /// As [`Self::execute`] and [`Self::commit`]; nothing of the transaction lasts then.
    async fn commit_with(mut self: Box<Self>, last: &Statement) -> Result<(), Error> {
        self.execute(last).await?;
        self.commit().await
    }

    /// Ends the transaction and drops its changes.
    ///
    /// # Errors
    /// [`Error`] when the database is gone; the changes are dropped all the same.
    async fn rollback(self: Box<Self>) -> Result<(), Error>;
}

/// How long a query may take, as far as its author can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// A few rows by an index: may run on the thread that asks.
    Point,
    /// Anything else: runs where it holds nobody up.
    Scan,
}

/// One row of a result, valid until the next one.
pub trait Row {
    /// The value of a column by its position; null when there is no such column.
    fn get(&self, column: usize) -> ValueRef<'_>;

    /// The number of columns.
    fn len(&self) -> usize;

    /// Whether there are no columns.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Takes the rows of a result one by one.
pub trait Sink: Send {
    /// Forgets all rows: the query is run again from its beginning.
    fn restart(&mut self);

    /// Takes one row.
    ///
    /// # Errors
    /// [`SinkError`] ends the query.
    fn row(&mut self, row: &dyn Row) -> Result<(), SinkError>;
}

/// Why a sink wants no more rows.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;
