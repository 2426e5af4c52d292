//! The settings of the instance; for superusers.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value};

use super::{UNREADABLE, submitted};
use crate::extract::Superuser;
use crate::{ApiError, App, reply};

/// `GET /api/settings`
pub(crate) async fn view(State(app): State<App>, Superuser(asker): Superuser) -> Result<Response, ApiError> {
    reply::json(&asker, app.engine().view_settings()?)
}

/// `PATCH /api/settings`
pub(crate) async fn update(
    State(app): State<App>,
    Superuser(asker): Superuser,
    request: Request,
) -> Result<Response, ApiError> {
    let patch = read(&app, request).await?;
    reply::json(&asker, app.engine().update_settings(&patch).await?)
}

/// The fields that a request sent: nothing tells clients of settings why they cannot be read.
async fn read(app: &App, request: Request) -> Result<Map<String, Value>, ApiError> {
    submitted(app, request).await.map_err(|error| error.with_one_message(UNREADABLE))
}

/// `POST /api/settings/test/email`
pub(crate) async fn test_email(
    State(app): State<App>,
    Superuser(mut asker): Superuser,
    request: Request,
) -> Result<StatusCode, ApiError> {
    asker.request.body = read(&app, request).await?;
    app.engine().send_test_mail(&asker.request).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/settings/apple/generate-client-secret`
pub(crate) async fn apple_client_secret(
    State(app): State<App>,
    Superuser(mut asker): Superuser,
    request: Request,
) -> Result<Response, ApiError> {
    asker.request.body = read(&app, request).await?;
    reply::json(&asker, app.engine().apple_client_secret(&asker.request)?)
}

/// `POST /api/settings/test/s3`: whether the bucket of the settings for files (`storage`) or backups (`backups`) works.
pub(crate) async fn test_s3(
    State(app): State<App>,
    Superuser(_): Superuser,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let data = submitted(&app, request).await.map_err(|error| error.with_message(UNREADABLE))?;
    app.engine().test_s3(&data).await?;
    Ok(StatusCode::NO_CONTENT)
}
