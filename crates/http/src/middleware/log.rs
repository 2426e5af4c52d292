use std::time::Instant;

use ambient::EntropyExt;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::HeaderName;
use tracing::Instrument;

use super::activity::Activity;
use crate::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const ID_LENGTH: usize = 16;
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// Gives each request an id and logs it with its status and duration; the stored logs get an entry of it as well. The
/// query is left out of the line: it can hold tokens.
pub(crate) async fn log(State(app): State<App>, request: Request, next: Next) -> Response {
    let engine = app.engine();
    let id = engine.entropy().text(ID_LENGTH, ALPHABET);
    let (mut parts, body) = request.into_parts();
    let activity = Activity::begin(engine, &mut parts);
    let method = parts.method.clone();
    let path = parts.uri.path().to_owned();
    // What is logged on the way carries the id by its span; the line about the request itself stands outside.
    let span = tracing::info_span!("request", %id);
    let started = Instant::now();
    let mut response = next.run(Request::from_parts(parts, body)).instrument(span).await;
    let duration = started.elapsed();
    let duration_ms = duration.as_micros() as f64 / 1000.0;
    let status = response.status().as_u16();
    if status >= 500 {
        tracing::error!(%id, %method, path, status, duration_ms, "request");
    } else {
        tracing::info!(%id, %method, path, status, duration_ms, "request");
    }
    if let Some(activity) = activity {
        activity.end(engine, &response, duration);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
