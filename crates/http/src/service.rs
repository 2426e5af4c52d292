//! The way of a request through the server, from its arrival to its reply, in one place to read.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::{OriginalUri, Request};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use http::Uri;
use http::request::Parts;
use http::uri::PathAndQuery;
use tower::Service as _;
use tracing::Instrument;

use crate::entry::{name_method, shortened};
use crate::middleware::{Gate, Log, Origins, drained, recovered, secure};
use crate::website::{self, Website};
use crate::{ApiError, App};

/// Answers the requests of a listener.
#[derive(Clone)]
pub(crate) struct Service(Arc<Inner>);

struct Inner {
    app: App,
    gate: Gate,
    origins: Origins,
    /// What stands before the paths of the API; `""` when it is all there is.
    prefixes: Vec<String>,
    /// The routes of the API, from behind the prefix on.
    api: Router,
    /// Everything else.
    site: Router,
}

impl Service {
    /// The routes of `api` below each of `prefixes`, and a website beside them.
    pub(crate) fn new(
        app: &App,
        prefixes: Vec<String>,
        api: Router,
        origins: Origins,
        website: Option<&Website>,
    ) -> Self {
        let dashboard = website.map(website::dashboard).unwrap_or_default();
        let gate = Gate::new(app, &prefixes);
        let (api, site) = (or_website(api, website), or_website(dashboard, website));
        Self(Arc::new(Inner { app: app.clone(), gate, origins, prefixes, api, site }))
    }

    async fn answer(&self, mut request: Request) -> Response {
        if let Some(redirect) = shortened(&request) {
            return redirect;
        }
        let named = name_method(&mut request);
        let visitor = self.0.origins.visitor(&request);
        let mut response = match visitor.preflight() {
            Some(response) => response,
            None => self.logged(request, named).await,
        };
        visitor.tell(response.headers_mut());
        response
    }

    async fn logged(&self, request: Request, named: Result<(), ApiError>) -> Response {
        let (mut parts, body) = request.into_parts();
        let log = Log::begin(self.0.app.engine(), &mut parts);
        // It is large: what goes around it points to it, and does not move it about.
        let answer = pin!(self.routed(parts, drained(body), named));
        let mut response = recovered(answer).instrument(log.span()).await;
        log.end(self.0.app.engine(), &mut response);
        response
    }

    async fn routed(&self, mut parts: Parts, body: Body, named: Result<(), ApiError>) -> Response {
        let admitted = match named {
            Ok(()) => self.0.gate.check(&mut parts).await,
            Err(error) => Err(error),
        };
        let mut response = match admitted {
            Ok(()) => self.route(Request::from_parts(parts, body)).await,
            // The body is let go of last, when the reply is made: it may still be on its way.
            Err(error) => error.into_response(),
        };
        secure(&mut response);
        response
    }

    async fn route(&self, mut request: Request) -> Response {
        let below = self.0.prefixes.iter().find_map(|prefix| below(request.uri(), prefix));
        let mut router = if below.is_some() { self.0.api.clone() } else { self.0.site.clone() };
        let original = below.map(|uri| std::mem::replace(request.uri_mut(), uri));
        let original = original.unwrap_or_else(|| request.uri().clone());
        request.extensions_mut().insert(OriginalUri(original));
        let Ok(response) = router.call(request).await;
        response
    }
}

impl tower::Service<Request> for Service {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { Ok(service.answer(request).await) })
    }
}

/// Routes, and the files of a website where there is none. Wrong methods are answered like unknown paths.
fn or_website(routes: Router, website: Option<&Website>) -> Router {
    let otherwise = |website: Option<Website>| {
        move |OriginalUri(uri): OriginalUri, mut request: Request| {
            *request.uri_mut() = uri;
            website::fallback(website.clone(), request)
        }
    };
    let routes = routes.fallback(otherwise(website.cloned()));
    routes.method_not_allowed_fallback(otherwise(website.cloned()))
}

/// The address from behind a prefix on; `None` when it does not begin with the prefix.
fn below(uri: &Uri, prefix: &str) -> Option<Uri> {
    if prefix.is_empty() {
        return Some(uri.clone());
    }
    let rest = uri.path_and_query()?.as_str().strip_prefix(prefix)?;
    let path_and_query = match rest.as_bytes().first() {
        Some(b'/') => PathAndQuery::try_from(rest),
        None | Some(b'?') => PathAndQuery::try_from(format!("/{rest}")),
        Some(_) => return None,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query.ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_continues_behind_a_prefix() {
        let rest = |uri: &'static str| below(&Uri::from_static(uri), "/pb/api").map(|uri| uri.to_string());
        assert_eq!(rest("/pb/api/a/b?c=/pb/api").as_deref(), Some("/a/b?c=/pb/api"));
        assert_eq!(rest("/pb/api").as_deref(), Some("/"));
        assert_eq!(rest("/pb/api?c").as_deref(), Some("/?c"));
        assert_eq!(rest("http://x/pb/api/").as_deref(), Some("http://x/"));
        assert_eq!(rest("/pb/apis"), None);
        assert_eq!(rest("/api/pb/api"), None);
    }
}
