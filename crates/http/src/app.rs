use std::sync::Arc;

use ambient::Entropy;
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

/// How a listener serves.
pub struct Config {
    /// Which pages of other origins may call.
    pub origins: Origins,
    /// Where request ids come from.
    pub entropy: Arc<dyn Entropy>,
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
/// `""` is the root.
pub fn router(app: &App, mounts: &[&str], config: Config, extensions: Vec<Router>) -> Router {
    let native = routes::native().with_state(app.clone());
    let api = extensions.into_iter().fold(native, Router::merge);
    let mounted =
        mounts.iter().fold(Router::new(), |router, mount| router.nest(&format!("{mount}/api"), api.clone()));
    wrap(mounted, config)
}

/// A listener's service of an extension's routes alone.
pub fn extension_router(routes: Router, config: Config) -> Router {
    wrap(routes, config)
}

/// Puts around routes what happens to every request.
fn wrap(routes: Router, config: Config) -> Router {
    routes
        .fallback(|| async { ApiError::not_found("") })
        .method_not_allowed_fallback(|| async { ApiError::not_found("") })
        .layer(from_fn(security_headers))
        .layer(from_fn(recover))
        .layer(from_fn(drain))
        .layer(from_fn_with_state(config.entropy, log))
        .layer(from_fn_with_state(config.origins, cors))
}
