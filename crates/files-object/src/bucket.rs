use std::io;
use std::ops::Range;
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use files::{Blobs, ByteStream, Content, Entry, Error, Key, Metadata, Prefix, Properties, Result, escape};
use futures_util::{StreamExt, TryStreamExt, stream};
use opendal::{ErrorKind, Operator};

use crate::metadata::{self, ORIGINAL_NAME};

/// How files are uploaded that are larger than one part.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts {
    /// In bytes; S3 takes no smaller ones than 5 MiB.
    size: usize,
    /// How many parts of a file are on their way, and in memory, at the same time.
    at_once: usize,
}

impl Parts {
    /// Several at once.
    pub(crate) const PARALLEL: Self = Self { size: 6 << 20, at_once: 4 };

    /// One after the other, and as large as the memory for several: for stores whose uploads in parts take no metadata
    /// (OpenDAL gives OSS and OBS none), so that few files are uploaded like that.
    pub(crate) const LARGE: Self = Self { size: 24 << 20, at_once: 1 };
}

/// How many files are removed at the same time.
const DELETES_AT_ONCE: usize = 8;

/// The content type of an object without one.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// Files in a bucket of an object store.
///
/// A store does not tell whether a file was there that is removed, so removing one that is not there is no error.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    operator: Operator,
    parts: Parts,
}

impl Bucket {
    pub(crate) fn new(operator: Operator, parts: Parts) -> Self {
        Self { operator, parts }
    }

    async fn delete_path(&self, path: &str) -> Result<()> {
        self.operator.delete(path).await.map_err(error)
    }

    /// The paths with this prefix, with what the listing says of each.
    async fn paths(&self, prefix: &Prefix) -> Result<Vec<(String, opendal::Metadata)>> {
        let path = prefix_path(prefix);
        let entries = self.operator.lister_with(&path).recursive(true).await.map_err(error)?;
        let files = entries.try_filter_map(|entry| async move {
            let (path, metadata) = entry.into_parts();
            Ok(metadata.is_file().then_some((path, metadata)))
        });
        files.try_collect().await.map_err(error)
    }
}

#[async_trait]
impl Blobs for Bucket {
    async fn put(&self, key: &Key, content: &Content, properties: &Properties) -> Result<()> {
        let mut options = opendal::options::WriteOptions {
            content_type: Some(properties.content_type.clone()).filter(|text| !text.is_empty()),
            chunk: Some(self.parts.size),
            concurrent: self.parts.at_once,
            ..Default::default()
        };
        if let Some(name) = &properties.original_name {
            let name = (ORIGINAL_NAME.to_owned(), metadata::encode(name));
            options.user_metadata = Some([name].into());
        }
        let mut chunks = content.stream().await?;
        let mut writer = self.operator.writer_options(&path(key)?, options).await.map_err(error)?;
        let written = async {
            while let Some(chunk) = chunks.try_next().await? {
                writer.write(chunk).await.map_err(error)?;
            }
            writer.close().await.map_err(error)
        };
        match written.await {
            Ok(_) => Ok(()),
            Err(failure) => {
                // Parts that were uploaded would be kept, and paid for, until somebody looks for them.
                let _ = writer.abort().await;
                Err(failure)
            }
        }
    }

    async fn metadata(&self, key: &Key) -> Result<Metadata> {
        let found = self.operator.stat(&path(key)?).await.map_err(error)?;
        if !found.is_file() {
            return Err(Error::NotFound);
        }
        let original_name =
            found.user_metadata().and_then(|all| all.get(ORIGINAL_NAME).map(metadata::decode));
        let content_type = found.content_type().unwrap_or(UNKNOWN_TYPE).to_owned();
        Ok(Metadata {
            size: found.content_length(),
            modified: modified(&found),
            properties: Properties { content_type, original_name },
            md5: found.etag().and_then(metadata::md5),
        })
    }

    async fn read(&self, key: &Key, range: Range<u64>) -> Result<ByteStream> {
        if range.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let reader = self.operator.reader(&path(key)?).await.map_err(error)?;
        let mut chunks = reader.into_bytes_stream(range).await.map_err(error)?;
        // The request is made with the first chunk: only now is it known whether the file is there.
        let first = chunks.try_next().await?;
        Ok(stream::iter(first.map(Ok)).chain(chunks).boxed())
    }

    async fn delete(&self, key: &Key) -> Result<()> {
        self.delete_path(&path(key)?).await
    }

    async fn delete_prefix(&self, prefix: &Prefix) -> Result<()> {
        if prefix.as_str().is_empty() {
            return Err(Error::InvalidKey(String::new()));
        }
        // One by one: not every store that speaks S3 removes several at once.
        let paths = self.paths(prefix).await?;
        let deletes = stream::iter(paths).map(|(path, _)| async move { self.delete_path(&path).await });
        deletes.buffer_unordered(DELETES_AT_ONCE).try_collect().await
    }

    async fn list(&self, prefix: &Prefix) -> Result<Vec<Entry>> {
        let paths = self.paths(prefix).await?;
        let mut entries: Vec<Entry> = paths
            .into_iter()
            .filter_map(|(path, found)| {
                let key = Key::parse(&escape::unescape(&path)).ok()?;
                Some(Entry { key, size: found.content_length(), modified: modified(&found) })
            })
            .collect();
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(entries)
    }

    async fn copy(&self, from: &Key, to: &Key) -> Result<()> {
        self.operator.copy(&path(from)?, &path(to)?).await.map_err(error)?;
        Ok(())
    }
}

/// The name of an object. The client takes white space and slashes away at both ends, and so would read another one.
fn path(key: &Key) -> Result<String> {
    let path = escape::escape(key.as_str());
    if path.trim() == path { Ok(path) } else { Err(Error::InvalidKey(key.to_string())) }
}

fn prefix_path(prefix: &Prefix) -> String {
    match prefix.as_str().strip_suffix('/') {
        Some(directory) => format!("{}/", escape::escape(directory)),
        None if prefix.as_str().is_empty() => "/".to_owned(),
        None => escape::escape(prefix.as_str()),
    }
}

fn modified(metadata: &opendal::Metadata) -> SystemTime {
    metadata.last_modified().map_or(UNIX_EPOCH, SystemTime::from)
}

/// What the store says. Neither keys nor signatures are in it.
pub(crate) fn error(error: opendal::Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => Error::NotFound,
        _ => Error::Io(io::Error::other(error)),
    }
}
