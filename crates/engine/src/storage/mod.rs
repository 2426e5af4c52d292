//! Where files are kept: in the places that the server was started with, or in the buckets that settings name.

mod switch;
mod test_s3;

use std::sync::Arc;

use files::{Blobs, ObjectStores, S3Bucket};

use self::switch::Switch;
pub(crate) use self::test_s3::with_sources;
use crate::settings::S3;
use crate::{Settings, StartError};

/// The stores of files as settings have them, whatever they become.
pub(crate) struct Storage {
    object_stores: Option<Arc<dyn ObjectStores>>,
    files: Arc<Switch>,
    backups: Option<Arc<Switch>>,
}

impl Storage {
    /// The stores of the files of records and of backups, where no settings say otherwise.
    pub(crate) fn new(
        files: Arc<dyn Blobs>,
        backups: Option<Arc<dyn Blobs>>,
        object_stores: Option<Arc<dyn ObjectStores>>,
    ) -> Self {
        let switch = |blobs| Arc::new(Switch::new(blobs));
        Self { object_stores, files: switch(files), backups: backups.map(switch) }
    }

    /// Refuses settings under which files would be looked for in the wrong place.
    pub(crate) fn check(&self, settings: &Settings) -> Result<(), StartError> {
        match self.object_stores {
            None if settings.s3.enabled => Err(StartError::Unsupported("files in an S3 store")),
            _ => Ok(()),
        }
    }

    /// Uses from now on what the settings say. Where they do not make a bucket, nothing can be read or written until
    /// they are changed: files must not end up anywhere else.
    pub(crate) fn follow(&self, settings: &Settings) {
        let stores = self.object_stores.as_deref();
        let wanted = |s3: &S3| s3.enabled.then(|| bucket(s3));
        self.files.turn(wanted(&settings.s3), stores);
        if let Some(backups) = &self.backups {
            backups.turn(wanted(&settings.backups.s3), stores);
        }
    }

    /// The files of records.
    pub(crate) fn files(&self) -> Arc<dyn Blobs> {
        Arc::clone(&self.files) as Arc<dyn Blobs>
    }

    /// The backups, where there are any.
    pub(crate) fn backups(&self) -> Option<Arc<dyn Blobs>> {
        self.backups.clone().map(|backups| backups as Arc<dyn Blobs>)
    }
}

/// The bucket that settings describe.
pub(crate) fn bucket(s3: &S3) -> S3Bucket {
    S3Bucket {
        bucket: s3.bucket.clone(),
        region: s3.region.clone(),
        endpoint: s3.endpoint.clone(),
        access_key: s3.access_key.clone(),
        secret: s3.secret.clone(),
        force_path_style: s3.force_path_style,
    }
}
