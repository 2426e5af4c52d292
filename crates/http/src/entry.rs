//! What happens to a request before its route is known.
//!
//! * A path that is not in its shortest form is redirected to it, as PocketBase does: 307, so that the method stays.
//! * A `POST` with the header `X-HTTP-Method-Override` is a request of the method that the header names, from here on
//!   and for everything: some clients, such as mini programs, can send no `PATCH`, and uploads only as `POST`.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use crate::ApiError;

const OVERRIDE: &str = "x-http-method-override";

/// The way to the shortest form of a path; `None` for a request that has it already.
pub(crate) fn shortened(request: &Request) -> Option<Response> {
    shortest(request.uri().path()).map(|clean| redirect(request.method(), &clean, request.uri()))
}

/// Gives a request the method that its header names.
///
/// # Errors
/// 400 when the header names none that it could have.
pub(crate) fn name_method(request: &mut Request) -> Result<(), ApiError> {
    if request.method() == Method::POST && request.headers().contains_key(OVERRIDE) {
        let message = "X-HTTP-Method-Override must be PATCH, PUT or DELETE.";
        *request.method_mut() =
            named_method(request.headers()).ok_or_else(|| ApiError::bad_request(message))?;
    }
    Ok(())
}

/// The method that a header names, in letters of any case.
fn named_method(headers: &HeaderMap) -> Option<Method> {
    let mut values = headers.get_all(OVERRIDE).iter();
    let (name, None) = (values.next()?.to_str().ok()?.trim(), values.next()) else { return None };
    [Method::PATCH, Method::PUT, Method::DELETE]
        .into_iter()
        .find(|method| name.eq_ignore_ascii_case(method.as_str()))
}

/// The shortest form of a path; `None` when it has it already. A slash at the end stays.
fn shortest(path: &str) -> Option<String> {
    // Where two slashes or a dot begin a segment, there may be something to shorten.
    if !path.as_bytes().windows(2).any(|pair| matches!(pair, [b'/', b'/' | b'.'])) {
        return None;
    }
    // `*` and the like are no paths.
    let inner = path.strip_prefix('/')?;
    let last = inner.rsplit('/').next().unwrap_or_default();
    let is_clean = |segment: &str| !matches!(segment, "" | "." | "..");
    if inner.rsplit('/').skip(1).all(is_clean) && !matches!(last, "." | "..") {
        return None;
    }
    let mut kept = Vec::new();
    for segment in inner.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    let end = if last.is_empty() && !kept.is_empty() { "/" } else { "" };
    Some(format!("/{}{end}", kept.join("/")))
}

fn redirect(method: &Method, path: &str, uri: &Uri) -> Response {
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let Ok(location) = HeaderValue::from_str(&target) else {
        return ApiError::not_found("").into_response();
    };
    let mut response = StatusCode::TEMPORARY_REDIRECT.into_response();
    response.headers_mut().insert(LOCATION, location);
    if [Method::GET, Method::HEAD].contains(method) {
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, html);
    }
    if method == Method::GET {
        let link =
            target.replace('&', "&amp;").replace('"', "&#34;").replace('<', "&lt;").replace('>', "&gt;");
        let link = link.replace('\'', "&#39;");
        *response.body_mut() = format!("<a href=\"{link}\">Temporary Redirect</a>.\n\n").into();
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shortened() {
        for path in ["/", "/a", "/a/", "/a/b", "/a/..b", "/a/...", "*", "/a%2f%2fb"] {
            assert_eq!(shortest(path), None, "{path}");
        }
        for (path, short) in [
            ("//", "/"),
            ("/a//b", "/a/b"),
            ("/../x", "/x"),
            ("/a/../b", "/b"),
            ("/a/./b/", "/a/b/"),
            ("/a/..", "/"),
            ("/a/b/..", "/a"),
            ("/a/.", "/a"),
            ("/a//", "/a/"),
            ("//evil.com/..", "/"),
        ] {
            assert_eq!(shortest(path).as_deref(), Some(short), "{path}");
        }
    }

    #[test]
    fn three_methods_can_be_named() {
        let named = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(OVERRIDE, HeaderValue::from_static(value));
            }
            named_method(&headers)
        };
        assert_eq!(named(&["PATCH"]), Some(Method::PATCH));
        assert_eq!(named(&["delete"]), Some(Method::DELETE));
        assert_eq!(named(&[" Put "]), Some(Method::PUT));
        for values in [&[""][..], &["POST"], &["GET"], &["PATCH,PUT"], &["PATCH", "PATCH"], &[]] {
            assert_eq!(named(values), None, "{values:?}");
        }
    }
}
