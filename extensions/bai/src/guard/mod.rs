//! What keeps requests from coming too often. Both guards live in memory and are bounded.

mod duplicates;
mod passwords;

pub(crate) use duplicates::{Duplicates, Fingerprint};
pub(crate) use passwords::PasswordThrottle;
