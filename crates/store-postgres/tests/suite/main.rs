//! The store on real servers: the contract, and what is PostgreSQL's own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod conflicts;
mod contract;
mod faults;
mod guard;
mod limits;
mod names;
mod open;
mod support;
mod tls;
mod values;
