//! Which pages of other origins may call, as browsers ask for it.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

const METHODS: HeaderValue = HeaderValue::from_static("GET,HEAD,PUT,PATCH,POST,DELETE");

/// The origins that are let in: exact ones and patterns with `*` and `?`.
#[derive(Debug, Clone)]
pub struct Origins(Arc<[String]>);

impl Origins {
    /// Takes a list of patterns; `*` lets every origin in.
    pub fn new(patterns: impl IntoIterator<Item = String>) -> Self {
        Self(
            patterns.into_iter().map(|pattern| pattern.trim().to_owned()).filter(|p| !p.is_empty()).collect(),
        )
    }

    /// Who sends a request.
    pub(crate) fn visitor(&self, request: &Request) -> Visitor {
        let origin = request.headers().get(ORIGIN);
        let allowed = origin.and_then(|origin| self.allow(origin));
        let asks = request.method() == Method::OPTIONS;
        let may = if allowed.is_some() { preflight(request.headers()) } else { HeaderMap::new() };
        Visitor { allowed, is_page: origin.is_some(), preflight: asks.then_some(may) }
    }

    /// What a page of this origin is told; `None` when it is not let in.
    fn allow(&self, origin: &HeaderValue) -> Option<HeaderValue> {
        if self.0.iter().any(|pattern| pattern == "*") {
            return Some(HeaderValue::from_static("*"));
        }
        let text = origin.to_str().ok()?;
        self.0.iter().any(|pattern| matches(pattern.as_bytes(), text.as_bytes())).then(|| origin.clone())
    }
}

/// A page that asks, if it is one.
pub(crate) struct Visitor {
    /// What its browser is told, when it is let in.
    allowed: Option<HeaderValue>,
    is_page: bool,
    /// The reply, when the browser only asks whether it may.
    preflight: Option<HeaderMap>,
}

impl Visitor {
    /// The reply to a question that comes before the request itself. No path is looked at for it.
    pub(crate) fn preflight(&self) -> Option<Response> {
        let headers = self.preflight.clone()?;
        Some((StatusCode::NO_CONTENT, headers).into_response())
    }

    /// Adds the headers that browsers look for.
    pub(crate) fn tell(self, headers: &mut HeaderMap) {
        // First, so that the order of several `Vary` headers is the one clients know.
        headers.append(VARY, HeaderValue::from_static("Origin"));
        if self.preflight.is_some() && self.is_page {
            headers.append(VARY, HeaderValue::from_static("Access-Control-Request-Method"));
            headers.append(VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
        }
        if let Some(origin) = self.allowed {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        }
    }
}

fn preflight(request: &HeaderMap) -> HeaderMap {
    let mut reply = HeaderMap::new();
    if request.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        reply.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    }
    if let Some(headers) = request.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        reply.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers.clone());
    }
    reply
}

/// Whether a text matches a pattern, in which `*` stands for any text and `?` for any one character.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) if matches(rest, text) => true,
        (Some((b'*', _)), Some((_, text))) => matches(pattern, text),
        (Some((b'?', pattern)), Some((_, text))) => matches(pattern, text),
        (Some((expected, pattern)), Some((found, text))) => expected == found && matches(pattern, text),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_for_origins() {
        let origins = Origins::new(["https://*.example.com".to_owned(), "http://a?c".to_owned()]);
        let allow = |origin| origins.allow(&HeaderValue::from_static(origin)).is_some();
        assert!(allow("https://x.example.com"));
        assert!(allow("http://abc"));
        assert!(!allow("https://example.com"));
        assert!(!allow("http://ac"));
        let all = Origins::new(["*".to_owned()]);
        assert_eq!(all.allow(&HeaderValue::from_static("http://x")).unwrap(), "*");
    }
}
