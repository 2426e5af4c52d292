use axum::response::Response;
use http::HeaderValue;
use http::header::{ALLOW, HeaderName, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS, X_XSS_PROTECTION};

const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    (X_XSS_PROTECTION, HeaderValue::from_static("1; mode=block")),
];

/// Marks a reply that sets its own rules for being shown in a frame: a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frameable;

/// Adds the headers that make browsers careful.
pub(crate) fn secure(response: &mut Response) {
    let frameable = response.extensions_mut().remove::<Frameable>().is_some();
    let headers = response.headers_mut();
    // Wrong methods are answered like unknown paths, which allow nothing.
    headers.remove(ALLOW);
    for (name, value) in HEADERS {
        if !(frameable && name == X_FRAME_OPTIONS) {
            headers.insert(name, value);
        }
    }
}
