use std::time::Instant;

use ambient::EntropyExt;
use axum::response::Response;
use engine::Engine;
use http::header::HeaderName;
use http::request::Parts;
use http::{HeaderValue, Method, Uri};
use tracing::Span;

use super::activity::Activity;

/// What the lines about requests go by, for filters of the log.
const TARGET: &str = "request";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ID_LENGTH: usize = 16;
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// A request that is under way: it has an id, and a line about it is logged with its status and duration. The stored
/// logs get an entry of it as well.
pub(crate) struct Log {
    id: String,
    method: Method,
    uri: Uri,
    activity: Option<Activity>,
    started: Instant,
}

impl Log {
    pub(crate) fn begin(engine: &Engine, parts: &mut Parts) -> Self {
        Self {
            id: engine.entropy().text(ID_LENGTH, ALPHABET),
            activity: Activity::begin(engine, parts),
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            started: Instant::now(),
        }
    }

    /// What is logged on the way carries the id by its span; the line about the request itself stands outside.
    pub(crate) fn span(&self) -> Span {
        tracing::info_span!("request", id = %self.id)
    }

    pub(crate) fn end(self, engine: &Engine, response: &mut Response) {
        let Self { id, method, uri, activity, started } = self;
        let duration = started.elapsed();
        let duration_ms = duration.as_micros() as f64 / 1000.0;
        let status = response.status().as_u16();
        // The query is left out: it can hold tokens.
        let path = uri.path();
        if status >= 500 {
            tracing::error!(target: TARGET, %id, %method, path, status, duration_ms, "request");
        } else {
            tracing::info!(target: TARGET, %id, %method, path, status, duration_ms, "request");
        }
        if let Some(activity) = activity {
            activity.end(engine, &method, &uri, response, duration);
        }
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
    }
}
