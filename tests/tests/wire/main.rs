//! The whole service over the wire. One binary, so that it is linked once; each test has a server of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is how something is reported here"
)]

mod auth;
mod backups;
mod bad_bodies;
mod bad_tokens;
mod bad_uploads;
mod batch;
mod business_collections;
mod cli;
mod collections;
mod concurrency;
mod contract_legacy;
mod contract_platform;
mod contract_records;
mod contract_system;
mod contract_wechat;
mod copy;
mod crons;
mod decisions_accounts;
mod decisions_limits;
mod decisions_records;
mod decisions_replies;
mod expression_errors;
mod files;
mod filter;
mod https;
mod import;
mod limits;
mod logins;
mod logs;
mod migrate;
mod oauth2;
mod oauth2_accounts;
mod oauth2_redirect;
mod oauth2_wechat;
mod openapi;
mod paths;
mod postgres;
mod realtime;
mod records;
mod rules;
mod s3;
mod security;
mod settings;
mod shutdown;
mod sql;
mod stores;
mod thumbs;
mod totals;
mod truncate;
mod vendors;
mod views;
mod walk;
mod wechat_failures;
