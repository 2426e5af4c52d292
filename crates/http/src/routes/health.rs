use axum::extract::State;
use axum::response::Response;
use engine::Json;
use serde_json::json;

use crate::{ApiError, App, Asker, reply};

/// `GET /api/health`: whether the service runs. Superusers also learn what address they seem to come from.
pub(crate) async fn health(State(app): State<App>, asker: Asker) -> Result<Response, ApiError> {
    let data = if asker.request.is_superuser() {
        json!({"canBackup": app.engine().can_backup(), "possibleProxyHeader": "", "realIP": asker.request.ip})
    } else {
        json!({})
    };
    // The one reply whose keys are not in alphabetical order.
    let text = format!(r#"{{"message":"API is healthy.","code":200,"data":{data}}}"#);
    reply::json(&asker, Json(text.into_bytes()))
}
