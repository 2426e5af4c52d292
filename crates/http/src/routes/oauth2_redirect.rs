//! Where services send their users back to: the client that waits on a realtime connection is told.

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use engine::OAuth2Redirect;
use http::header::LOCATION;
use http::{Method, StatusCode};
use serde_json::{Map, Value};

use crate::body::{self, Limits};
use crate::website::Website;
use crate::{App, Asker};

/// The dashboard's pages that tell the user how it went. What came in is never part of the reply.
const SUCCESS: &str = "../_/#/auth/oauth2-redirect-success";
const FAILURE: &str = "../_/#/auth/oauth2-redirect-failure";

/// What the user is told where there is no dashboard.
const DONE: &str = "Auth completed. You can close this window and go back to the app.";
const FAILED: &str = "Failed to authenticate. You can close this window and go back to the app to try again.";

/// What a redirect may send, in bytes.
const LIMIT: u64 = 64 << 10;

/// The route, beside a website that may have a dashboard.
pub(crate) fn route(website: Option<&Website>) -> MethodRouter<App> {
    get(redirect).post(redirect).layer(Extension(website.cloned()))
}

/// `GET /api/oauth2-redirect`, and `POST` for services that send a form: `state`, `code`, `error`, and Apple's `user`.
async fn redirect(
    State(app): State<App>,
    Extension(website): Extension<Option<Website>>,
    asker: Asker,
    request: Request,
) -> Response {
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
    let (page, text) = match app.engine().oauth2_redirected(&sent, &asker.request.ip) {
        true => (SUCCESS, DONE),
        false => (FAILURE, FAILED),
    };
    let has_dashboard = match website {
        Some(website) => website.has_dashboard().await,
        None => false,
    };
    if !has_dashboard {
        return text.into_response();
    }
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
