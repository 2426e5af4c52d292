//! The files of records, copied and read again.

use std::sync::Arc;

use engine::Catalog;
use files::{Blobs, Content, Key, Metadata, Prefix, Scratch};
use futures_util::{StreamExt, TryStreamExt, stream};
use md5::{Digest, Md5};

use crate::{Error, Progress, Report, Result};

/// How many files are copied at the same time: most of the time each waits for the disk.
const AT_ONCE: usize = 8;

/// Up to this size in bytes a file is held in memory on its way.
const MEMORY: usize = 256 << 10;

/// The stores of files of the source and of the copy.
#[derive(Clone)]
pub struct Files {
    /// Where they are.
    pub from: Arc<dyn Blobs>,
    /// Where they are to be. It must be empty.
    pub to: Arc<dyn Blobs>,
    /// For those that are too large for the memory.
    pub scratch: Scratch,
}

/// A file that was copied.
struct Copied {
    key: Key,
    bytes: u64,
    /// Whether its content is what it was when it was stored, as far as that was noted.
    is_sound: bool,
    /// Whether the name that it had where it came from was kept.
    keeps_name: bool,
}

impl Files {
    /// Copies the files of all collections.
    pub(crate) async fn copy(
        &self,
        catalog: &Catalog,
        report: &mut Report,
        progress: &dyn Progress,
    ) -> Result<()> {
        for entry in catalog.entries().iter().filter(|entry| !entry.collection.is_view()) {
            let collection = &*entry.collection;
            let failed = |cause| Error::File { key: collection.id.clone(), cause };
            let prefix = Prefix::parse(&format!("{}/", collection.id)).map_err(failed)?;
            let found = self.from.list(&prefix).await.map_err(failed)?;
            if found.is_empty() {
                continue;
            }
            progress.begin(&format!("files of {}", collection.name), found.len() as u64);
            let mut copied =
                stream::iter(found).map(|file| self.copy_one(file.key)).buffer_unordered(AT_ONCE);
            while let Some(file) = copied.try_next().await? {
                report.files += 1;
                report.bytes += file.bytes;
                if !file.is_sound {
                    report.notes.push(format!(
                        "the file {} is not as it was stored; it was copied as it is",
                        file.key
                    ));
                }
                if !file.keeps_name {
                    report
                        .notes
                        .push(format!("the store did not keep the original name of the file {}", file.key));
                }
                progress.advance(1);
            }
            progress.end();
        }
        Ok(())
    }

    async fn copy_one(&self, key: Key) -> Result<Copied> {
        let failed = |cause| Error::File { key: key.to_string(), cause };
        let metadata = self.from.metadata(&key).await.map_err(failed)?;
        let (content, md5) = self.fetch(&key, &metadata).await.map_err(failed)?;
        self.to.put(&key, &content, &metadata.properties).await.map_err(failed)?;
        let copy = self.to.metadata(&key).await.map_err(failed)?;
        let (kept, given) = (copy.properties, metadata.properties);
        let keeps_name = kept.original_name == given.original_name;
        // Some stores take no metadata with large files; their content is the same nevertheless.
        let is_same = (copy.size, kept.content_type) == (metadata.size, given.content_type)
            && (keeps_name || kept.original_name.is_none())
            && self.checksum(&key, copy.size).await.map_err(failed)? == md5;
        if !is_same {
            return Err(Error::FileDiffers(key.to_string()));
        }
        let is_sound = metadata.md5.is_none_or(|noted| noted == md5);
        Ok(Copied { key, bytes: metadata.size, is_sound, keeps_name })
    }

    async fn fetch(&self, key: &Key, metadata: &Metadata) -> files::Result<(Content, [u8; 16])> {
        let mut chunks = self.from.read(key, 0..metadata.size).await?;
        let (mut spool, mut md5) = (self.scratch.spool(MEMORY), Md5::new());
        while let Some(chunk) = chunks.try_next().await? {
            md5.update(&chunk);
            spool.write(&chunk).await?;
        }
        Ok((spool.finish().await?, md5.finalize().into()))
    }

    async fn checksum(&self, key: &Key, size: u64) -> files::Result<[u8; 16]> {
        let mut chunks = self.to.read(key, 0..size).await?;
        let mut md5 = Md5::new();
        while let Some(chunk) = chunks.try_next().await? {
            md5.update(&chunk);
        }
        Ok(md5.finalize().into())
    }
}
