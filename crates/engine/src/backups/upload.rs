use files::{Key, Properties, Upload};
use schema::FieldError;
use schema::checks::Checks;

use crate::{Engine, Error, Result};

/// What a backup is.
const ZIP: &str = "application/zip";

impl Engine {
    /// Takes over a backup from elsewhere, under the name that it has there.
    ///
    /// # Errors
    /// 400 with the error by field when there is none, it is no zip, or its name is taken.
    pub async fn upload_backup(&self, upload: Option<Upload>) -> Result<()> {
        let (upload, found) = match upload {
            None => (None, Some(FieldError::required())),
            Some(upload) => {
                let found = self.check_upload(&upload).await?;
                (Some(upload), found)
            }
        };
        let mut checks = Checks::default();
        checks.key("file", found);
        checks.into_errors().into_result().map_err(|errors| {
            Error::invalid("An error occurred while validating the submitted data.", errors)
        })?;
        let Some(Upload { original_name, content, .. }) = upload else { return Ok(()) };
        let failed = |error: files::Error| Error::bad_request("Failed to upload backup.").because(error);
        let key = Key::parse(&original_name).map_err(failed)?;
        let properties = Properties { content_type: ZIP.to_owned(), original_name: Some(original_name) };
        self.backups()?.blobs.put(&key, &content, &properties).await.map_err(failed)
    }

    async fn check_upload(&self, upload: &Upload) -> Result<Option<FieldError>> {
        let head = upload.content.head(files::mime::HEAD_LENGTH).await.map_err(Error::internal)?;
        if !files::mime::detect(&head).names().any(|name| name == ZIP) {
            let name = files::stored_name(&upload.original_name, &head, self.entropy());
            let message = format!("\"{name}\" mime type must be one of: {ZIP}.");
            return Ok(Some(FieldError::new("validation_invalid_mime_type", message)));
        }
        let message = "Backup file with the specified name already exists.";
        let taken = self.is_taken(&upload.original_name).await?;
        Ok(taken.then(|| FieldError::new("validation_backup_name_exists", message)))
    }
}
