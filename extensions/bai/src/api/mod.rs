//! The routes: each handler parses, calls a service and shapes the reply.

mod body;
mod call;
mod form;
mod legacy;
mod openapi;
mod platform;
mod reply;
mod state;
mod system;
mod wechat;

pub use openapi::openapi;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;
use http_api::App;

use self::state::Shared;
use crate::Bai;

/// The routes of the main listener, relative to `/api`.
pub fn routes(app: App, bai: Arc<Bai>) -> Router {
    Router::new()
        .route("/system/test-helloworld", post(system::hello_world::handle))
        .route("/system/health", post(system::health::handle))
        .route("/system/users-count", post(system::users_count::handle))
        .route("/system/refresh-token", post(system::refresh_token::handle))
        .route("/wechat/login", post(wechat::login::handle))
        .route("/wechat/profile", post(wechat::profile::handle))
        .route("/platform/register", post(platform::register::handle))
        .route("/platform/login", post(platform::login::handle))
        .with_state(Shared { app, bai })
}

/// The routes of the legacy listener, with their whole paths.
///
/// `refresh-token` hands out a token for a bare openid, as its document demands: whoever starts this listener should
/// say so in the log.
pub fn legacy_routes(app: App, bai: Arc<Bai>) -> Router {
    Router::new()
        .route("/api/test-helloworld", post(system::hello_world::handle))
        .route("/api/health", post(system::health::handle))
        .route("/api/wechat/login", post(legacy::login::handle))
        .route("/api/wechat/profile", post(legacy::profile::handle))
        .route("/api/wechat/refresh-token", post(legacy::refresh_token::handle))
        .with_state(Shared { app, bai })
}
