//! Request bodies: JSON, forms, and forms with files.

mod disposition;
mod form;
mod json;
mod multipart;
mod stream;
#[cfg(test)]
mod tests;

pub(crate) use form::{has_whole_escapes, is_whole_pair};

use axum::body::Body;
use files::{Scratch, Upload};
use futures_util::TryStreamExt;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Map, Value};

pub use self::json::check_structure;
use crate::ApiError;
use crate::error::Cause;

/// What a request may send, when nothing else is said: 32 MiB.
pub const DEFAULT_LIMIT: u64 = 32 << 20;

/// What a request sent.
#[derive(Debug, Default)]
pub struct Payload {
    /// The fields and their values. A form's values are booleans and numbers where they look like it, and lists
    /// where a field comes more than once.
    pub data: Map<String, Value>,
    /// The files, each with the name of its field, in the order in which they came.
    pub files: Vec<(String, Upload)>,
}

/// How much a request may send, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Everything.
    pub total: u64,
    /// What is held in memory: everything but files.
    pub data: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { total: DEFAULT_LIMIT, data: DEFAULT_LIMIT }
    }
}

/// Why a body could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is larger than allowed.
    #[error("the request body is too large")]
    TooLarge,
    /// It is neither JSON nor a form.
    #[error("the content type is not supported")]
    UnsupportedContentType,
    /// It is not what its content type says, or broke off.
    #[error("the request body is malformed")]
    Malformed(#[source] Cause),
    /// A file could not be put aside.
    #[error("a temporary file could not be written")]
    Storage(#[source] std::io::Error),
}

impl Error {
    fn malformed(cause: impl Into<Cause>) -> Self {
        Self::Malformed(cause.into())
    }

    /// The reply of a route that has a message of its own for malformed bodies.
    pub fn with_message(self, malformed: &'static str) -> ApiError {
        match self {
            Self::TooLarge => ApiError::too_large(),
            Self::UnsupportedContentType => ApiError::bad_request("Unsupported Content-Type."),
            Self::Malformed(cause) => ApiError::bad_request(malformed).because(cause),
            Self::Storage(cause) => ApiError::internal(cause),
        }
    }

    /// The same for a route that has one message for whatever it cannot read.
    pub fn with_one_message(self, unreadable: &'static str) -> ApiError {
        match self {
            Self::UnsupportedContentType => ApiError::bad_request(unreadable),
            error => error.with_message(unreadable),
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        error.with_message("")
    }
}

/// Whether a request announces no more than `limit` bytes. Routes that are limited refuse others before anything else.
///
/// # Errors
/// [`Error::TooLarge`]
pub fn check_length(headers: &HeaderMap, limit: u64) -> Result<(), Error> {
    if content_length(headers).is_some_and(|length| length > limit) { Err(Error::TooLarge) } else { Ok(()) }
}

/// Reads the body of a request by its content type. A request without a body has an empty payload, whatever its
/// content type. Of JSON only the first value is read, which must be an object or null; the values of a form are
/// joined with the query parameters.
///
/// Files up to a few MiB a request are held in memory, larger ones are put aside in `scratch` and removed with the
/// payload.
///
/// # Errors
/// See [`Error`]; none of them is a fault of the server but [`Error::Storage`].
pub async fn read(parts: &Parts, body: Body, limits: Limits, scratch: &Scratch) -> Result<Payload, Error> {
    check_length(&parts.headers, limits.total)?;
    if content_length(&parts.headers) == Some(0) || axum::body::HttpBody::is_end_stream(&body) {
        return Ok(Payload::default());
    }
    let content_type = parts.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default();
    if content_type.starts_with(b"application/json") {
        let text = in_memory(body, limits).await?;
        Ok(Payload { data: json::first_object(&text)?, files: Vec::new() })
    } else if content_type.starts_with(b"multipart/form-data") {
        let boundary = boundary(content_type)?;
        multipart::read(body, boundary, query, limits, scratch).await
    } else if content_type.starts_with(b"application/x-www-form-urlencoded") {
        let text = in_memory(body, limits).await?;
        let mut values = form::Values::default();
        if writes(&parts.method) {
            values.add_urlencoded(&text)?;
        }
        values.add_urlencoded(query.as_bytes())?;
        Ok(Payload { data: values.into_data()?, files: Vec::new() })
    } else if content_type.starts_with(b"text/xml") || content_type.starts_with(b"application/xml") {
        // PocketBase knows it, but no XML is the fields of a record.
        Err(Error::malformed("XML has no fields"))
    } else {
        Err(Error::UnsupportedContentType)
    }
}

/// The fields of a form that was sent with this query: query parameters are fields as well, where the form has none of
/// their name.
///
/// # Errors
/// [`Error`], when the query is malformed.
pub(crate) fn with_query(query: &str, fields: Map<String, Value>) -> Result<Map<String, Value>, Error> {
    let mut values = form::Values::default();
    values.add_urlencoded(query.as_bytes())?;
    let mut data = values.into_data()?;
    data.extend(fields);
    Ok(data)
}

/// Whether a request of this method can send a plain form. PocketBase looks at no such form of others.
fn writes(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method)
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn boundary(content_type: &[u8]) -> Result<String, Error> {
    let content_type = std::str::from_utf8(content_type).map_err(Error::malformed)?;
    multer::parse_boundary(content_type).map_err(Error::malformed)
}

async fn in_memory(body: Body, limits: Limits) -> Result<Vec<u8>, Error> {
    let mut body = stream::Limited::new(body, limits.total.min(limits.data));
    let mut bytes = Vec::new();
    while let Some(chunk) = body.try_next().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
