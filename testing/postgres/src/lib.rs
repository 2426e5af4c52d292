//! A PostgreSQL server for tests: made with `initdb` in a temporary folder, listening on a free port of the loopback
//! address, and gone with the process that started it, however that one ends.
//!
//! [`Cluster::shared`] is the one of a process. When the environment variable [`BASE_URL`] is set, it is the server
//! that the variable names instead. [`Cluster::new`] makes one for tests that stop and restart it. A test works in a
//! database of its own, [`Cluster::database`].
//!
//! Its settings are those that code is most likely to be wrong about: text is ordered by English rules where the
//! server can do so, and dates are written the British way, in Indian time.
//!
//! A missing PostgreSQL is a panic, because a test that skips itself proves nothing.

#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, reason = "a panic is how a test fails")]

mod admin;
mod cluster;
mod database;
mod installation;
mod keeper;
mod owner;

pub use cluster::{BASE_URL, Cluster};
pub use database::TestDatabase;
