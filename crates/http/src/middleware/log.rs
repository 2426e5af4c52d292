use std::sync::Arc;
use std::time::Instant;

use ambient::{Entropy, EntropyExt};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::HeaderName;
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ID_LENGTH: usize = 16;
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// Gives each request an id and logs it with its status and duration. The query is left out: it can hold tokens.
pub(crate) async fn log(State(entropy): State<Arc<dyn Entropy>>, request: Request, next: Next) -> Response {
    let id = entropy.text(ID_LENGTH, ALPHABET);
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    // What is logged on the way carries the id by its span; the line about the request itself stands outside.
    let span = tracing::info_span!("request", %id);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span).await;
    let duration_ms = started.elapsed().as_micros() as f64 / 1000.0;
    let status = response.status().as_u16();
    if status >= 500 {
        tracing::error!(%id, %method, path, status, duration_ms, "request");
    } else {
        tracing::info!(%id, %method, path, status, duration_ms, "request");
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
