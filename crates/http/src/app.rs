use axum::Router;
use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use engine::Engine;
use files::Scratch;

use crate::entry::{enter, refuse_misnamed};
use crate::middleware::{Gate, Origins, cors, drain, gate, log, recover, security_headers};
use crate::routes;
use crate::website::{self, Website};

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
    website: Option<Website>,
) -> Router {
    let native = routes::native(website.as_ref()).with_state(app.clone());
    let api = extensions.into_iter().fold(native, Router::merge);
    let mut routes =
        mounts.iter().fold(Router::new(), |router, mount| router.nest(&format!("{mount}/api"), api.clone()));
    if let Some(website) = &website {
        routes = routes.merge(website::dashboard(website));
    }
    wrap(app, mounts, routes, origins, website)
}

/// A listener's service of an extension's routes alone. Pages of `origins` may call it.
pub fn extension_router(app: &App, routes: Router, origins: Origins) -> Router {
    wrap(app, &[""], routes, origins, None)
}

/// Puts around routes what happens to every request.
fn wrap(app: &App, mounts: &[&str], routes: Router, origins: Origins, website: Option<Website>) -> Router {
    let no_method = website.clone();
    let routes = routes
        .fallback(move |request: Request| website::fallback(website.clone(), request))
        .method_not_allowed_fallback(move |request: Request| website::fallback(no_method.clone(), request))
        .layer(from_fn_with_state(Gate::new(app, mounts), gate))
        .layer(from_fn(refuse_misnamed))
        .layer(from_fn(security_headers))
        .layer(from_fn(recover))
        .layer(from_fn(drain))
        .layer(from_fn_with_state(app.clone(), log))
        .layer(from_fn_with_state(origins, cors));
    // The path and the method can change before there is a route.
    Router::new().fallback_service(routes).layer(from_fn(enter))
}
