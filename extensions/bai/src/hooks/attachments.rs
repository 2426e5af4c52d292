use async_trait::async_trait;
use engine::hooks::{RecordHooks, WriteEvent};
use engine::{Error, Result, StoredUpload};

use super::{caller_openid, fill};

/// The field that holds the file.
const FILE: &str = "attachments_link";

/// The fields that describe the file.
const DESCRIPTION: [&str; 4] =
    ["attachments_filename", "attachments_filetype", "attachments_size", "attachments_md5"];

/// Fills an attachment's owner and the description of its file.
pub(super) struct Attachments;

#[async_trait]
impl RecordHooks for Attachments {
    async fn before_create(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        fill(event.record, "attachments_owner", caller_openid(event.request));
        describe(event).await
    }

    /// Another file makes the description of the earlier one wrong, unless the client sends a new one with it.
    async fn before_update(&self, event: &mut WriteEvent<'_>) -> Result<()> {
        if let (Some(original), Some(_)) = (event.original, upload(event)) {
            for field in DESCRIPTION {
                if event.record.get(field) == original.get(field) {
                    event.record.set(field, "");
                }
            }
        }
        describe(event).await
    }
}

fn upload<'a>(event: &WriteEvent<'a>) -> Option<&'a StoredUpload> {
    event.uploads.iter().find(|upload| upload.field == FILE)
}

/// Fills what is blank of the description of the file that came with the request.
async fn describe(event: &mut WriteEvent<'_>) -> Result<()> {
    let Some(upload) = upload(event) else { return Ok(()) };
    fill(event.record, "attachments_filename", &upload.original_name);
    fill(event.record, "attachments_filetype", &upload.content_type);
    if event.record.number("attachments_size") == 0.0 {
        event.record.set("attachments_size", upload.size);
    }
    if event.record.text("attachments_md5").is_empty() {
        // The store computed it while it wrote the file.
        let stored = event.engine.blobs().metadata(&upload.key).await.map_err(Error::internal)?;
        if let Some(md5) = stored.md5 {
            event.record.set("attachments_md5", hex(&md5));
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_written_in_hexadecimal() {
        assert_eq!(hex(&[0x00, 0x0f, 0xff]), "000fff");
    }
}
