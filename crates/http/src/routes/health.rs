use axum::extract::State;
use axum::response::Response;
use engine::{Json, Request};
use serde_json::json;

use crate::extract::header_name;
use crate::{ApiError, App, Asker, reply};

/// Headers of services that stand before many servers.
const WELL_KNOWN: [&str; 2] = ["CF-Connecting-IP", "Fly-Client-IP"];

/// `GET /api/health`: whether the service runs. Superusers also learn what address they seem to come from, and whether
/// there seems to be a proxy that says better.
pub(crate) async fn health(State(app): State<App>, asker: Asker) -> Result<Response, ApiError> {
    let data = if asker.request.is_superuser() {
        let trusted = &app.engine().settings().trusted_proxy.headers;
        let proxy = proxy_header(&asker.request, trusted);
        json!({"canBackup": app.engine().can_backup(), "possibleProxyHeader": proxy, "realIP": asker.request.ip})
    } else {
        json!({})
    };
    // The one reply whose keys are not in alphabetical order.
    let text = format!(r#"{{"message":"API is healthy.","code":200,"data":{data}}}"#);
    reply::json(&asker, Json(text.into_bytes()))
}

/// The first of the headers that a request has, or nothing.
fn proxy_header<'a>(request: &Request, trusted: &'a [String]) -> &'a str {
    let headers = trusted.iter().map(String::as_str).chain(WELL_KNOWN);
    headers.into_iter().find(|name| !request.header(&header_name(name)).is_empty()).unwrap_or_default()
}
