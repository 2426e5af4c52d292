//! Logging in to a collection.

use axum::extract::{Request, State};
use axum::response::Response;
use engine::Context;

use crate::body::{self, Limits};
use crate::extract::Params;
use crate::{ApiError, App, Asker, reply};

/// `GET /api/collections/{collection}/auth-methods`
pub(crate) async fn methods(
    State(app): State<App>,
    Params(collection): Params<String>,
    asker: Asker,
) -> Result<Response, ApiError> {
    reply::json(&asker, app.engine().auth_methods(&collection)?)
}

/// `POST /api/collections/{collection}/auth-with-password`
pub(crate) async fn with_password(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    app.engine().takes_passwords(&collection)?;
    let (parts, body) = request.into_parts();
    let payload = body::read(&parts, body, Limits::default(), app.scratch()).await;
    let unreadable = "An error occurred while loading the submitted data.";
    asker.request.body = payload.map_err(|error| error.with_message(unreadable))?.data;
    asker.request.context = Context::Password;
    let login = app.engine().auth_with_password(&asker.request, &collection).await?;
    reply::json(&asker, login.to_json()?)
}

/// `POST /api/collections/{collection}/auth-refresh`
pub(crate) async fn refresh(
    State(app): State<App>,
    Params(collection): Params<String>,
    mut asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    app.engine().may_refresh(&asker.request, &collection)?;
    let (parts, body) = request.into_parts();
    asker.request.body = body::read(&parts, body, Limits::default(), app.scratch()).await?.data;
    let login = app.engine().auth_refresh(&asker.request, &collection, &asker.token).await?;
    reply::json(&asker, login.to_json()?)
}
