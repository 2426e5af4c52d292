//! Records: reading, writing and deleting them, with rules for requests and without for extensions.

mod access;
mod create;
mod delete;
mod expand;
mod fill;
mod find;
mod input;
mod list;
mod references;
mod rules;
mod unique;
mod update;
mod uploads;
mod validate;
mod view;
mod write;

pub(crate) use access::Access;
pub(crate) use delete::delete;
pub(crate) use find::{count, find};
pub use list::ListOptions;
pub use uploads::StoredUpload;
pub(crate) use write::Write;

use std::sync::Arc;

use crate::json::{Json, Visibility};
use crate::{Engine, Entry, Error, Record, Request, Result};

impl Engine {
    /// The collection of this id or name that a request is about.
    fn collection(&self, name_or_id: &str, missing: &'static str) -> Result<Arc<Entry>> {
        self.catalog().find(name_or_id).cloned().ok_or_else(|| Error::not_found(missing))
    }

    /// A record as JSON for whoever asks, after the enrich hooks, with the records that the request wants along.
    pub(crate) async fn record_json(
        &self,
        request: &Request,
        mut record: Record,
        see: Visibility,
    ) -> Result<Json> {
        let catalog = self.catalog();
        let entry = catalog
            .by_id(&record.collection().id)
            .ok_or_else(|| Error::internal("the collection of a record is gone"))?;
        self.enrich(request, &mut record).await?;
        let expanded = self.expand(request, std::slice::from_ref(&record)).await.pop().flatten();
        let mut out = Vec::new();
        entry.shape.write_record(&record, see, expanded.as_deref(), &mut out);
        Ok(Json(out))
    }
}
