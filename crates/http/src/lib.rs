//! The native wire protocol: routes, extractors, body parsing, the error envelope and middleware.
//!
//! [`App`] is what handlers share. [`router`] puts the native routes together with those of extensions. An extension
//! builds its routes from the same parts: [`Asker`] tells who asks, [`body::read`] reads what was sent.
//!
//! ```
//! # use baibase_http as http_api;
//! use axum::extract::{Request, State};
//! use axum::routing::{get, post};
//! use axum::{Json, Router};
//! use engine::Work;
//! use http_api::body::{self, Limits};
//! use http_api::{ApiError, App, Asker};
//! use serde_json::{Value, json};
//!
//! /// `GET /api/notes/mine`: how many notes the caller has written.
//! async fn mine(State(app): State<App>, asker: Asker) -> Result<Json<Value>, ApiError> {
//!     let author = asker.request.auth.as_deref().ok_or_else(|| ApiError::unauthorized(""))?;
//!     let notes = engine::Find::all().eq("author", author.id());
//!     let notes = app.engine().count("notes", Some(&notes)).await?;
//!     Ok(Json(json!({"notes": notes})))
//! }
//!
//! /// `POST /api/notes/import`: writes through the engine, with its checks and hooks, in one transaction.
//! async fn import(State(app): State<App>, asker: Asker, request: Request) -> Result<Json<Value>, ApiError> {
//!     let (parts, body) = request.into_parts();
//!     let sent = body::read(&parts, body, Limits::default(), app.scratch()).await?.data;
//!     let entry = app.engine().catalog().by_name("notes").cloned().ok_or_else(|| ApiError::not_found(""))?;
//!     let mut note = engine::Record::new(entry.collection.clone());
//!     note.set("title", sent.get("title").cloned().unwrap_or_default());
//!     let (request, draft) = (&asker.request, &note);
//!     let created = app.engine().transaction(|tx| {
//!         Work::new(async move {
//!             let mut note = draft.clone();
//!             tx.create(request, &mut note).await.map(|()| note)
//!         })
//!     });
//!     let note = created.await?;
//!     Ok(Json(json!({"id": note.id()})))
//! }
//!
//! /// What is handed to [`router`], beside the routes of other extensions.
//! fn routes(app: App) -> Router {
//!     Router::new().route("/notes/mine", get(mine)).route("/notes/import", post(import)).with_state(app)
//! }
//!
//! # let _ = routes;
//! # let _ = http_api::router;
//! ```

mod app;
pub mod body;
mod client_ip;
mod entry;
mod error;
mod extract;
mod middleware;
pub mod openapi;
mod reply;
mod routes;
mod serve_file;
mod service;
mod website;

pub use app::{App, extension_router, router};
pub use error::{ApiError, Cause};
pub use extract::{Asker, Superuser};
pub use middleware::Origins;
pub use website::Website;
