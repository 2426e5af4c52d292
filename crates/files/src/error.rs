use std::io;

/// Why a store of files did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such file.
    #[error("there is no such file")]
    NotFound,
    /// The text is not the key of a file, or not a prefix of keys.
    #[error("invalid key {0:?}")]
    InvalidKey(String),
    /// No thumbnail can be made of the file: it is no image that can be read, or too large.
    #[error("no thumbnail: {0}")]
    NoThumbnail(Box<dyn std::error::Error + Send + Sync>),
    /// The store failed.
    #[error("the store of files failed")]
    Io(#[source] io::Error),
}

/// The results of a store of files.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<io::Error> for Error {
    /// A name that the file system cannot have is a file that is not there.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename => {
                Self::NotFound
            }
            _ => Self::Io(error),
        }
    }
}
