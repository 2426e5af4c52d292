use std::sync::Arc;

use async_trait::async_trait;
use files::{Blobs, ByteStream, Content};

use crate::Cause;

/// Makes archives of an instance, and puts what is in one in its place.
#[async_trait]
pub trait Archiver: Send + Sync {
    /// Packs everything that the instance consists of into a zip: the databases as they are at one moment, and the
    /// files. Those who write are not held up.
    ///
    /// # Errors
    /// When something cannot be read, or there is no space.
    async fn pack(&self) -> Result<Content, Cause>;

    /// Takes an archive apart and checks it, and then has the server end its work and begin again with what is in it.
    /// Returns when that was asked for; the server lets running requests finish.
    ///
    /// # Errors
    /// When the archive cannot be used; nothing was changed then.
    async fn restore(&self, archive: ByteStream) -> Result<(), Cause>;
}

/// What an engine needs to make backups.
#[derive(Clone)]
pub struct BackupParts {
    /// Holds backups, unless the settings name a bucket.
    pub blobs: Arc<dyn Blobs>,
    /// Makes and restores them.
    pub archiver: Arc<dyn Archiver>,
}
