//! The native wire protocol: routes, extractors, body parsing, the error envelope and middleware.
//!
//! [`App`] is what handlers share. [`router`] puts the native routes together with those of extensions. An extension
//! builds its routes from the same parts: [`Asker`] tells who asks, [`body::read`] reads what was sent.

mod app;
pub mod body;
mod client_ip;
mod error;
mod extract;
mod middleware;
pub mod openapi;
mod reply;
mod routes;
mod serve_file;

pub use app::{App, Config, extension_router, router};
pub use error::{ApiError, Cause};
pub use extract::{Asker, Superuser};
pub use middleware::Origins;
