//! The business layer: identity through WeChat and by phone, companies, attachments, documents and the dictionary.
//!
//! [`Bai`] is the extension that the engine is started with: it brings the collections and the hooks on their records.
//! [`routes`] are the operations that the native API does not have, [`legacy_routes`] those of the oldest document,
//! and [`openapi`] describes the former.
//!
//! A request goes through `api` (parse, call, shape the reply) to `services` (one operation each), which ask `model`
//! for the rules of the business and the engine for records. `view` makes what clients see of a user.

mod api;
mod bai;
mod collections;
mod config;
mod error;
mod guard;
mod hooks;
mod model;
mod names;
mod services;
mod view;

pub use api::{legacy_routes, openapi, routes};
pub use bai::Bai;
pub use config::{Config, Registration};
