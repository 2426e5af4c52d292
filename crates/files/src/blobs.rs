use std::{io, ops::Range, time::SystemTime};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;

use crate::{Content, Key, Prefix, Result};

/// The bytes of a file, chunk by chunk.
pub type ByteStream = BoxStream<'static, io::Result<Bytes>>;

/// What is kept with a file beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Properties {
    /// The content type, for example `text/plain; charset=utf-8`.
    pub content_type: String,
    /// The name that the file had where it came from; cut to 255 bytes when stored.
    pub original_name: Option<String>,
}

/// What a store knows about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// In bytes.
    pub size: u64,
    /// When it was last written.
    pub modified: SystemTime,
    /// What was given when it was written; `application/octet-stream` when nothing was kept.
    pub properties: Properties,
    /// Of the content, when it was kept.
    pub md5: Option<[u8; 16]>,
}

/// A file in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key.
    pub key: Key,
    /// In bytes.
    pub size: u64,
    /// When it was last written.
    pub modified: SystemTime,
}

/// A store of files by key.
///
/// A file is there completely or not at all: readers see the old bytes or the new ones. When [`Blobs::put`] or
/// [`Blobs::copy`] returned, the file survives the loss of power. Keys with the same start need no directories; a
/// store that has them makes and removes them as needed.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Writes a file, in place of the one that is there.
    ///
    /// # Errors
    /// When the content cannot be read or the store fails; then nothing changed.
    async fn put(&self, key: &Key, content: &Content, properties: &Properties) -> Result<()>;

    /// What is known about a file.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], or the store's failure.
    async fn metadata(&self, key: &Key) -> Result<Metadata>;

    /// The bytes of a file in a range (the end is not part of it); fewer when the file ends before.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], or the store's failure. The stream fails when the file becomes unreadable.
    async fn read(&self, key: &Key, range: Range<u64>) -> Result<ByteStream>;

    /// Removes a file.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], or the store's failure.
    async fn delete(&self, key: &Key) -> Result<()>;

    /// Removes all files with this prefix; it is no error when there are none.
    ///
    /// # Errors
    /// [`crate::Error::InvalidKey`] for the empty prefix, or the store's failure; then some files can remain.
    async fn delete_prefix(&self, prefix: &Prefix) -> Result<()>;

    /// The files with this prefix, by key.
    ///
    /// # Errors
    /// The store's failure.
    async fn list(&self, prefix: &Prefix) -> Result<Vec<Entry>>;

    /// Writes a file's content and properties under another key, in place of what is there.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], or the store's failure.
    async fn copy(&self, from: &Key, to: &Key) -> Result<()>;
}
