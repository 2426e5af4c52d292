//! The bytes of a request's body, and what they have to be.

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use http_api::body::{DEFAULT_LIMIT, check_length, check_structure};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::error::Error;

/// A body as it was sent.
#[derive(Debug)]
pub(super) struct Payload {
    bytes: Bytes,
    is_json: bool,
}

impl Payload {
    /// Reads a body, of at most 32 MiB.
    pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Self, Error> {
        check_length(headers, DEFAULT_LIMIT).map_err(|_| Error::TooLarge)?;
        let limit = usize::try_from(DEFAULT_LIMIT).unwrap_or(usize::MAX);
        let bytes = Limited::new(body, limit).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                Error::TooLarge
            } else {
                Error::Unreadable(error.to_string())
            }
        })?;
        Ok(Self { bytes: bytes.to_bytes(), is_json: is_json(headers.get(CONTENT_TYPE)) })
    }

    /// The bytes as they came.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The object that has to be there.
    pub(super) fn object(&self) -> Result<Map<String, Value>, Error> {
        if !self.is_json {
            return Err(Error::UnsupportedMediaType);
        }
        check_structure(&self.bytes).map_err(|_| Error::TooLarge)?;
        serde_json::from_slice(&self.bytes).map_err(|_| Error::Malformed)
    }

    /// The object that may be there; an empty one when there is no body, or null.
    pub(super) fn optional_object(&self) -> Result<Map<String, Value>, Error> {
        if self.bytes.is_empty() || self.bytes.trim_ascii() == b"null" {
            Ok(Map::new())
        } else {
            self.object()
        }
    }

    /// Checks a body that nobody looks at: when there is one, it has to be JSON.
    pub(super) fn ignore(&self) -> Result<(), Error> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        if !self.is_json {
            return Err(Error::UnsupportedMediaType);
        }
        serde_json::from_slice::<IgnoredAny>(&self.bytes).map(drop).map_err(|_| Error::Malformed)
    }
}

/// Whether a content type is `application/json`, with any parameters.
fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let text = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn payload(content_type: Option<&'static str>, body: &'static [u8]) -> Payload {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        Payload::read(&headers, Body::from(body)).await.unwrap()
    }

    #[tokio::test]
    async fn json_comes_with_any_parameters() {
        for content_type in [
            "application/json",
            "application/json; charset=utf-8",
            "Application/JSON;charset=gbk",
            "application/json ",
        ] {
            assert!(payload(Some(content_type), b"{}").await.object().is_ok(), "{content_type}");
        }
        for content_type in
            [None, Some("text/plain"), Some("application/jsonp"), Some("application/ld+json"), Some("")]
        {
            let refused = payload(content_type, b"{}").await.object();
            assert!(matches!(refused, Err(Error::UnsupportedMediaType)), "{content_type:?}");
        }
    }

    #[tokio::test]
    async fn only_a_whole_object_in_utf8_is_taken() {
        for body in
            [&b""[..], b"[]", b"null", b"\"x\"", b"{", b"{} x", b"{\"a\":\"\xff\"}", b"\xef\xbb\xbf{}"]
        {
            let refused = payload(Some("application/json"), body).await.object();
            assert!(matches!(refused, Err(Error::Malformed)), "{body:?}");
        }
        let deep: &'static [u8] = "[".repeat(100_000).leak().as_bytes();
        assert!(matches!(payload(Some("application/json"), deep).await.ignore(), Err(Error::Malformed)));
    }

    #[tokio::test]
    async fn an_optional_body_must_be_json_when_it_is_there() {
        assert!(payload(None, b"").await.optional_object().unwrap().is_empty());
        assert!(payload(Some("text/plain"), b"").await.ignore().is_ok());
        assert!(matches!(payload(None, b"{}").await.optional_object(), Err(Error::UnsupportedMediaType)));
        assert!(matches!(payload(Some("text/plain"), b"x").await.ignore(), Err(Error::UnsupportedMediaType)));
        assert!(matches!(payload(Some("application/json"), b"x").await.ignore(), Err(Error::Malformed)));
        assert!(payload(Some("application/json"), b"[1]").await.ignore().is_ok());
    }

    #[tokio::test]
    async fn what_is_too_large_is_refused_by_its_length_and_by_its_bytes() {
        let mut headers = HeaderMap::new();
        let chunk = vec![b' '; usize::try_from(DEFAULT_LIMIT).unwrap() + 1];
        assert!(matches!(Payload::read(&headers, Body::from(chunk)).await, Err(Error::TooLarge)));
        headers.insert("content-length", HeaderValue::from(DEFAULT_LIMIT + 1));
        assert!(matches!(Payload::read(&headers, Body::empty()).await, Err(Error::TooLarge)));
    }

    #[test]
    fn an_object_that_would_take_far_more_memory_than_its_text_is_too_large() {
        let bytes = format!(r#"{{"a":[{}0]}}"#, r#"{"":0},"#.repeat(1 << 20));
        let payload = Payload { bytes: bytes.into(), is_json: true };
        assert!(matches!(payload.object(), Err(Error::TooLarge)));
    }
}
