//! Logging in: by password, by a token that is still good, and by an extension that knows who it is.

mod authenticate;
mod identity;
mod login;
mod methods;
mod oauth2;
mod password;
mod refresh;

pub use login::Login;

use std::sync::Arc;

use crate::{Engine, Entry, Error, Result};

impl Engine {
    /// The auth collection of this id or name.
    fn auth_collection(&self, name_or_id: &str) -> Result<Arc<Entry>> {
        let catalog = self.catalog();
        let entry = catalog
            .find(name_or_id)
            .ok_or_else(|| Error::not_found("Missing or invalid collection context."))?;
        if !entry.collection.is_auth() {
            return Err(Error::not_found("Missing or invalid auth collection context."));
        }
        Ok(Arc::clone(entry))
    }
}
