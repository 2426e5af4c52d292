use crate::{Cause, Error};

/// Why the engine does not start. The texts are for the one who starts it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened or does not answer.
    #[error("the database is not usable: {0}")]
    Store(#[from] store::Error),
    /// An older version wrote the data.
    #[error(
        "the data is of an older format (PocketBase's migration {missing} was not applied): start it once with PocketBase v0.39"
    )]
    OlderFormat {
        /// The first migration that is missing.
        missing: String,
    },
    /// A newer version wrote the data.
    #[error("the data is of a newer format (migration {migration}) than this version knows")]
    NewerFormat {
        /// The migration that nobody here knows.
        migration: String,
    },
    /// A stored collection cannot be read.
    #[error("the collection {name} is damaged: {reason}")]
    Collection {
        /// Its name, or its id when the name cannot be read.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The stored settings cannot be read.
    #[error("the stored settings cannot be read (are they encrypted?): {0}")]
    Settings(#[source] Cause),
    /// The settings ask for something that would go wrong unnoticed.
    #[error("the stored settings ask for {0}, which this version does not have")]
    Unsupported(&'static str),
    /// An extension's collection cannot be declared, or the extension refuses.
    #[error("the extension {name} does not start: {cause}")]
    Extension {
        /// Its name.
        name: &'static str,
        /// What it said.
        #[source]
        cause: Box<Error>,
    },
    /// The tables of the system cannot be set up.
    #[error("the database cannot be set up: {0}")]
    Engine(#[source] Box<Error>),
}
