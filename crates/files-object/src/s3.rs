//! S3-compatible stores.

use std::sync::Arc;

use files::{Blobs, S3Bucket};
use opendal::Operator;
use opendal::services::S3;

use crate::bucket::Parts;
use crate::client;

/// The bucket, or what is below a folder in it.
pub(crate) fn open(bucket: &S3Bucket, root: &str) -> files::Result<Arc<dyn Blobs>> {
    let builder = S3::default()
        .root(root)
        .bucket(&bucket.bucket)
        .region(&bucket.region)
        .endpoint(&endpoint(&bucket.endpoint))
        .access_key_id(&bucket.access_key)
        .secret_access_key(&bucket.secret)
        // Keys come from the settings alone, never from the machine that this runs on.
        .disable_config_load()
        .disable_ec2_metadata();
    let builder = if bucket.force_path_style { builder } else { builder.enable_virtual_host_style() };
    client::open(Operator::new(builder), Parts::PARALLEL)
}

/// The endpoint with its scheme: `https` where none is given.
fn endpoint(text: &str) -> String {
    let text = text.trim_end_matches('/');
    if text.starts_with("http://") || text.starts_with("https://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_encrypted_unless_it_says_otherwise() {
        assert_eq!(endpoint("s3.example.com/"), "https://s3.example.com");
        assert_eq!(endpoint("httpd.example.com"), "https://httpd.example.com");
        assert_eq!(endpoint("http://127.0.0.1:9000"), "http://127.0.0.1:9000");
    }
}
