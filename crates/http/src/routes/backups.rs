//! Backups; for superusers.

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;

use super::{UNREADABLE, submitted};
use crate::body::{self, Limits};
use crate::extract::{Params, Superuser};
use crate::serve_file::serve_file;
use crate::{ApiError, App, Asker, reply};

/// `GET /api/backups`
pub(crate) async fn list(State(app): State<App>, Superuser(asker): Superuser) -> Result<Response, ApiError> {
    reply::json(&asker, app.engine().list_backups().await?)
}

/// `POST /api/backups`: makes one, and replies when it is complete.
pub(crate) async fn create(
    State(app): State<App>,
    Superuser(_): Superuser,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let data = submitted(&app, request).await.map_err(|error| error.with_message(UNREADABLE))?;
    app.engine().create_backup(&data).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/backups/upload`: takes over the file of the part `file`, however large it is.
pub(crate) async fn upload(
    State(app): State<App>,
    Superuser(_): Superuser,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let (parts, body) = request.into_parts();
    let limits = Limits { total: u64::MAX, ..Limits::default() };
    // What is no form has no file in it.
    let files = body::read(&parts, body, limits, app.scratch()).await.map(|payload| payload.files);
    let file = files.unwrap_or_default().into_iter().find(|(name, _)| name == "file");
    app.engine().upload_backup(file.map(|(_, upload)| upload)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/backups/{key}`: the archive, for the file token of a superuser; the `Authorization` header does not count.
pub(crate) async fn download(
    State(app): State<App>,
    Params(key): Params<String>,
    asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    let token = asker.request.parameter("token");
    let (blobs, key) = app.engine().backup_file(&asker.request, token, &key).await?;
    let (parts, _) = request.into_parts();
    Ok(serve_file(&blobs, &key, key.name(), &parts).await?)
}

/// `DELETE /api/backups/{key}`
pub(crate) async fn delete(
    State(app): State<App>,
    Superuser(_): Superuser,
    Params(key): Params<String>,
) -> Result<StatusCode, ApiError> {
    app.engine().delete_backup(&key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/backups/{key}/restore`: begins to restore it; soon the server goes on with what is in it.
pub(crate) async fn restore(
    State(app): State<App>,
    Superuser(_): Superuser,
    Params(key): Params<String>,
) -> Result<StatusCode, ApiError> {
    app.engine().restore_backup(&key).await?;
    Ok(StatusCode::NO_CONTENT)
}
