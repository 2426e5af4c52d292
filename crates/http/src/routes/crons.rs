//! The jobs that run by a schedule; for superusers.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use crate::extract::{Params, Superuser};
use crate::{ApiError, App, reply};

/// `GET /api/crons`
pub(crate) async fn list(State(app): State<App>, Superuser(asker): Superuser) -> Result<Response, ApiError> {
    reply::json(&asker, app.engine().list_crons())
}

/// `POST /api/crons/{id}`: begins to run one.
pub(crate) async fn run(
    State(app): State<App>,
    Params(id): Params<String>,
    Superuser(_): Superuser,
) -> Result<StatusCode, ApiError> {
    app.engine().run_cron(&id)?;
    Ok(StatusCode::NO_CONTENT)
}
