//! What the errors of PostgreSQL mean.

use std::error::Error as _;

use store::{Error, SinkError};
use tokio_postgres::error::{DbError, SqlState};

/// Why a store cannot be opened. The texts are for the operator, on one line, and never hold a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address cannot be used.
    #[error("the address of the database is not valid: {0}")]
    Address(String),
    /// The server cannot be reached, or lets nobody in.
    #[error("cannot connect: {0}")]
    Unreachable(String),
    /// The server has too many connections.
    #[error("cannot connect: {0}")]
    Full(String),
    /// The server or the database is none that can be used.
    #[error("{0}")]
    Unsupported(String),
    /// Another server has the database.
    #[error("another server uses this database")]
    InUse,
    /// What the statements need cannot be set up in the database.
    #[error("the database cannot be set up: {0}")]
    Setup(#[source] Error),
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Full(_) => Self::Busy(error.to_string()),
            _ => Self::Lost(error.to_string()),
        }
    }
}

impl From<tokio_postgres::Error> for OpenError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.code() {
            Some(&SqlState::TOO_MANY_CONNECTIONS) => Self::Full(describe(&error)),
            _ => Self::Unreachable(describe(&error)),
        }
    }
}

/// Why a statement did not come to its end.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What the server or the connection to it says.
    Postgres(tokio_postgres::Error),
    /// The server says nothing any more.
    Silence,
    /// The one who took the rows gave up.
    Sink(SinkError),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Postgres(error)
    }
}

impl Failure {
    /// What the server says; `None` when it is not the server that says something.
    pub(crate) fn server_error(&self) -> Option<&DbError> {
        match self {
            Self::Postgres(error) => error.as_db_error(),
            Self::Silence | Self::Sink(_) => None,
        }
    }

    /// Whether a prepared statement is of no use any more, because a table was changed or because the server forgot it.
    pub(crate) fn is_stale(&self) -> bool {
        self.server_error().is_some_and(|error| match *error.code() {
            // Other features that PostgreSQL does not have are told with the same code.
            SqlState::FEATURE_NOT_SUPPORTED => error.routine() == Some("RevalidateCachedQuery"),
            SqlState::INVALID_SQL_STATEMENT_NAME => true,
            _ => false,
        })
    }

    /// Whether the connection ended. The server may be there for another one.
    pub(crate) fn is_lost(&self) -> bool {
        match self {
            Self::Postgres(error) => match error.as_db_error() {
                Some(error) => matches!(classify(error), Error::Lost(_)),
                None => is_lost(error),
            },
            Self::Silence | Self::Sink(_) => false,
        }
    }

    /// Whether somebody else got in the way.
    pub(crate) fn is_conflict(&self) -> bool {
        self.server_error().is_some_and(|error| matches!(classify(error), Error::Conflict(_)))
    }

    /// Puts the failure in its class. The columns of a unique key are not known here.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Sink(cause) => Error::Sink(cause),
            Self::Silence => Error::Lost("the server does not answer".into()),
            Self::Postgres(error) => match error.as_db_error() {
                Some(error) => classify(error),
                // A value or a row that the client does not understand.
                None if !is_lost(&error) => Error::Statement(describe(&error)),
                None => Error::Lost(describe(&error)),
            },
        }
    }
}

/// Whether the connection is of no use any more.
fn is_lost(error: &tokio_postgres::Error) -> bool {
    error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
}

fn classify(error: &DbError) -> Error {
    let code = error.code().code();
    let text = format!("{} ({code})", error.message());
    match code {
        "23505" => Error::Unique { table: error.table().unwrap_or_default().to_owned(), columns: Vec::new() },
        // The last is a change of tables that gave way.
        "40001" | "40P01" | "55P03" => Error::Conflict(text),
        // Cancelled (its time is over), too many connections.
        "57014" | "53300" | "53400" => Error::Busy(text),
        // Characters and lengths that this database cannot store or index.
        "22021" | "22P05" => Error::Constraint(text),
        "XX001" | "XX002" => Error::Corrupt(text),
        // A server that only follows another one.
        "25006" => Error::Storage(text),
        _ => match code.get(..2) {
            Some("23" | "44" | "54") => Error::Constraint(text),
            Some("08" | "57") => Error::Lost(text),
            Some("53" | "58") => Error::Storage(text),
            _ => Error::Statement(text),
        },
    }
}

/// An error with its causes on one line.
pub(crate) fn describe(error: &tokio_postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        return format!("{} ({})", error.message(), error.code().code());
    }
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
