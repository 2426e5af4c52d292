//! The settings of the instance; for superusers.

use axum::extract::{Request, State};
use axum::response::Response;

use crate::body::{self, Limits};
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
    let (parts, body) = request.into_parts();
    let payload = body::read(&parts, body, Limits::default(), app.scratch()).await;
    let unreadable = "An error occurred while loading the submitted data.";
    let patch = payload.map_err(|error| error.with_message(unreadable))?.data;
    reply::json(&asker, app.engine().update_settings(&patch).await?)
}
