//! Records: reading, writing and deleting them, with rules for requests and without for extensions.

mod access;
mod again;
mod batch;
pub(crate) mod belongings;
mod changed;
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
pub use batch::{Action, BatchError, Change, Shape};
use changed::Changed;
pub(crate) use create::Create;
pub(crate) use delete::delete;
pub(crate) use find::{by_id, count, find};
pub use list::ListOptions;
pub use uploads::StoredUpload;
pub(crate) use uploads::Uploads;
pub(crate) use write::Write;

use std::sync::Arc;

use crate::json::{Json, Visibility};
use crate::{Engine, Entry, Error, Record, Request, Result};

impl Engine {
    /// The collection of this id or name that a request is about.
    fn collection(&self, name_or_id: &str) -> Result<Arc<Entry>> {
        let entry = self.catalog().find(name_or_id).cloned();
        entry.ok_or_else(|| Error::not_found("Missing collection context."))
    }

    /// The collection of this id or name whose records a request is to change.
    fn changeable(&self, name_or_id: &str) -> Result<Arc<Entry>> {
        let entry = self.collection(name_or_id)?;
        if entry.collection.is_view() {
            return Err(Error::bad_request("Unsupported collection type."));
        }
        Ok(entry)
    }

    /// A record as JSON for whoever asks, after the enrich hooks, with the records that the request wants along.
    pub(crate) async fn record_json(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        mut record: Record,
        see: Visibility,
    ) -> Result<Json> {
        let catalog = self.catalog();
        let entry = catalog
            .by_id(&record.collection().id)
            .ok_or_else(|| Error::internal("the collection of a record is gone"))?;
        self.enrich(request, &mut record).await?;
        let expanded = self.expand(access, request, std::slice::from_ref(&record)).await.pop().flatten();
        let mut out = Vec::new();
        entry.shape.write_record(&record, see, expanded.as_deref(), &mut out);
        Ok(Json(out))
    }
}
