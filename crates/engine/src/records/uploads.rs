//! Files that come with a request: named, recognised, stored.

use std::collections::HashSet;
use std::sync::Arc;

use ambient::Entropy;
use files::{Blobs, Content, Key, Properties, RecordFiles, Upload};
use parking_lot::Mutex;
use schema::value::UploadInfo;
use schema::{Collection, FieldKind};

use super::validate;
use crate::{Error, Record, Result};

/// A file that came with a request and is stored.
#[derive(Debug, Clone)]
pub struct StoredUpload {
    /// The field that holds its name.
    pub field: String,
    /// The name under which it is stored.
    pub name: String,
    /// The name that the client gave it.
    pub original_name: String,
    /// What its content was recognised as.
    pub content_type: String,
    /// The recognised type's name and its other names, without parameters.
    pub mime_types: Vec<String>,
    /// In bytes.
    pub size: u64,
    /// Where it is stored.
    pub key: Key,
}

/// A file that came with a request and has its name, but is not stored yet.
pub(super) struct Incoming {
    /// The key under which it came: the field's name, with `+` before or behind it to add to what is there.
    pub(super) form_key: String,
    pub(super) info: UploadInfo,
    pub(super) field: String,
    content_type: String,
    content: Content,
}

/// The files of a request on their way to a record.
#[derive(Default)]
pub(crate) struct Uploads {
    incoming: Vec<Incoming>,
    /// Those that are in the store already.
    stored: Mutex<HashSet<Key>>,
}

impl Uploads {
    /// Names the files that belong to file fields of the collection; others are ignored.
    pub(crate) async fn receive(
        collection: &Collection,
        files: Vec<(String, Upload)>,
        entropy: &dyn Entropy,
    ) -> Result<Self> {
        let mut uploads = Self::default();
        for (form_key, upload) in files {
            let name = form_key.strip_prefix('+').or_else(|| form_key.strip_suffix('+')).unwrap_or(&form_key);
            let Some(field) = collection.field(name).filter(|field| matches!(field.kind, FieldKind::File(_)))
            else {
                continue;
            };
            let field = field.name.clone();
            uploads.incoming.push(Incoming::receive(form_key, field, upload, entropy).await?);
        }
        Ok(uploads)
    }

    pub(super) fn incoming(&self) -> &[Incoming] {
        &self.incoming
    }

    pub(super) fn is_empty(&self) -> bool {
        self.incoming.is_empty()
    }

    /// Stores the files with a record that is about to be written, as far as they are not stored yet. Files that the
    /// record's fields cannot take are left where they are, and none comes back: the write will be refused, with all
    /// that is wrong and not only the files.
    pub(crate) async fn place(
        &self,
        blobs: &Arc<dyn Blobs>,
        record: &Record,
        original: Option<&Record>,
    ) -> Result<Vec<StoredUpload>> {
        if self.is_empty() || !validate::files_are_valid(record, original, &self.incoming) {
            return Ok(Vec::new());
        }
        let place = RecordFiles::new(&record.collection().id, record.id());
        let mut placed = Vec::with_capacity(self.incoming.len());
        for file in &self.incoming {
            let key = place.file(&file.info.name).map_err(|error| Error::bad_request("").because(error))?;
            let upload = file.at(key);
            if !self.stored.lock().contains(&upload.key) {
                let stored = blobs.put(&upload.key, &file.content, &upload.properties()).await;
                stored.map_err(Error::internal)?;
                self.stored.lock().insert(upload.key.clone());
            }
            placed.push(upload);
        }
        Ok(placed)
    }

    /// Removes what was stored: the record was not written after all.
    pub(super) async fn remove(&self, blobs: &Arc<dyn Blobs>) {
        let stored = std::mem::take(&mut *self.stored.lock());
        for key in stored {
            if let Err(error) = blobs.delete(&key).await {
                tracing::warn!(%key, %error, "an upload without a record could not be removed");
            }
        }
    }
}

impl Incoming {
    async fn receive(form_key: String, field: String, upload: Upload, entropy: &dyn Entropy) -> Result<Self> {
        let head = upload.content.head(files::mime::HEAD_LENGTH).await.map_err(Error::internal)?;
        let detected = files::mime::detect(&head);
        Ok(Self {
            form_key,
            field,
            info: UploadInfo {
                name: files::stored_name(&upload.original_name, &head, entropy),
                original_name: upload.original_name,
                size: upload.content.size(),
                mime_types: detected.names().map(str::to_owned).collect(),
            },
            content_type: detected.content_type(),
            content: upload.content,
        })
    }

    fn at(&self, key: Key) -> StoredUpload {
        StoredUpload {
            field: self.field.clone(),
            name: self.info.name.clone(),
            original_name: self.info.original_name.clone(),
            content_type: self.content_type.clone(),
            mime_types: self.info.mime_types.clone(),
            size: self.info.size,
            key,
        }
    }
}

impl StoredUpload {
    fn properties(&self) -> Properties {
        Properties {
            content_type: self.content_type.clone(),
            original_name: Some(self.original_name.clone()),
        }
    }
}
