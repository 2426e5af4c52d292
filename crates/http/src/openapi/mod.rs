//! The service's own description: an OpenAPI 3.1 document made from the collections as they are now, and a page that
//! shows it.
//!
//! An extension describes its routes with a document of its own, which is merged over the native one. Paths begin with
//! `/api`; the mount under which the document is asked for becomes part of the server's address.

mod account;
mod administration;
mod auth;
mod backups;
mod collection;
mod collections;
mod field;
mod merge;
mod operation;
mod page;
mod realtime;
mod record;
mod schemas;
mod shared;

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use engine::Catalog;
use http::header::{CACHE_CONTROL, VARY};
use schema::Collection;
use serde_json::{Value, json};

pub use merge::merge;

use crate::{App, Asker};

/// For whom a document is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Without collections of the system and without hidden fields.
    Everybody,
    /// With all collections and all fields that a reply can hold.
    Superusers,
}

/// `GET /openapi.json` and `GET /docs`, with these documents of extensions merged over the native one.
pub fn routes(extension_docs: Vec<Value>) -> Router<App> {
    let extensions: Arc<[Value]> = extension_docs.into();
    Router::new()
        .route("/openapi.json", get(move |uri, app, asker| document(uri, app, asker, extensions)))
        .route("/docs", get(page::show))
}

/// The native operations on every collection that the audience may know of, without the operations of extensions.
pub fn native(catalog: &Catalog, audience: Audience) -> Value {
    let collections: Vec<&Collection> = catalog.entries().iter().map(|entry| &*entry.collection).collect();
    describe(&collections, audience)
}

fn describe(collections: &[&Collection], audience: Audience) -> Value {
    let mut parts = vec![shared::document(), realtime::document()];
    if audience == Audience::Superusers {
        parts.push(collections::document());
        parts.push(backups::document());
        parts.push(administration::document());
    }
    for collection in collections {
        if audience == Audience::Superusers || !collection.system {
            parts.push(collection::document(collection, collections, audience));
        }
    }
    merge(parts)
}

async fn document(
    OriginalUri(uri): OriginalUri,
    State(app): State<App>,
    asker: Asker,
    extensions: Arc<[Value]>,
) -> Response {
    let audience = if asker.request.is_superuser() { Audience::Superusers } else { Audience::Everybody };
    let mount = uri.path().strip_suffix("/api/openapi.json").unwrap_or_default();
    let base = app.engine().settings().meta.app_url.clone();
    let server = json!({"servers": [{"url": format!("{}{mount}", base.trim_end_matches('/'))}]});
    // What extensions describe is what most readers come for: their tags stand first.
    let tags =
        extensions.iter().filter_map(|document| document.get("tags")).map(|tags| json!({"tags": tags}));
    let native = native(&app.engine().catalog(), audience);
    let parts = tags.chain([native]).chain(extensions.iter().cloned()).chain([server]);
    let headers = [(CACHE_CONTROL, "no-cache"), (VARY, "Authorization")];
    (headers, Json(merge(parts))).into_response()
}

#[cfg(test)]
mod tests;
