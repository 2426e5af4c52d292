//! The signature in the header of OBS: HMAC-SHA1 over the lines of the request.
//!
//! Source: Huawei Cloud, "Authentication of Signature in a Header" of the OBS API reference.

use super::request::Request;

/// The parameters that are signed, of those that clients here use.
const SUB_RESOURCES: &[&str] =
    &["acl", "append", "delete", "partNumber", "position", "uploadId", "uploads", "versionId", "versions"];

pub(super) fn check(bucket: &str, request: &Request) -> Result<(), String> {
    // The name of the object is encoded in what is signed, as in the request.
    request.check_lines("OBS", "x-obs-", bucket, &request.path, SUB_RESOURCES)
}
