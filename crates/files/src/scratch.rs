use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::BytesMut;
use tempfile::TempPath;
use tokio::io::AsyncWriteExt;

use crate::Content;

/// A directory for temporary files, which the program empties when it starts.
#[derive(Debug, Clone)]
pub struct Scratch {
    directory: Arc<Path>,
}

impl Scratch {
    /// Temporary files in this directory, which is created when it is first needed.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into().into() }
    }

    /// Collects a content of unknown size: up to `memory` bytes are held in memory, a larger one goes to a
    /// temporary file.
    pub fn spool(&self, memory: usize) -> Spool {
        Spool { scratch: self.clone(), memory, buffer: BytesMut::new(), file: None, size: 0 }
    }

    /// A new temporary file.
    ///
    /// # Errors
    /// When the directory or the file cannot be created.
    pub async fn temp_file(&self) -> io::Result<(tokio::fs::File, TempPath)> {
        let directory = self.directory.clone();
        let file = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(&directory)?;
            tempfile::NamedTempFile::new_in(&directory)
        })
        .await??;
        let (file, path) = file.into_parts();
        Ok((file.into(), path))
    }
}

/// A [`Content`] in the making. Dropped unfinished, it leaves nothing behind.
#[derive(Debug)]
pub struct Spool {
    scratch: Scratch,
    memory: usize,
    buffer: BytesMut,
    file: Option<(tokio::fs::File, TempPath)>,
    size: u64,
}

impl Spool {
    /// Appends bytes.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        if self.file.is_none() && self.buffer.len() + bytes.len() <= self.memory {
            self.buffer.extend_from_slice(bytes);
            return Ok(());
        }
        let (file, _) = match &mut self.file {
            Some(open) => open,
            None => {
                let mut open = self.scratch.temp_file().await?;
                open.0.write_all(&std::mem::take(&mut self.buffer)).await?;
                self.file.insert(open)
            }
        };
        file.write_all(bytes).await
    }

    /// The bytes written so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The content.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub async fn finish(self) -> io::Result<Content> {
        match self.file {
            None => Ok(self.buffer.freeze().into()),
            Some((mut file, path)) => {
                // The file writes in the background: what is on its way must be there before it is read.
                file.flush().await?;
                Ok(Content::from_temp_file(path, self.size))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;

    use super::*;

    fn files_in(directory: &Path) -> usize {
        std::fs::read_dir(directory).map_or(0, Iterator::count)
    }

    async fn all(content: &Content) -> Vec<u8> {
        let chunks: Vec<_> = content.stream().await.unwrap().try_collect().await.unwrap();
        chunks.concat()
    }

    #[tokio::test]
    async fn small_contents_stay_in_memory() {
        let directory = tempfile::tempdir().unwrap();
        let mut spool = Scratch::new(directory.path()).spool(4);
        spool.write(b"ab").await.unwrap();
        spool.write(b"cd").await.unwrap();
        let content = spool.finish().await.unwrap();
        assert!(content.is_in_memory());
        assert_eq!((content.size(), all(&content).await), (4, b"abcd".to_vec()));
        assert_eq!(files_in(directory.path()), 0);
    }

    #[tokio::test]
    async fn large_contents_spill_and_are_removed_with_the_last_clone() {
        let directory = tempfile::tempdir().unwrap();
        let mut spool = Scratch::new(directory.path().join("new")).spool(4);
        spool.write(b"abc").await.unwrap();
        spool.write(b"defg").await.unwrap();
        spool.write(b"h").await.unwrap();
        let content = spool.finish().await.unwrap();
        assert!(!content.is_in_memory());
        assert_eq!(content.size(), 8);
        assert_eq!(content.head(5).await.unwrap(), &b"abcde"[..]);
        let clone = content.clone();
        drop(content);
        assert_eq!(all(&clone).await, b"abcdefgh");
        assert_eq!(all(&clone).await, b"abcdefgh", "it can be read again");
        drop(clone);
        assert_eq!(files_in(&directory.path().join("new")), 0);
    }

    #[tokio::test]
    async fn an_unfinished_spool_leaves_no_file() {
        let directory = tempfile::tempdir().unwrap();
        let mut spool = Scratch::new(directory.path()).spool(0);
        spool.write(b"x").await.unwrap();
        assert_eq!(files_in(directory.path()), 1);
        drop(spool);
        assert_eq!(files_in(directory.path()), 0);
    }
}
