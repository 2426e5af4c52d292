use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use engine::Engine;
use files::Scratch;

use crate::middleware::{Origins, cors, drain, log, recover, security_headers};
use crate::{ApiError, routes};

/// What all handlers share. Cheap to clone.
#[derive(Clone)]
pub struct App {
    engine: Engine,
    scratch: Scratch,
}

impl App {
    /// The application over this engine; large uploads are put aside in `scratch`.
    pub fn new(engine: Engine, scratch: Scratch) -> Self {
        Self { engine, scratch }
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Where large uploads are put aside.
    pub fn scratch(&self) -> &Scratch {
        &self.scratch
    }
}

/// A listener's service: the native API and the routes of extensions, both below `{mount}/api` for each of `mounts`;
/// `""` is the root. Pages of `origins` may call it.
pub fn router(app: &App, mounts: &[&str], origins: Origins, extensions: Vec<Router>) -> Router {
    let native = routes::native().with_state(app.clone());
    let api = extensions.into_iter().fold(native, Router::merge);
    let mounted =
        mounts.iter().fold(Router::new(), |router, mount| router.nest(&format!("{mount}/api"), api.clone()));
    wrap(app, mounted, origins)
}

/// A listener's service of an extension's routes alone. Pages of `origins` may call it.
pub fn extension_router(app: &App, routes: Router, origins: Origins) -> Router {
    wrap(app, routes, origins)
}

/// Puts around routes what happens to every request.
fn wrap(app: &App, routes: Router, origins: Origins) -> Router {
    routes
        .fallback(|| async { ApiError::not_found("") })
        .method_not_allowed_fallback(|| async { ApiError::not_found("") })
        .layer(from_fn(security_headers))
        .layer(from_fn(recover))
        .layer(from_fn(drain))
        .layer(from_fn_with_state(app.clone(), log))
        .layer(from_fn_with_state(origins, cors))
}
