//! Sending stored files.

mod conditions;
mod parts;
mod range;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::response::Response;
use files::{Blobs, ByteStream, Key, Metadata};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, LAST_MODIFIED, RANGE,
};
use http::request::Parts as RequestParts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::form_urlencoded;

use conditions::Outcome;
use range::Requested;

/// Types that browsers may show; all others are downloaded.
const INLINE: [&str; 25] = [
    "image/png",
    "image/jpg",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/x-icon",
    "image/bmp",
    "video/webm",
    "video/mp4",
    "video/3gpp",
    "video/quicktime",
    "video/x-ms-wmv",
    "audio/basic",
    "audio/aiff",
    "audio/mpeg",
    "audio/midi",
    "audio/mp3",
    "audio/wave",
    "audio/wav",
    "audio/x-wav",
    "audio/x-mpeg",
    "audio/x-m4a",
    "audio/aac",
    "application/pdf",
    "application/x-pdf",
];

/// Types that go by the extension: content alone does not tell them, or browsers need this very name.
const BY_EXTENSION: [(&str, &str); 7] = [
    ("svg", "image/svg+xml"),
    ("css", "text/css"),
    ("js", "text/javascript"),
    ("mjs", "text/javascript"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
];

/// What a page made of an uploaded file may do: nothing.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox");
/// A stored file never changes under its name: 30 days, and a day more while it is asked for again.
const CACHE: HeaderValue = HeaderValue::from_static("max-age=2592000, stale-while-revalidate=86400");

/// Where the bytes of a file are.
#[derive(Clone)]
pub(crate) enum Source {
    /// In a store, under a key.
    Blob(Arc<dyn Blobs>, Key),
    /// On the disk.
    Path(Arc<Path>),
}

impl Source {
    async fn read(&self, range: Range<u64>) -> files::Result<ByteStream> {
        match self {
            Self::Blob(blobs, key) => blobs.read(key, range).await,
            Self::Path(path) => files::read_file(path, range).await,
        }
    }
}

/// The reply to a `GET` or `HEAD` for a stored file, which browsers save under `name`; see [`serve`]. With the query
/// parameter `download` browsers save it even if they could show it.
///
/// # Errors
/// [`files::Error::NotFound`], or the store's failure.
pub(crate) async fn serve_file(
    blobs: &Arc<dyn Blobs>,
    key: &Key,
    name: &str,
    request: &RequestParts,
) -> files::Result<Response> {
    let metadata = blobs.metadata(key).await?;
    let headers = file_headers(key, name, &metadata, wants_download(request));
    let source = Source::Blob(Arc::clone(blobs), key.clone());
    serve(source, metadata.size, metadata.modified, headers, request).await
}

/// The reply to a `GET` or `HEAD` for a file with these headers: whole or in parts, 304 or 412 by the conditions of the
/// request, 416 for a range that is not in the file.
///
/// # Errors
/// [`files::Error::NotFound`], or the store's failure.
pub(crate) async fn serve(
    source: Source,
    size: u64,
    modified: SystemTime,
    headers: HeaderMap,
    request: &RequestParts,
) -> files::Result<Response> {
    let modified = whole_seconds(modified);
    let mut response = Response::new(Body::empty());
    *response.headers_mut() = headers;
    if let Some(modified) = modified {
        insert(response.headers_mut(), LAST_MODIFIED, &httpdate::fmt_http_date(modified));
    }
    let requested = match conditions::evaluate(&request.headers, modified) {
        Outcome::Unmodified => {
            response.headers_mut().remove(CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(response);
        }
        Outcome::Failed => {
            *response.status_mut() = StatusCode::PRECONDITION_FAILED;
            return Ok(response);
        }
        Outcome::Send => range::parse(request.headers.get(RANGE), size),
        Outcome::SendWhole => Requested::Whole,
    };
    let head_only = request.method == Method::HEAD;
    let range = match requested {
        Requested::Whole => 0..size,
        Requested::Part(part) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let text = format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1));
            insert(response.headers_mut(), CONTENT_RANGE, &text);
            part
        }
        Requested::Parts(ranges) => return Ok(several(response, ranges, source, size, head_only)),
        Requested::Outside => {
            insert(response.headers_mut(), CONTENT_RANGE, &format!("bytes */{size}"));
            return Ok(not_satisfiable(response, "invalid range: failed to overlap\n"));
        }
        Requested::Malformed => return Ok(not_satisfiable(response, "invalid range\n")),
    };
    response.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response.headers_mut().insert(CONTENT_LENGTH, (range.end - range.start).into());
    if !head_only {
        *response.body_mut() = Body::from_stream(source.read(range).await?);
    }
    Ok(response)
}

/// The reply with several ranges of a file.
fn several(
    mut response: Response,
    ranges: Vec<Range<u64>>,
    source: Source,
    size: u64,
    head_only: bool,
) -> Response {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let parts = parts::Parts::new(ranges, content_type.unwrap_or("application/octet-stream"), size);
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    let headers = response.headers_mut();
    insert(headers, CONTENT_TYPE, &parts.content_type());
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, parts.length().into());
    if !head_only {
        *response.body_mut() = parts.body(source);
    }
    response
}

fn wants_download(request: &RequestParts) -> bool {
    let query = request.uri.query().unwrap_or_default();
    let parameter = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "download");
    parameter.is_some_and(|(_, value)| matches!(&*value, "1" | "t" | "T" | "true" | "TRUE" | "True"))
}

fn file_headers(key: &Key, name: &str, metadata: &Metadata, download: bool) -> HeaderMap {
    let stored = metadata.properties.content_type.as_str();
    let inline = !download && INLINE.contains(&stored);
    let extension = key.name().rsplit_once('.').map(|(_, extension)| extension);
    let by_extension = BY_EXTENSION.iter().find(|(known, _)| extension == Some(*known));
    let content_type = by_extension.map_or(stored, |(_, content_type)| *content_type);

    let mut headers = HeaderMap::new();
    let unknown = HeaderValue::from_static("application/octet-stream");
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap_or(unknown));
    insert(&mut headers, CONTENT_DISPOSITION, &disposition(inline, name));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(CACHE_CONTROL, CACHE);
    headers
}

/// Sets a header to a text that is known to fit; another one is left out.
pub(crate) fn insert(headers: &mut HeaderMap, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn not_satisfiable(mut response: Response, text: &'static str) -> Response {
    *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
    let headers = response.headers_mut();
    headers.remove(CACHE_CONTROL);
    headers.remove(LAST_MODIFIED);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    *response.body_mut() = Body::from(text);
    response
}

/// What may stand unescaped in an encoded file name.
const NAME_ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// `inline; filename=name`. A name that is no plain word is quoted, without what could end the quotes or the header,
/// and given once more in full, encoded.
fn disposition(inline: bool, name: &str) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if !name.is_empty() && name.chars().all(is_plain) {
        return format!("{kind}; filename={name}");
    }
    let is_quotable = |c: char| (' '..='~').contains(&c) && c != '"' && c != '\\';
    let quoted: String = name.chars().map(|c| if is_quotable(c) { c } else { '_' }).collect();
    format!("{kind}; filename=\"{quoted}\"; filename*=UTF-8''{}", utf8_percent_encode(name, NAME_ESCAPED))
}

/// The time as HTTP dates have it; `None` for one that means nothing.
fn whole_seconds(time: SystemTime) -> Option<SystemTime> {
    let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    // The last second that an HTTP date can name: the end of the year 9999.
    (1..=253_402_300_799).contains(&seconds).then(|| UNIX_EPOCH + Duration::from_secs(seconds))
}
