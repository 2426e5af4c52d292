use std::fmt;
use std::sync::Arc;

use crate::{Blobs, Result};

/// Opens object stores.
pub trait ObjectStores: Send + Sync {
    /// A bucket of an S3-compatible store. Whether it can be reached is not asked.
    ///
    /// # Errors
    /// When this cannot be a bucket: a name is missing, or the endpoint is no address.
    fn s3(&self, bucket: &S3Bucket) -> Result<Arc<dyn Blobs>>;
}

/// A bucket of an S3-compatible store, in the words of PocketBase's settings.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct S3Bucket {
    /// Its name.
    pub bucket: String,
    /// The region that requests are signed for.
    pub region: String,
    /// The address of the store; `https` unless it says otherwise.
    pub endpoint: String,
    /// The public part of the key.
    pub access_key: String,
    /// The secret part of the key.
    pub secret: String,
    /// The bucket is named in the path of requests, and not in the name of the host.
    pub force_path_style: bool,
}

impl fmt::Debug for S3Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bucket, region, endpoint, .. } = self;
        write!(f, "S3Bucket({bucket} in {region} at {endpoint})")
    }
}
