//! What all object stores have in common: how they are called.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use files::{Blobs, S3Bucket};
use opendal::layers::{RetryLayer, TimeoutLayer};
use opendal::{HttpTransporter, OperationContext, Operator};
use opendal_http_transport_reqwest::ReqwestTransport;
use reqwest::redirect;

use crate::bucket::{Bucket, Parts};
use crate::s3;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// How long a store may take to answer a question about a file.
const ANSWER: Duration = Duration::from_secs(30);

/// How long a store may take for one portion of the bytes of a file.
const PORTION: Duration = Duration::from_secs(60);

/// How often a request is made again when the store is busy or the connection broke.
const RETRIES: usize = 3;

/// The pause before the first time; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// The connections to all stores. No redirect is followed: it would lead a signed request to somewhere else.
static CONNECTIONS: LazyLock<reqwest::Client> = LazyLock::new(|| {
    let client = reqwest::Client::builder().connect_timeout(CONNECT).redirect(redirect::Policy::none());
    client.build().unwrap_or_default()
});

/// Opens object stores by the settings of an instance.
#[derive(Debug, Clone, Copy, Default)]
pub struct ObjectStores;

impl files::ObjectStores for ObjectStores {
    fn s3(&self, bucket: &S3Bucket) -> files::Result<Arc<dyn Blobs>> {
        s3::open(bucket, "")
    }
}

/// A bucket that is called patiently.
pub(crate) fn open(operator: opendal::Result<Operator>, parts: Parts) -> files::Result<Arc<dyn Blobs>> {
    let operator = operator.map_err(crate::bucket::error)?;
    let transport = HttpTransporter::new(ReqwestTransport::new(CONNECTIONS.clone()));
    let operator = operator.with_context(OperationContext::new().with_http_transport(transport));
    // The limits on time belong to each attempt, so they are inside.
    let times = TimeoutLayer::new().with_timeout(ANSWER).with_io_timeout(PORTION);
    let retries = RetryLayer::new().with_max_times(RETRIES).with_min_delay(FIRST_PAUSE).with_jitter();
    Ok(Arc::new(Bucket::new(operator.layer(times).layer(retries), parts)))
}
