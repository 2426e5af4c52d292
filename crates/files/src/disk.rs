use std::io::SeekFrom;
use std::ops::Range;
use std::path::Path;

use futures_util::StreamExt;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use crate::content::CHUNK;
use crate::{ByteStream, Error, Result};

/// The bytes of a file of the operating system in a range (the end is not part of it); fewer when the file ends before.
///
/// # Errors
/// [`Error::NotFound`] when there is no file, or the disk's failure. The stream fails when the file becomes unreadable.
pub async fn read_file(path: &Path, range: Range<u64>) -> Result<ByteStream> {
    let mut file = tokio::fs::File::open(path).await?;
    if !file.metadata().await?.is_file() {
        return Err(Error::NotFound);
    }
    if range.start > 0 {
        file.seek(SeekFrom::Start(range.start)).await?;
    }
    let bytes = file.take(range.end.saturating_sub(range.start));
    Ok(ReaderStream::with_capacity(bytes, CHUNK).boxed())
}
