//! Records: list, view, create, update, delete.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::submitted;
use crate::body::{self, Limits};
use crate::extract::Params;
use crate::{ApiError, App, Asker, reply};

/// `GET /api/collections/{collection}/records`
pub(crate) async fn list(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    read_fields(&app, &collection, &mut asker, request).await?;
    let page = app.engine().list(&asker.request, &collection).await?;
    reply::json(&asker, page)
}

/// `GET /api/collections/{collection}/records/{id}`
pub(crate) async fn view(
    State(app): State<App>,
    Params((collection, id)): Params<(String, String)>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    read_fields(&app, &collection, &mut asker, request).await?;
    let record = app.engine().view(&asker.request, &collection, &id).await?;
    reply::json(&asker, record)
}

/// `POST /api/collections/{collection}/records`
pub(crate) async fn create(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    let files = read(&app, &collection, &mut asker, request).await?;
    let record = app.engine().create(&asker.request, &collection, files).await?;
    reply::json(&asker, record)
}

/// `PATCH /api/collections/{collection}/records/{id}`
pub(crate) async fn update(
    State(app): State<App>,
    Params((collection, id)): Params<(String, String)>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    let files = read(&app, &collection, &mut asker, request).await?;
    let record = app.engine().update(&asker.request, &collection, &id, files).await?;
    reply::json(&asker, record)
}

/// `DELETE /api/collections/{collection}/records/{id}`
pub(crate) async fn delete(
    State(app): State<App>,
    Params((collection, id)): Params<(String, String)>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    read_fields(&app, &collection, &mut asker, request).await?;
    app.engine().delete(&asker.request, &collection, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Reads the body of a request that needs none: rules can look at its fields all the same.
async fn read_fields(
    app: &App,
    collection: &str,
    asker: &mut Asker,
    request: Request,
) -> Result<(), ApiError> {
    if app.engine().catalog().find(collection).is_some() {
        asker.request.body = submitted(app, request).await?;
    }
    Ok(())
}

/// Reads the body into the asker's request, as much of it as the collection's fields can hold; the files come back.
async fn read(
    app: &App,
    collection: &str,
    asker: &mut Asker,
    request: Request,
) -> Result<Vec<(String, files::Upload)>, ApiError> {
    let entry = app.engine().catalog().find(collection).cloned();
    let entry = entry.ok_or_else(|| ApiError::not_found("Missing or invalid collection context."))?;
    let limits = Limits { total: body::DEFAULT_LIMIT.saturating_add(entry.max_body()), ..Limits::default() };
    let (parts, body) = request.into_parts();
    let payload = body::read(&parts, body, limits, app.scratch()).await?;
    asker.request.body = payload.data;
    Ok(payload.files)
}
