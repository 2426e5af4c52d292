//! Files that come with a request: named, recognised, stored.

use std::sync::Arc;

use ambient::Entropy;
use files::{Blobs, Content, Key, Properties, RecordFiles, Upload};
use schema::value::UploadInfo;
use schema::{Collection, FieldKind};

use crate::tx::Obsolete;
use crate::{Error, Record, Result, Tx};

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
    pub(super) field: String,
    pub(super) info: UploadInfo,
    content_type: String,
    content: Content,
}

/// Names the files that belong to file fields of the collection; others are ignored.
pub(super) async fn receive(
    collection: &Collection,
    uploads: Vec<(String, Upload)>,
    entropy: &dyn Entropy,
) -> Result<Vec<Incoming>> {
    let mut incoming = Vec::new();
    for (form_key, upload) in uploads {
        let name = form_key.strip_prefix('+').or_else(|| form_key.strip_suffix('+')).unwrap_or(&form_key);
        let Some(field) = collection.field(name).filter(|field| matches!(field.kind, FieldKind::File(_)))
        else {
            continue;
        };
        let head = upload.content.head(files::mime::HEAD_LENGTH).await.map_err(Error::internal)?;
        let detected = files::mime::detect(&head);
        incoming.push(Incoming {
            field: field.name.clone(),
            info: UploadInfo {
                name: files::stored_name(&upload.original_name, &head, entropy),
                original_name: upload.original_name,
                size: upload.content.size(),
                mime_types: detected.names().map(str::to_owned).collect(),
            },
            content_type: detected.content_type(),
            content: upload.content,
            form_key,
        });
    }
    Ok(incoming)
}

/// Stands for the id of a record that will not be written: its own may be none that files can be stored under.
const NOWHERE: &str = "-";

/// The files of a request on their way to a record.
#[derive(Default)]
pub(super) struct Uploads {
    pub(super) files: Vec<StoredUpload>,
    /// Whether they are in the store already.
    stored: bool,
}

impl Uploads {
    /// Gives the files their places with a record, and stores them if they are `valid`. Files that are not are left
    /// where they are: the write will be refused, with all that is wrong and not only the files.
    pub(super) async fn place(
        blobs: &Arc<dyn Blobs>,
        record: &Record,
        incoming: &[Incoming],
        valid: bool,
    ) -> Result<Self> {
        let place = RecordFiles::new(&record.collection().id, if valid { record.id() } else { NOWHERE });
        let mut uploads = Self { files: Vec::with_capacity(incoming.len()), stored: valid };
        for file in incoming {
            let key = place.file(&file.info.name).map_err(|error| Error::bad_request("").because(error))?;
            let upload = file.at(key);
            if valid && let Err(error) = blobs.put(&upload.key, &file.content, &upload.properties()).await {
                uploads.remove(blobs).await;
                return Err(Error::internal(error));
            }
            uploads.files.push(upload);
        }
        Ok(uploads)
    }

    /// Removes files whose record was not written after all.
    pub(super) async fn remove(&self, blobs: &Arc<dyn Blobs>) {
        for upload in self.files.iter().filter(|_| self.stored) {
            if let Err(error) = blobs.delete(&upload.key).await {
                tracing::warn!(key = %upload.key, %error, "an upload without a record could not be removed");
            }
        }
    }
}

impl Incoming {
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

    /// What the checks of a file field look at.
    pub(super) fn info(&self) -> UploadInfo {
        UploadInfo {
            name: self.name.clone(),
            original_name: self.original_name.clone(),
            size: self.size,
            mime_types: self.mime_types.clone(),
        }
    }
}

/// Removes, after the commit, the files that a changed record no longer names, with their thumbnails.
pub(super) fn discard_removed(tx: &mut Tx, record: &Record, original: &Record) {
    let collection = record.collection();
    let place = RecordFiles::new(&collection.id, record.id());
    for field in collection.fields.iter().filter(|field| matches!(field.kind, FieldKind::File(_))) {
        let kept = record.items(&field.name);
        for name in original.items(&field.name).into_iter().filter(|name| !kept.contains(name)) {
            if let (Ok(file), Ok(thumbs)) = (place.file(name), place.thumbs(name)) {
                tx.discard(Obsolete::File { file, thumbs });
            }
        }
    }
}
