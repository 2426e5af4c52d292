use axum::Router;
use engine::Engine;
use files::Scratch;

use crate::middleware::Origins;
use crate::routes;
use crate::service::Service;
use crate::website::Website;

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
/// `""` is the root. Pages of `origins` may call it. Where there is no route, the files of a website are.
pub fn router(
    app: &App,
    mounts: &[&str],
    origins: Origins,
    extensions: Vec<Router>,
    website: Option<&Website>,
) -> Router {
    let native = routes::native(website).with_state(app.clone());
    let api = extensions.into_iter().fold(native, Router::merge);
    let prefixes = mounts.iter().map(|mount| format!("{mount}/api")).collect();
    Router::new().fallback_service(Service::new(app, prefixes, api, origins, website))
}

/// A listener's service of an extension's routes alone. Pages of `origins` may call it.
pub fn extension_router(app: &App, routes: Router, origins: Origins) -> Router {
    Router::new().fallback_service(Service::new(app, vec![String::new()], routes, origins, None))
}
