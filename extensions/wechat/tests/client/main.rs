//! The client over HTTP: against a server that a test scripts, and against the simulator.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

mod fake;
mod login;
mod phone;
mod scan;
mod simulator;
