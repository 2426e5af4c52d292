use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;

use crate::body::{self, Limits};
use crate::extract::Superuser;
use crate::{ApiError, App, reply};

/// `POST /api/sql`: runs statements that a superuser wrote.
pub(crate) async fn run(
    State(app): State<App>,
    Superuser(asker): Superuser,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let unreadable = "An error occurred while loading the submitted data.";
    let payload = body::read(&parts, body, Limits::default(), app.scratch()).await;
    let data = payload.map_err(|error| error.with_message(unreadable))?.data;
    let query = data.iter().find(|(key, _)| key.eq_ignore_ascii_case("query"));
    let text = match query.map(|(_, value)| value) {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text,
        Some(_) => return Err(ApiError::bad_request(unreadable)),
    };
    reply::json(&asker, app.engine().run_sql(text).await?)
}
