//! Measures servers side by side: this project's own, peers that serve the same data, and the **floor**, a bare server
//! with one prepared statement for each route that answers with the same bytes.
//!
//! `cargo xtask bench` builds and runs it. A run makes the [data], starts the servers, and lets each
//! [piece of work](work) be done by all of them in turns, in short rounds, so that what else happens on the machine
//! happens to all. The load generator ([load], [http]) is of the same machine: it runs on one thread and costs little.

mod data;
mod error;
pub mod floor;
mod http;
mod load;
mod options;
mod report;
mod run;
mod server;
mod work;

pub use error::Error;
pub use options::Options;
pub use run::run;
