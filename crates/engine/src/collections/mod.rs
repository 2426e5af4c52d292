//! Collections: their schema as rows of a table, and the tables that follow it.

mod context;
mod delete;
mod import;
mod journal;
mod list;
mod save;
mod snapshots;
mod tables;
mod taken;
mod truncate;
mod views;

pub use journal::Journal;
pub(crate) use save::{save_in, write_collection};
pub use snapshots::Snapshot;
pub(crate) use tables::statements_of_new as new_table;
pub(crate) use views::create_all as create_views;

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

    /// An unsaved collection of each type, by the type's name, for a dashboard to start from.
    ///
    /// # Errors
    /// 500 when a collection has no JSON form, which does not happen.
    pub fn collection_scaffolds(&self) -> Result<Json> {
        let scaffolds = schema::collection::scaffolds(self.entropy());
        schema::json::to_string(&scaffolds).map(|text| Json(text.into_bytes())).map_err(Error::internal)
    }

    fn known_collection(&self, name_or_id: &str) -> Result<Arc<Entry>> {
        self.catalog().find(name_or_id).cloned().ok_or_else(|| Error::not_found(""))
    }
}
