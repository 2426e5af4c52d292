//! The client over HTTP: against a server that a test scripts, and against the simulator.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod fake;
mod login;
mod phone;
mod simulator;
