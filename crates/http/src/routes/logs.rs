//! The stored logs; for superusers.

use axum::extract::State;
use axum::response::Response;
use engine::ListOptions;
use http::StatusCode;

use crate::extract::{Params, Superuser};
use crate::{ApiError, App, reply};

/// `GET /api/logs`
pub(crate) async fn list(State(app): State<App>, Superuser(asker): Superuser) -> Result<Response, ApiError> {
    let options = ListOptions::from_request(&asker.request)?;
    reply::json(&asker, app.engine().list_logs(&options).await?)
}

/// `DELETE /api/logs`: removes all of them. PocketBase has it since v0.40.
pub(crate) async fn truncate(
    State(app): State<App>,
    Superuser(_): Superuser,
) -> Result<StatusCode, ApiError> {
    app.engine().truncate_logs().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/logs/stats`
pub(crate) async fn statistics(
    State(app): State<App>,
    Superuser(asker): Superuser,
) -> Result<Response, ApiError> {
    let statistics = app.engine().log_statistics(asker.request.parameter("filter")).await?;
    reply::json(&asker, statistics)
}

/// `GET /api/logs/{id}`
pub(crate) async fn view(
    State(app): State<App>,
    Params(id): Params<String>,
    Superuser(asker): Superuser,
) -> Result<Response, ApiError> {
    reply::json(&asker, app.engine().view_log(&id).await?)
}
