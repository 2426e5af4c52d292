//! All routes of the native API, in one place to read.

mod auth;
mod backups;
mod batch;
mod collections;
mod crons;
mod files;
mod health;
mod logs;
mod oauth2_redirect;
mod realtime;
mod records;
mod settings;
mod sql;

use axum::Router;
use axum::extract::Request;
use axum::middleware::map_response;
use axum::routing::{MethodRouter, delete, get, post};
use serde_json::{Map, Value};

use crate::App;
use crate::body::{self, Limits};
use crate::middleware::quiet;
use crate::website::Website;

/// What most routes say to a body that they cannot read.
const UNREADABLE: &str = "An error occurred while loading the submitted data.";

/// The fields that a request sent. Files have no place in them.
async fn submitted(app: &App, request: Request) -> Result<Map<String, Value>, body::Error> {
    let (parts, body) = request.into_parts();
    Ok(body::read(&parts, body, Limits::default(), app.scratch()).await?.data)
}

/// The native API below `/api`.
pub(crate) fn native(website: Option<&Website>) -> Router<App> {
    Router::new()
        .route("/health", get(health::health))
        .merge(quiet_routes())
        .route("/settings", get(settings::view).patch(settings::update))
        .route("/backups", get(backups::list).post(backups::create))
        .route("/backups/upload", post(backups::upload))
        .route("/backups/{key}", get(backups::download).delete(backups::delete))
        .route("/backups/{key}/restore", post(backups::restore))
        .route("/settings/test/s3", post(settings::test_s3))
        .route("/crons", get(crons::list))
        .route("/crons/{id}", post(crons::run))
        .route("/settings/test/email", post(settings::test_email))
        .route("/settings/apple/generate-client-secret", post(settings::apple_client_secret))
        .route("/oauth2-redirect", oauth2_redirect::route(website))
        .route("/sql", post(sql::run))
        .route("/batch", post(batch::run))
        .route("/realtime", quiet_connect().post(realtime::subscribe))
        .route("/files/token", post(files::token))
        .route("/files/{collection}/{record}/{name}", get(files::download))
        .route("/collections", get(collections::list).post(collections::create))
        .route(
            "/collections/{collection}",
            get(collections::view)
                .patch(collections::update)
                .delete(collections::delete)
                .put(collections::import),
        )
        .route("/collections/meta/oauth2-providers", get(collections::oauth2_providers))
        .route("/collections/meta/dry-run-view", post(collections::dry_run_view))
        .route("/collections/{collection}/truncate", delete(collections::truncate))
        .route("/collections/meta/scaffolds", get(collections::scaffolds))
        .route("/collections/{collection}/records", get(records::list).post(records::create))
        .route(
            "/collections/{collection}/records/{id}",
            get(records::view).patch(records::update).delete(records::delete),
        )
        .nest("/collections/{collection}", auth_routes())
}

/// Logging in to a collection.
fn auth_routes() -> Router<App> {
    Router::new()
        .route("/auth-methods", get(auth::methods))
        .route("/auth-with-password", post(auth::with_password))
        .route("/auth-with-oauth2", post(auth::with_oauth2))
        .route("/request-otp", post(auth::request_otp))
        .route("/auth-with-otp", post(auth::with_otp))
        .route("/auth-refresh", post(auth::refresh))
        .route("/impersonate/{id}", post(auth::impersonate))
        .route("/request-password-reset", post(auth::request_password_reset))
        .route("/confirm-password-reset", post(auth::confirm_password_reset))
        .route("/request-verification", post(auth::request_verification))
        .route("/confirm-verification", post(auth::confirm_verification))
        .route("/request-email-change", post(auth::request_email_change))
        .route("/confirm-email-change", post(auth::confirm_email_change))
}

/// Reading the logs should not fill them.
fn quiet_routes() -> Router<App> {
    Router::new()
        .route("/logs", get(logs::list).delete(logs::truncate))
        .route("/logs/stats", get(logs::statistics))
        .route("/logs/{id}", get(logs::view))
        .layer(map_response(quiet))
}

/// Clients connect all the time, and nothing happens by it.
fn quiet_connect() -> MethodRouter<App> {
    get(realtime::connect).layer(map_response(quiet))
}
