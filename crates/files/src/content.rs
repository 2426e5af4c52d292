use std::{
    fs::File,
    io::{self, Cursor, Read},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tempfile::TempPath;
use tokio_util::io::ReaderStream;

use crate::ByteStream;

/// How much is read at a time.
pub(crate) const CHUNK: usize = 64 * 1024;

/// The bytes of a file that is on its way into a store: in memory, or in a temporary file that is removed with the
/// last clone. It can be read any number of times.
#[derive(Debug, Clone)]
pub struct Content(Inner);

#[derive(Debug, Clone)]
enum Inner {
    Memory(Bytes),
    File { path: Arc<TempPath>, size: u64 },
}

impl Content {
    /// Takes over a temporary file of this size.
    pub fn from_temp_file(path: TempPath, size: u64) -> Self {
        Self(Inner::File { path: Arc::new(path), size })
    }

    /// The size in bytes.
    pub fn size(&self) -> u64 {
        match &self.0 {
            Inner::Memory(bytes) => bytes.len() as u64,
            Inner::File { size, .. } => *size,
        }
    }

    /// Whether it lies in memory rather than in a temporary file.
    pub fn is_in_memory(&self) -> bool {
        matches!(self.0, Inner::Memory(_))
    }

    /// The first bytes, at most `length` of them.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub async fn head(&self, length: usize) -> io::Result<Bytes> {
        match &self.0 {
            Inner::Memory(bytes) => Ok(bytes.slice(..length.min(bytes.len()))),
            Inner::File { path, .. } => {
                let path = path.clone();
                tokio::task::spawn_blocking(move || {
                    let mut head = Vec::with_capacity(length);
                    File::open(&*path)?.take(length as u64).read_to_end(&mut head)?;
                    Ok(head.into())
                })
                .await?
            }
        }
    }

    /// All bytes, chunk by chunk.
    ///
    /// # Errors
    /// When the temporary file cannot be opened; the stream fails when it cannot be read.
    pub async fn stream(&self) -> io::Result<ByteStream> {
        match &self.0 {
            Inner::Memory(bytes) => Ok(stream::iter([Ok(bytes.clone())]).boxed()),
            Inner::File { path, .. } => {
                let file = tokio::fs::File::open(&**path).await?;
                Ok(ReaderStream::with_capacity(file, CHUNK).boxed())
            }
        }
    }

    /// A reader from the start. Blocking: for threads that may wait.
    pub(crate) fn reader(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match &self.0 {
            Inner::Memory(bytes) => Box::new(Cursor::new(bytes.clone())),
            Inner::File { path, .. } => Box::new(File::open(&**path)?),
        })
    }
}

impl<B: Into<Bytes>> From<B> for Content {
    fn from(bytes: B) -> Self {
        Self(Inner::Memory(bytes.into()))
    }
}
