//! What can go wrong while servers are measured.

use std::io;

/// Why a measurement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file, a process or a connection could not be used.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// A reply could not be understood.
    #[error("this is not HTTP: {0}")]
    Http(String),
    /// A server refused what it must accept.
    #[error("{0}")]
    Refused(String),
    /// The options, the machine or a server are not as they must be.
    #[error("{0}")]
    Setup(String),
    /// The data could not be made or read.
    #[error("the data: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The PostgreSQL server refused a statement.
    #[error("PostgreSQL: {0}")]
    Postgres(#[from] tokio_postgres::Error),
    /// A value could not be written or read as JSON.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The result of most functions here.
pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Says what was tried, for an error of the system.
pub(crate) trait What<T> {
    /// Names the attempt.
    fn what(self, what: impl Into<String>) -> Result<T>;
}

impl<T> What<T> for io::Result<T> {
    fn what(self, what: impl Into<String>) -> Result<T> {
        self.map_err(|source| Error::Io { what: what.into(), source })
    }
}
