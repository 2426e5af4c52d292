//! Collections: list, view, create, update, delete, truncate, scaffolds; for superusers.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use engine::ListOptions;
use http::StatusCode;
use schema::load::Load;
use serde_json::{Map, Value};

use crate::body::{self, Limits};
use crate::extract::{Params, Superuser};
use crate::{ApiError, App, reply};

const UNREADABLE: &str = "Failed to load the submitted data due to invalid formatting.";

/// A new collection's type is read before anything else.
const UNREADABLE_TYPE: &str = "Failed to load the collection type data due to invalid formatting.";

/// `GET /api/collections`
pub(crate) async fn list(State(app): State<App>, Superuser(asker): Superuser) -> Result<Response, ApiError> {
    let options = ListOptions::from_request(&asker.request)?;
    let page = app.engine().list_collections(&options).await?;
    reply::json(&asker, page)
}

/// `GET /api/collections/{collection}`
pub(crate) async fn view(
    State(app): State<App>,
    Params(collection): Params<String>,
    Superuser(asker): Superuser,
) -> Result<Response, ApiError> {
    reply::json(&asker, app.engine().view_collection(&collection)?)
}

/// `POST /api/collections`
pub(crate) async fn create(
    State(app): State<App>,
    Superuser(asker): Superuser,
    request: Request,
) -> Result<Response, ApiError> {
    let json = Value::Object(read(&app, request, UNREADABLE_TYPE).await?);
    reply::json(&asker, app.engine().create_collection(&json).await?)
}

/// `PATCH /api/collections/{collection}`
pub(crate) async fn update(
    State(app): State<App>,
    Params(collection): Params<String>,
    Superuser(asker): Superuser,
    request: Request,
) -> Result<Response, ApiError> {
    let json = Value::Object(read(&app, request, UNREADABLE).await?);
    reply::json(&asker, app.engine().update_collection(&collection, &json).await?)
}

/// `DELETE /api/collections/{collection}`
pub(crate) async fn delete(
    State(app): State<App>,
    Params(collection): Params<String>,
    Superuser(_): Superuser,
) -> Result<Response, ApiError> {
    app.engine().delete_collection(&collection).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The body of [`dry_run_view`].
#[derive(Default)]
struct DryRun {
    query: String,
}

schema::load_object!(DryRun { "query" => query });

/// `POST /api/collections/meta/dry-run-view`: the fields of a view that is not there, and some of its records.
pub(crate) async fn dry_run_view(
    State(app): State<App>,
    Superuser(asker): Superuser,
    request: Request,
) -> Result<Response, ApiError> {
    let unreadable = "An error occurred while loading the submitted data.";
    let json = Value::Object(read(&app, request, unreadable).await?);
    let mut form = DryRun::default();
    form.load(&json).map_err(|error| engine::Error::bad_request(unreadable).because(error))?;
    reply::json(&asker, app.engine().dry_run_view(&form.query).await?)
}

/// `DELETE /api/collections/{collection}/truncate`
pub(crate) async fn truncate(
    State(app): State<App>,
    Params(collection): Params<String>,
    Superuser(asker): Superuser,
) -> Result<Response, ApiError> {
    app.engine().truncate_collection(&asker.request, &collection).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /api/collections/meta/scaffolds`
pub(crate) async fn scaffolds(
    State(app): State<App>,
    Superuser(asker): Superuser,
) -> Result<Response, ApiError> {
    reply::json(&asker, app.engine().collection_scaffolds()?)
}

async fn read(app: &App, request: Request, unreadable: &'static str) -> Result<Map<String, Value>, ApiError> {
    let (parts, body) = request.into_parts();
    let payload = body::read(&parts, body, Limits::default(), app.scratch()).await;
    Ok(payload.map_err(|error| error.with_message(unreadable))?.data)
}
