use std::io;

use zip::result::ZipError;

/// Why an archive was not made or taken apart.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no zip, or a damaged one.
    #[error("the archive is damaged: {0}")]
    Damaged(ZipError),
    /// An entry of it is damaged.
    #[error("{name:?} in the archive is damaged: {reason}")]
    DamagedEntry {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// An entry would be written to somewhere else.
    #[error("{0:?} in the archive is no path below the data directory")]
    Path(String),
    /// It would take too much space.
    #[error("the archive is not taken apart: {0}")]
    TooLarge(String),
    /// It is an archive of something else.
    #[error("there is no data.db in the archive")]
    NoData,
    /// The disk fails, or is full.
    #[error("{path}: {cause}")]
    Disk {
        /// Where.
        path: String,
        /// How.
        #[source]
        cause: io::Error,
    },
    /// An archive cannot be written.
    #[error("the archive cannot be written: {0}")]
    Unwritable(ZipError),
}

/// The results of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn disk(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.display().to_string();
        move |cause| Self::Disk { path, cause }
    }
}
