//! The data that is served: the same for every server, made once for each size and kept.

mod cache;
mod collections;
mod fill;
mod pad;
mod rows;

pub(crate) use cache::{Cache, copy};
pub(crate) use rows::{FILE, Kind, PASSWORD, Sizes, email, mix, user_name};

/// The superuser of every copy.
pub(crate) const SUPERUSER: &str = "root@example.com";

/// The password of that superuser.
pub(crate) const SUPERUSER_PASSWORD: &str = "correct horse battery";
