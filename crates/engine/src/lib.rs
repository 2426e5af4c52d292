//! The application: collections, records, authentication, files and hooks.
//!
//! [`Engine`] is the whole of it. [`Engine::start`] opens it on a [`store::Store`] and [`files::Blobs`]; the HTTP
//! layer and extensions call its methods. What belongs to one business is an [`Extension`].

mod auth;
mod backups;
mod bootstrap;
mod catalog;
mod changes;
mod collections;
mod console;
mod crons;
mod download;
mod engine;
mod error;
mod expression;
mod extension;
mod find;
pub mod hooks;
mod json;
mod limits;
mod logs;
mod mails;
mod password;
pub mod realtime;
mod record;
mod records;
mod request;
mod row;
mod rule;
pub mod settings;
mod storage;
mod superusers;
mod token;
pub mod transfer;
mod tx;

pub use auth::{AuthAction, Login, LoginMethod, LoginStep, NewOtp, OAuth2Redirect};
pub use backups::{Archiver, BackupParts};
pub use bootstrap::{LATEST_MIGRATION, StartError, Upgraded, pending_upgrades};
pub use catalog::{Catalog, Entry};
pub use collections::{Journal, Snapshot};
pub use crons::Crons;
pub use download::{Download, Wanted};
pub use engine::{Engine, Parts};
pub use error::{Cause, Error, ErrorKind, Result};
pub use expression::{ExpressionError, Part};
pub use extension::{CollectionSpec, Extension};
pub use find::Find;
pub use hooks::HookRegistry;
pub use json::Json;
pub use limits::Visit;
pub use logs::{LogEntry, LogLevel};
pub use mails::MailKind;
pub use query::{Context, Headers};
pub use record::Record;
pub use records::{Action, BatchError, Change, ListOptions, Shape, StoredUpload};
pub use request::Request;
pub use settings::{EncryptionKey, Settings};
pub use token::{Claims, TokenKind};
pub use tx::{Tx, Work};

/// The name of the collection whose records may do everything.
pub const SUPERUSERS: &str = "_superusers";
