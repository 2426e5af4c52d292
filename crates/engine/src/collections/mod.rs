//! Collections: their schema as rows of a table, and the tables that follow it.

mod context;
mod delete;
mod list;
mod save;
mod tables;
mod views;

pub(crate) use save::{save_in, write_collection};

use std::sync::Arc;

use crate::json::Json;
use crate::{Engine, Entry, Error, Result};

impl Engine {
    /// A collection as superusers see it.
    ///
    /// # Errors
    /// 404 for an unknown collection.
    pub fn view_collection(&self, name_or_id: &str) -> Result<Json> {
        Ok(Json(self.known_collection(name_or_id)?.collection.to_json().into_bytes()))
    }

    fn known_collection(&self, name_or_id: &str) -> Result<Arc<Entry>> {
        self.catalog().find(name_or_id).cloned().ok_or_else(|| Error::not_found(""))
    }
}
