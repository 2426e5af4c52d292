//! The business on a real engine and store, with the simulator for WeChat and a clock that stands still.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod ids;
mod legacy;
mod logins;
mod profiles;
mod records;
mod service;
mod users;
