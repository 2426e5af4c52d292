//! A server that speaks S3, for tests: on loopback, gone with them.
//!
//! It is `s3s` on a temporary folder, which checks signatures as a real store does. What it was asked is written down,
//! and it can be told to fail.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot have its server fails")]

mod server;

pub use server::S3Server;

/// The key that the server knows.
pub const ACCESS_KEY: &str = "test-key";

/// The secret of that key.
pub const SECRET: &str = "test+secret/0123456789";
