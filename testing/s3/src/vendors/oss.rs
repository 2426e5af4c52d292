//! The signature in the header of OSS, version 1: HMAC-SHA1 over the lines of the request.
//!
//! Source: Alibaba Cloud, "Include signatures in the Authorization header" of the OSS developer reference.

use super::request::Request;

/// The parameters that are signed, of those that clients here use.
const SUB_RESOURCES: &[&str] = &[
    "acl",
    "append",
    "continuation-token",
    "delete",
    "partNumber",
    "position",
    "uploadId",
    "uploads",
    "versionId",
];

pub(super) fn check(bucket: &str, request: &Request) -> Result<(), String> {
    // The name of the object is not encoded in what is signed.
    request.check_lines("OSS", "x-oss-", bucket, &request.decoded_path(), SUB_RESOURCES)
}
