//! The ports to a database.
//!
//! A [`Store`] runs the statements of [`sql`]. It knows nothing of collections: it connects, binds, decodes and
//! classifies errors. Every implementation passes the same contract suite.

mod console;
#[cfg(feature = "contract")]
pub mod contract;
mod error;
mod fetch;
mod port;

pub use console::{Console, ConsoleColumn, ConsoleOutput};
pub use error::Error;
pub use fetch::{Gather, fetch, fetch_in, fetch_optional, fetch_optional_in, gather};
pub use port::{Cost, Row, Sink, SinkError, Store, Transaction};
