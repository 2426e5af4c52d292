use ambient::EntropyExt;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};

use crate::App;

/// The page: markup, style and script in one file, which asks for `openapi.json` beside it and for nothing else.
const PAGE: &str = include_str!("page.html");

/// What stands in the page for the value that lets its own script and style through the security policy.
const NONCE: &str = "{{nonce}}";

const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// `GET /docs`: the page that shows the document.
pub(super) async fn show(State(app): State<App>) -> Response {
    let nonce = app.engine().entropy().text(22, LETTERS);
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; \
         img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    );
    let headers = [(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-store".to_owned())];
    (headers, Html(PAGE.replace(NONCE, &nonce))).into_response()
}
