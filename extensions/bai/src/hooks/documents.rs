use async_trait::async_trait;
use engine::Result;
use engine::hooks::{RecordHooks, WriteEvent};

use super::{caller_openid, fill};
use crate::model::document_status::status;

/// The fields from which the status follows.
const DATES: [&str; 2] = ["document_effect_date", "document_expiry_date"];

/// Fills a document's owner and status.
pub(super) struct Documents;

#[async_trait]
impl RecordHooks for Documents {
    async fn before_create(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        fill(event.record, "document_owner", caller_openid(event.request));
        fill_status(event);
        Ok(())
    }

    /// New dates bring a new status, unless the client says which.
    async fn before_update(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        let Some(original) = event.original else { return Ok(()) };
        let changed = |field: &str| event.record.text(field) != original.text(field);
        if DATES.into_iter().any(changed) && !changed("document_status") {
            event.record.set("document_status", "");
        }
        fill_status(event);
        Ok(())
    }
}

fn fill_status(event: &mut WriteEvent<'_>) {
    let [effect, expiry] = DATES.map(|field| event.record.text(field));
    let status = status(effect, expiry, event.engine.clock().now());
    fill(event.record, "document_status", status);
}
