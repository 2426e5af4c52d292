use crate::SinkError;

/// Why a database did not do what it was asked. The texts are for the log: they can name tables and columns.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A row with the same key exists.
    #[error("unique constraint on {table}({})", columns.join(", "))]
    Unique {
        /// The table; empty when the database does not say.
        table: String,
        /// The columns of the constraint; empty when it is on an expression.
        columns: Vec<String>,
    },
    /// Another constraint (not null, check, foreign key) refused the row.
    #[error("constraint: {0}")]
    Constraint(String),
    /// A value is too long for an index that its column is in; the database has a limit for those.
    #[error("too long for an index: {table}({})", columns.join(", "))]
    Oversized {
        /// The table.
        table: String,
        /// The columns of the index, at least one.
        columns: Vec<String>,
    },
    /// The turn did not come in time, or the query took too long.
    #[error("busy: {0}")]
    Busy(String),
    /// Another transaction got in the way; nothing was changed, and running this one again from its start can work.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The database cannot be reached or is closed.
    #[error("database lost: {0}")]
    Lost(String),
    /// The disk is full or cannot be written.
    #[error("storage: {0}")]
    Storage(String),
    /// The statement is wrong: no such table, no such column, bad syntax.
    #[error("statement: {0}")]
    Statement(String),
    /// The file is not a database, damaged, or of a newer format.
    #[error("not a usable database: {0}")]
    Corrupt(String),
    /// The one who took the rows gave up.
    #[error("reading a row: {0}")]
    Sink(#[source] SinkError),
}
