//! Files in object stores, with the keys and the metadata that PocketBase gives them in S3.
//!
//! * [`ObjectStores`] opens a bucket of any S3-compatible store, as the settings of an instance describe it.
//! * [`Address`] is a store for the server's configuration: a folder, or a bucket of S3, OSS, COS or OBS by URL.
//!
//! A bucket that PocketBase filled can be read here and the other way round: the same keys, content types, and
//! original names (percent-encoded, in `x-amz-meta-original-filename`).

mod address;
mod bucket;
mod client;
mod metadata;
mod s3;

pub use address::{Address, AddressError};
pub use client::ObjectStores;
