//! The signature in the header of OBS: HMAC-SHA1 over the lines of the request.
//!
//! Source: Huawei Cloud, "Authentication of Signature in a Header" of the OBS API reference.

use super::request::{Request, base64, hmac_sha1};
use crate::{ACCESS_KEY, SECRET};

/// The parameters that are signed, of those that clients here use.
const SUB_RESOURCES: &[&str] =
    &["acl", "append", "delete", "partNumber", "position", "uploadId", "uploads", "versionId", "versions"];

pub(super) fn check(bucket: &str, request: &Request) -> Result<(), String> {
    if !request.is_fresh() {
        return Err("RequestTimeTooSkewed".into());
    }
    // The name of the object is encoded in what is signed, as in the request.
    let text = format!(
        "{}\n{}\n{}\n{}\n{}/{bucket}{}{}",
        request.method,
        request.header("content-md5"),
        request.header("content-type"),
        request.header("date"),
        request.lines_of("x-obs-"),
        request.path,
        request.sub_resources(SUB_RESOURCES),
    );
    let signature = base64(&hmac_sha1(SECRET.as_bytes(), &text));
    if request.header("authorization") == format!("OBS {ACCESS_KEY}:{signature}") {
        Ok(())
    } else {
        Err(format!("SignatureDoesNotMatch: {text:?}"))
    }
}
