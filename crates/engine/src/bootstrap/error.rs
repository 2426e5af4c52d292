use crate::{Cause, Error};

/// Why the engine does not start. The texts are for the one who starts it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be opened or does not answer.
    #[error("the database is not usable: {0}")]
    Store(#[from] store::Error),
    /// A PocketBase before v0.23 wrote the data.
    #[error(
        "the data is of a format before PocketBase v0.23 (the migration {missing} was not applied): start it once with a PocketBase from v0.23 to v0.39"
    )]
    TooOld {
        /// The first migration that is missing.
        missing: String,
    },
    /// A PocketBase since v0.23 wrote the data, and it has to be upgraded first.
    #[error(
        "the data is of an older format (the migration {missing} was not applied): run `baibase migrate up` on it first"
    )]
    OlderFormat {
        /// The first migration that is missing.
        missing: String,
    },
    /// The data cannot be brought to the present format; nothing was changed.
    #[error("the data cannot be upgraded ({migration}): {cause}")]
    Upgrade {
        /// What could not be applied.
        migration: String,
        /// Why.
        #[source]
        cause: Box<Error>,
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
    #[error("the stored settings cannot be read: {0}")]
    Settings(#[source] Cause),
    /// The stored settings are encrypted.
    #[error(
        "the stored settings are encrypted, and {0}: --encryptionEnv names the environment variable that has it"
    )]
    Encrypted(&'static str),
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
