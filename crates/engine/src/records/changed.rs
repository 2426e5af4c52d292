use std::sync::Arc;

use super::{Access, Uploads};
use crate::json::Json;
use crate::{Engine, Entry, Record, Request, Result};

/// A record that a client created or changed.
pub(crate) struct Changed {
    /// What the client asked for, with the body as the rules saw it.
    pub(super) request: Arc<Request>,
    pub(super) entry: Arc<Entry>,
    pub(crate) record: Record,
}

impl Changed {
    /// What the client is told.
    pub(super) async fn reply(self, engine: &Engine, access: &mut Access<'_>) -> Result<Json> {
        let see = engine.visibility(access, &self.request, &self.entry, &self.record).await?;
        engine.record_json(access, &self.request, self.record, see).await
    }
}

impl Engine {
    /// The reply of a change after its transaction; the uploads of one that failed are removed.
    pub(super) async fn settle(&self, changed: Result<Changed>, uploads: &Uploads) -> Result<Json> {
        match changed {
            Ok(changed) => changed.reply(self, &mut Access::Store(self.store())).await,
            Err(error) => {
                uploads.remove(self.blobs()).await;
                Err(error)
            }
        }
    }
}
