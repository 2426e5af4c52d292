//! Black-box tests: the real binary in a directory of its own, and what is needed to talk to it.
//!
//! [`Server::start`] starts a server with WeChat's simulator, [`Server::with`] one that is set up otherwise. A server
//! ends with the value. When a test fails, it prints what the server logged.
//!
//! The binary is the one that the environment variable `BAIBASE_BIN` names, or else is built.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a panic is how something is reported here"
)]

mod binary;
mod call;
mod cli;
pub mod corpus;
mod database;
mod events;
mod fake_wechat;
mod home;
mod identity_provider;
mod mail;
mod platform;
mod schemas;
mod server;
mod tokens;
mod wechat_user;

pub use binary::path as binary;
pub use call::{Call, Reply};
pub use cli::{Output, run};
pub use database::Database;
pub use events::{Event, Events};
pub use fake_wechat::{Asked, FakeWeChat, LOGIN, PHONE, TOKEN};
pub use home::Home;
pub use identity_provider::IdentityProvider;
pub use mail::{Encryption, Mail, MailServer};
pub use platform::{PASSWORD, register};
pub use schemas::{errors, validate};
pub use server::{SUPERUSER, SUPERUSER_PASSWORD, Server, Setup};
pub use tokens::Forge;
pub use wechat_user::{WeChatUser, login, phone_code, unique_code};
