//! Several changes of records in one request, and in one transaction.

mod form;
mod target;

use std::time::Duration;

use axum::extract::{OriginalUri, Request, State};
use axum::response::Response;
use engine::settings::Batch;
use engine::{BatchError, Error, ErrorKind, Json};
use serde_json::{Map, Value, json};

use crate::body::{self, Limits};
use crate::{ApiError, App, Asker, reply};

/// How long a batch may take when the settings do not say, in seconds.
const DEFAULT_TIMEOUT: u64 = 3;

/// How many bytes a batch may have when the settings do not say: 128 MiB.
const DEFAULT_MAX_BODY: u64 = 128 << 20;

const UNREADABLE: &str = "Failed to read the submitted batch data.";
const FAILED: &str = "Batch transaction failed.";

/// `POST /api/batch`
pub(crate) async fn run(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    let settings = app.engine().settings();
    let Batch { enabled, max_requests, .. } = settings.batch;
    if !enabled || max_requests <= 0 {
        return Err(ApiError::forbidden("Batch requests are not allowed."));
    }
    let (parts, body) = request.into_parts();
    let payload = body::read(&parts, body, limits(&settings.batch), app.scratch()).await;
    let payload = payload.map_err(|error| error.with_one_message(UNREADABLE))?;
    let mut items = form::items(&payload.data)?;
    form::add_files(&mut items, payload.files);
    let errors = form::check(&items, max_requests);
    errors.into_result().map_err(|errors| Error::invalid("Invalid batch request data.", errors))?;

    // A client below a mount may name it in the addresses, or not.
    let mount = uri.path().strip_suffix("/api/batch").unwrap_or_default();
    let entropy = app.engine().entropy();
    let changes = items.into_iter().enumerate();
    let changes = changes.map(|(index, item)| item.into_change(index, mount, &asker.request, entropy));
    let limit = positive(settings.batch.timeout).unwrap_or(DEFAULT_TIMEOUT);
    let shape = |index, request: &engine::Request, json| {
        let picked = reply::picked(request, json).map_err(Error::internal)?;
        picked.ok_or_else(|| form::misunderstood(index))
    };
    let done = app.engine().batch(changes.collect(), Duration::from_secs(limit), &shape).await;
    let replies = done.map_err(refused)?;
    reply::json(&asker, list(&replies))
}

fn limits(settings: &Batch) -> Limits {
    match positive(settings.max_body_size) {
        Some(size) => Limits { total: size, data: size },
        None => Limits { total: DEFAULT_MAX_BODY, ..Limits::default() },
    }
}

fn positive(setting: i64) -> Option<u64> {
    u64::try_from(setting).ok().filter(|&value| value > 0)
}

/// `[{"body": …, "status": 200}, …]`
fn list(replies: &[Option<Json>]) -> Json {
    let items = replies.iter().map(|reply| match reply {
        Some(Json(text)) => [b"{\"body\":", text.as_slice(), b",\"status\":200}"].concat(),
        None => b"{\"body\":null,\"status\":204}".to_vec(),
    });
    let items: Vec<Vec<u8>> = items.collect();
    Json([b"[", items.join(&b","[..]).as_slice(), b"]"].concat())
}

fn refused(error: BatchError) -> ApiError {
    match error {
        BatchError::Transaction(error) => error.into(),
        BatchError::TimedOut => ApiError::bad_request(FAILED).because("the time limit of batches"),
        // The service failed, and not the request.
        BatchError::Change { error, .. } if error.kind == ErrorKind::Unavailable => error.into(),
        BatchError::Change { index, error } => {
            let failure = json!({
                "code": "batch_request_failed",
                "message": "Batch request failed.",
                "response": ApiError::from(error).into_nested(),
            });
            let requests = Map::from_iter([(index.to_string(), failure)]);
            let data = Map::from_iter([("requests".to_owned(), Value::Object(requests))]);
            ApiError::bad_request(FAILED).with_data(data)
        }
    }
}
