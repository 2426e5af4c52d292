//! Collections: list, view, create, update, delete, import, truncate, scaffolds; for superusers.

use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use engine::ListOptions;
use http::StatusCode;
use schema::load::Load;
use serde_json::{Map, Value};

use super::{UNREADABLE, submitted};
use crate::extract::{Params, Superuser};
use crate::{ApiError, App, reply};

const UNREADABLE_COLLECTION: &str = "Failed to load the submitted data due to invalid formatting.";

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

/// `GET /api/collections/meta/oauth2-providers`
pub(crate) async fn oauth2_providers(
    State(app): State<App>,
    Superuser(asker): Superuser,
) -> Result<Response, ApiError> {
    reply::json(&asker, app.engine().oauth2_services()?)
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
    let json = Value::Object(read(&app, request, UNREADABLE_COLLECTION).await?);
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
    let json = Value::Object(read(&app, request, UNREADABLE).await?);
    let mut form = DryRun::default();
    form.load(&json).map_err(|error| engine::Error::bad_request(UNREADABLE).because(error))?;
    reply::json(&asker, app.engine().dry_run_view(&form.query).await?)
}

/// The body of [`import`].
#[derive(Default)]
struct Import {
    collections: Vec<Map<String, Value>>,
    delete_missing: bool,
}

impl Import {
    fn read(json: &Map<String, Value>) -> Result<Self, ()> {
        let mut form = Self::default();
        for (key, value) in json {
            match (key.to_ascii_lowercase().as_str(), value) {
                (_, Value::Null) => {}
                ("collections", Value::Array(items)) => {
                    let object = |item: &Value| match item {
                        Value::Object(object) => Ok(object.clone()),
                        Value::Null => Ok(Map::new()),
                        _ => Err(()),
                    };
                    form.collections = items.iter().map(object).collect::<Result<_, _>>()?;
                }
                ("deletemissing", Value::Bool(delete_missing)) => form.delete_missing = *delete_missing,
                ("collections" | "deletemissing", _) => return Err(()),
                _ => {}
            }
        }
        Ok(form)
    }
}

/// `PUT /api/collections/import`. Nothing else can be put here.
pub(crate) async fn import(
    State(app): State<App>,
    Params(collection): Params<String>,
    request: Request,
) -> Result<Response, ApiError> {
    if collection != "import" {
        return Err(ApiError::not_found(""));
    }
    let (mut parts, body) = request.into_parts();
    Superuser::from_request_parts(&mut parts, &app).await?;
    let json = read(&app, Request::from_parts(parts, body), UNREADABLE).await?;
    let form = Import::read(&json).map_err(|()| ApiError::bad_request(UNREADABLE))?;
    app.engine().import_collections(&form.collections, form.delete_missing).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
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
    submitted(app, request).await.map_err(|error| error.with_message(unreadable))
}
