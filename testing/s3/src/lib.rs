//! Servers that speak the languages of object stores, for tests: on loopback, gone with them.
//!
//! [`S3Server`] is `s3s` on a temporary folder, which checks signatures as a real store does. What it was asked is
//! written down, and it can be told to fail. [`VendorServer`] speaks OSS, COS and OBS.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot have its server fails")]

mod served;
mod server;
mod vendors;

pub use server::S3Server;
pub use vendors::{Vendor, VendorServer};

/// The key that the servers know.
pub const ACCESS_KEY: &str = "test-key";

/// The secret of that key.
pub const SECRET: &str = "test+secret/0123456789";
