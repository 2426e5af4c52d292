//! Where services send their users back to: the client that waits on a realtime connection is told.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use engine::OAuth2Redirect;
use http::header::LOCATION;
use http::{Method, StatusCode};
use serde_json::{Map, Value};

use crate::body::{self, Limits};
use crate::{App, Asker};

/// The dashboard's pages that tell the user how it went. What came in is never part of the reply.
const SUCCESS: &str = "../_/#/auth/oauth2-redirect-success";
const FAILURE: &str = "../_/#/auth/oauth2-redirect-failure";

/// What a redirect may send, in bytes.
const LIMIT: u64 = 64 << 10;

/// `GET /api/oauth2-redirect`, and `POST` for services that send a form: `state`, `code`, `error`, and Apple's `user`.
pub(crate) async fn redirect(State(app): State<App>, asker: Asker, request: Request) -> Response {
    let method = request.method().clone();
    let sent = if method == Method::POST {
        let (parts, body) = request.into_parts();
        let limits = Limits { total: LIMIT, data: LIMIT };
        match body::read(&parts, body, limits, app.scratch()).await {
            Ok(payload) => read(&payload.data, true),
            Err(error) => {
                tracing::debug!(%error, "an OAuth2 redirect could not be read");
                OAuth2Redirect::default()
            }
        }
    } else {
        read(&asker.request.query, false)
    };
    let page = if app.engine().oauth2_redirected(&sent, &asker.request.ip) { SUCCESS } else { FAILURE };
    // A form is not to be sent on to the page.
    let status = if method == Method::GET { StatusCode::TEMPORARY_REDIRECT } else { StatusCode::SEE_OTHER };
    (status, [(LOCATION, page)]).into_response()
}

fn read(fields: &Map<String, Value>, is_form: bool) -> OAuth2Redirect {
    let text = |name: &str| match fields.get(name) {
        Some(Value::String(text)) => text.clone(),
        // A form infers types: a code of digits alone arrives as a number.
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        _ => String::new(),
    };
    let user = if is_form { text("user") } else { String::new() };
    OAuth2Redirect { state: text("state"), code: text("code"), error: text("error"), user }
}
