use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::task::JoinHandle;

use crate::{ByteStream, Error, Result};

/// How much is read at a time for a client. Each chunk costs a change of threads, and there are two of them in memory
/// for each client: one on its way, one ahead.
const CHUNK: u64 = 256 * 1024;

/// The bytes of a file of the operating system in a range (the end is not part of it); fewer when the file ends before.
///
/// # Errors
/// [`Error::NotFound`] when there is no file, or the disk's failure. The stream fails when the file becomes unreadable.
pub async fn read_file(path: &Path, range: Range<u64>) -> Result<ByteStream> {
    let path = path.to_owned();
    let first = blocking(move || {
        let mut file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(Error::NotFound);
        }
        if range.start > 0 {
            file.seek(SeekFrom::Start(range.start))?;
        }
        Ok(Step::read(file, range.end.saturating_sub(range.start))?)
    });
    Ok(chunks(first.await?))
}

/// A chunk, and the file with the number of bytes that are wanted behind it.
struct Step {
    chunk: Bytes,
    rest: Option<(File, u64)>,
}

/// The next step of a stream.
enum Next {
    Here(Step),
    Coming(JoinHandle<io::Result<Step>>),
}

impl Step {
    /// Blocking: for threads that may wait.
    fn read(mut file: File, wanted: u64) -> io::Result<Self> {
        let chunk = read_up_to(&mut file, wanted.min(CHUNK))?;
        let left = wanted - chunk.len() as u64;
        // A chunk that is not full is the end of the file.
        let rest = (left > 0 && chunk.len() as u64 == CHUNK).then_some((file, left));
        Ok(Self { chunk, rest })
    }
}

/// The chunks from this one on. While one is sent, the next one is read.
fn chunks(first: Step) -> ByteStream {
    let steps = stream::try_unfold(Some(Next::Here(first)), |next| async move {
        let step = match next {
            None => return Ok(None),
            Some(Next::Here(step)) => step,
            Some(Next::Coming(step)) => step.await??,
        };
        if step.chunk.is_empty() {
            return Ok(None);
        }
        let ahead = |(file, left)| Next::Coming(tokio::task::spawn_blocking(move || Step::read(file, left)));
        Ok(Some((step.chunk, step.rest.map(ahead))))
    });
    steps.boxed()
}

/// As many bytes as there are, at most this many.
pub(crate) fn read_up_to(file: &mut File, length: u64) -> io::Result<Bytes> {
    let mut buffer = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    let mut filled = 0;
    while let Some(unread) = buffer.get_mut(filled..).filter(|unread| !unread.is_empty()) {
        match file.read(unread) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(filled);
    Ok(buffer.into())
}

/// Runs what waits for the disk on a thread that may wait.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::from)?
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt;

    use super::*;

    #[tokio::test]
    async fn any_range_is_read_over_the_borders_of_chunks() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        let bytes: Vec<u8> = (0..2 * CHUNK + 7).map(|index| (index % 251) as u8).collect();
        std::fs::write(&path, &bytes).unwrap();
        let size = bytes.len() as u64;
        for range in [0..size, 0..CHUNK, 0..2 * CHUNK, CHUNK - 1..CHUNK + 1, 5..size - 3, 9..9, 3..size + 99]
        {
            let read: Vec<Bytes> =
                read_file(&path, range.clone()).await.unwrap().try_collect().await.unwrap();
            let end = usize::try_from(range.end.min(size)).unwrap();
            assert!(read.concat() == bytes[usize::try_from(range.start).unwrap()..end], "{range:?}");
        }
        let behind = read_file(&path, size + 1..size + 2).await.unwrap();
        assert!(behind.try_collect::<Vec<_>>().await.unwrap().is_empty());
        assert!(matches!(read_file(directory.path(), 0..1).await, Err(Error::NotFound)));
        assert!(matches!(read_file(&directory.path().join("b"), 0..1).await, Err(Error::NotFound)));
    }
}
