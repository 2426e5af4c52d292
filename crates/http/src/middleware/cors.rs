//! Which pages of other origins may call, as browsers ask for it.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
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

    /// What a page of this origin is told; `None` when it is not let in.
    fn allow(&self, origin: &HeaderValue) -> Option<HeaderValue> {
        if self.0.iter().any(|pattern| pattern == "*") {
            return Some(HeaderValue::from_static("*"));
        }
        let text = origin.to_str().ok()?;
        self.0.iter().any(|pattern| matches(pattern.as_bytes(), text.as_bytes())).then(|| origin.clone())
    }
}

/// Answers preflights of any path, and adds the headers that browsers look for to every other reply.
pub(crate) async fn cors(State(origins): State<Origins>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let allowed = origin.as_ref().and_then(|origin| origins.allow(origin));
    let preflight = request.method() == Method::OPTIONS;
    let mut response = if preflight {
        let mut response = StatusCode::NO_CONTENT.into_response();
        if allowed.is_some() {
            answer_preflight(request.headers(), response.headers_mut());
        }
        response
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    // First, so that the order of several `Vary` headers is the one clients know.
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if preflight && origin.is_some() {
        headers.append(VARY, HeaderValue::from_static("Access-Control-Request-Method"));
        headers.append(VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
    }
    if let Some(origin) = allowed {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}

fn answer_preflight(request: &HeaderMap, response: &mut HeaderMap) {
    if request.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        response.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    }
    if let Some(headers) = request.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        response.insert(ACCESS_CONTROL_ALLOW_HEADERS, headers.clone());
    }
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
