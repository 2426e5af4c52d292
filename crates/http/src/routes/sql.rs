use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;

use super::{UNREADABLE, submitted};
use crate::extract::Superuser;
use crate::{ApiError, App, reply};

/// `POST /api/sql`: runs statements that a superuser wrote.
pub(crate) async fn run(
    State(app): State<App>,
    Superuser(asker): Superuser,
    request: Request,
) -> Result<Response, ApiError> {
    let data = submitted(&app, request).await.map_err(|error| error.with_message(UNREADABLE))?;
    let query = data.iter().find(|(key, _)| key.eq_ignore_ascii_case("query"));
    let text = match query.map(|(_, value)| value) {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text,
        Some(_) => return Err(ApiError::bad_request(UNREADABLE)),
    };
    reply::json(&asker, app.engine().run_sql(text).await?)
}
