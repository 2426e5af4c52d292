//! Two servers that hold the same data must answer the same request alike.
//!
//! A seed makes a [`model::Scenario`]: a schema, rows, and requests. [`run`] sends it to both servers and compares the
//! replies, status and JSON. What differs is made smaller ([`shrink`]) and printed as calls of curl. What differs on
//! purpose stands in [`known`] with its reason, and nowhere else.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken assumption ends the run, as in a test"
)]

pub mod campaign;
mod chance;
pub mod compare;
pub mod generate;
pub mod known;
pub mod model;
mod normal;
mod order;
mod reply;
pub mod report;
pub mod run;
pub mod shrink;
mod side;
mod spawned;
pub mod step;
mod upload;

pub use chance::Chance;
pub use reply::Reply;
pub use side::{PASSWORD, Side, email};
pub use spawned::Spawned;

/// Why a run could not go on. A difference is none of these.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address of a server is none.
    #[error("not an address of a server: {0}")]
    Address(String),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] reqwest::Error),
    /// The superuser is not let in.
    #[error("the superuser is not let in: {0:?}")]
    SignIn(Reply),
    /// What an earlier scenario left cannot be removed.
    #[error("the collection {0} cannot be removed: {1:?}")]
    Leftover(String, Reply),
}
