use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use parking_lot::Mutex;
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::timeout;

use super::decode::{Encoded, MAX_PIXELS, no_thumbnail};
use super::{ThumbSize, create};
use crate::{Blobs, Content, Error, Key, Properties, Result};

/// The largest file that a thumbnail is made of, in bytes: it is read into memory.
const MAX_BYTES: u64 = 32 << 20;

/// The share of [`MAX_PIXELS`] that one permit stands for.
const PIXELS_PER_PERMIT: u64 = 1 << 10;

/// How many thumbnails are made at the same time, and how long a request waits for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThumbLimits {
    /// How many at a time.
    pub workers: usize,
    /// How long a thumbnail may wait until its making begins.
    pub wait: Duration,
}

impl Default for ThumbLimits {
    /// Two more than there are cores, since some wait for the disk, and a minute: PocketBase's defaults.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { workers: cores + 2, wait: Duration::from_mins(1) }
    }
}

/// Makes thumbnails, each once however many ask for it, and few at a time.
#[derive(Clone)]
pub struct Thumbs(Arc<Inner>);

struct Inner {
    workers: Semaphore,
    /// Bounds the memory of all that is being decoded.
    pixels: Semaphore,
    wait: Duration,
    /// What is being made, as long as somebody waits for it.
    pending: Mutex<HashMap<Key, Weak<Outcome>>>,
}

type Outcome = OnceCell<Result<(), Arc<Error>>>;

impl Thumbs {
    /// A pool with these limits.
    pub fn new(limits: ThumbLimits) -> Self {
        let permits = usize::try_from(MAX_PIXELS / PIXELS_PER_PERMIT).unwrap_or(Semaphore::MAX_PERMITS);
        Self(Arc::new(Inner {
            workers: Semaphore::new(limits.workers.clamp(1, Semaphore::MAX_PERMITS)),
            pixels: Semaphore::new(permits),
            wait: limits.wait,
            pending: Mutex::default(),
        }))
    }

    /// Sees to it that the thumbnail of `original` in this size is stored as `thumb`.
    ///
    /// # Errors
    /// [`Error::NoThumbnail`] when none can be made: the file is no image that can be read, too large, or there was
    /// no worker in time. Otherwise the store's failure.
    pub async fn ensure(
        &self,
        blobs: &Arc<dyn Blobs>,
        original: &Key,
        thumb: &Key,
        size: ThumbSize,
    ) -> Result<(), Arc<Error>> {
        match blobs.metadata(thumb).await {
            Ok(_) => return Ok(()),
            Err(Error::NotFound) => {}
            Err(error) => return Err(Arc::new(error)),
        }
        let outcome = self.0.join(thumb);
        let made = outcome.get_or_init(|| async {
            let (inner, blobs) = (Arc::clone(&self.0), Arc::clone(blobs));
            let (original, thumb) = (original.clone(), thumb.clone());
            // On its own, so that it goes on when the one who asked for it does not wait.
            let work = tokio::spawn(async move { inner.make(&*blobs, &original, &thumb, size).await });
            work.await.unwrap_or_else(|error| Err(no_thumbnail(error))).map_err(Arc::new)
        });
        made.await.clone()
    }
}

impl Inner {
    /// The outcome that all who want this thumbnail share.
    fn join(&self, thumb: &Key) -> Arc<Outcome> {
        let mut pending = self.pending.lock();
        pending.retain(|_, outcome| outcome.strong_count() > 0);
        if let Some(outcome) = pending.get(thumb).and_then(Weak::upgrade) {
            return outcome;
        }
        let outcome = Arc::new(Outcome::new());
        pending.insert(thumb.clone(), Arc::downgrade(&outcome));
        outcome
    }

    async fn make(&self, blobs: &dyn Blobs, original: &Key, thumb: &Key, size: ThumbSize) -> Result<()> {
        let _worker = self.turn(&self.workers, 1).await?;
        let metadata = blobs.metadata(original).await?;
        if metadata.size > MAX_BYTES {
            return Err(no_thumbnail(format!("the file has {} bytes", metadata.size)));
        }
        let bytes = read(blobs, original, 0..metadata.size).await?;
        let image = blocking(move || Encoded::new(bytes)).await?;
        let _memory = self.turn(&self.pixels, image.pixels().div_ceil(PIXELS_PER_PERMIT)).await?;
        let stored_type = metadata.properties.content_type;
        let (bytes, content_type) = blocking(move || create(image, &stored_type, size)).await?;
        let properties = Properties { content_type: content_type.to_owned(), original_name: None };
        blobs.put(thumb, &Content::from(bytes), &properties).await?;
        if matches!(blobs.metadata(original).await, Err(Error::NotFound)) {
            // It was removed meanwhile, and its thumbnails with it: this one came too late.
            blobs.delete(thumb).await?;
            return Err(Error::NotFound);
        }
        Ok(())
    }

    async fn turn<'a>(
        &self,
        semaphore: &'a Semaphore,
        permits: u64,
    ) -> Result<tokio::sync::SemaphorePermit<'a>> {
        let permits = u32::try_from(permits).map_err(no_thumbnail)?;
        let turn = timeout(self.wait, semaphore.acquire_many(permits)).await;
        turn.map_err(|_| no_thumbnail("too many others are being made"))?.map_err(no_thumbnail)
    }
}

async fn read(blobs: &dyn Blobs, key: &Key, range: Range<u64>) -> Result<Bytes> {
    let chunks = blobs.read(key, range).await?;
    let bytes: BytesMut = chunks
        .try_fold(BytesMut::new(), |mut all, chunk| async move {
            all.extend_from_slice(&chunk);
            Ok(all)
        })
        .await?;
    Ok(bytes.freeze())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    // A decoder that panics is an image that cannot be read.
    tokio::task::spawn_blocking(work).await.map_err(no_thumbnail)?
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, RgbImage};

    use super::*;
    use crate::LocalDisk;

    fn png(side: u32) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        RgbImage::new(side, side).write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    struct Stored {
        _directory: tempfile::TempDir,
        blobs: Arc<dyn Blobs>,
        thumbs: Thumbs,
    }

    impl Stored {
        async fn new(bytes: Vec<u8>) -> Self {
            let directory = tempfile::tempdir().unwrap();
            let blobs: Arc<dyn Blobs> = Arc::new(LocalDisk::open(directory.path()).unwrap());
            let properties = Properties { content_type: "image/png".into(), original_name: Some("a".into()) };
            blobs.put(&key("c/r/a.png"), &bytes.into(), &properties).await.unwrap();
            Self { _directory: directory, blobs, thumbs: Thumbs::new(ThumbLimits::default()) }
        }

        async fn ensure(&self) -> Result<(), Arc<Error>> {
            let (original, thumb) = (key("c/r/a.png"), key("c/r/thumbs_a.png/5x5_a.png"));
            self.thumbs.ensure(&self.blobs, &original, &thumb, ThumbSize::parse("5x5").unwrap()).await
        }
    }

    fn key(text: &str) -> Key {
        Key::parse(text).unwrap()
    }

    #[tokio::test]
    async fn a_thumb_is_made_once() {
        let stored = Stored::new(png(50)).await;
        let all = futures_util::future::join_all((0..20).map(|_| stored.ensure())).await;
        assert!(all.iter().all(std::result::Result::is_ok));
        let first = stored.blobs.metadata(&key("c/r/thumbs_a.png/5x5_a.png")).await.unwrap();
        assert_eq!(
            (first.properties.content_type.as_str(), first.properties.original_name),
            ("image/png", None)
        );
        stored.ensure().await.unwrap();
        let again = stored.blobs.metadata(&key("c/r/thumbs_a.png/5x5_a.png")).await.unwrap();
        assert_eq!(first.modified, again.modified);
    }

    #[tokio::test]
    async fn a_failure_is_shared_and_not_kept() {
        let stored = Stored::new(b"\x89PNG\r\n\x1a\nbroken".to_vec()).await;
        let all = futures_util::future::join_all((0..20).map(|_| stored.ensure())).await;
        assert!(
            all.iter().all(|result| matches!(result, Err(error) if matches!(**error, Error::NoThumbnail(_))))
        );
        let fixed = png(9);
        stored.blobs.put(&key("c/r/a.png"), &fixed.into(), &Properties::default()).await.unwrap();
        stored.ensure().await.unwrap();
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let mut stored = Stored::new(png(50)).await;
        stored.thumbs = Thumbs::new(ThumbLimits { workers: 1, wait: std::time::Duration::from_millis(20) });
        let busy = stored.thumbs.0.workers.acquire().await.unwrap();
        let error = stored.ensure().await.unwrap_err().to_string();
        assert_eq!(error, "no thumbnail: too many others are being made");
        drop(busy);
        stored.ensure().await.unwrap();
    }
}
