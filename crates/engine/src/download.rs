use files::{Key, RecordFiles, ThumbSize};
use query::Context;
use schema::field::FileOptions;
use schema::{Field, FieldKind};

use crate::records::Access;
use crate::token::TokenKind;
use crate::{Engine, Entry, Error, Record, Request, Result};

/// Content types of images that have thumbnails.
const IMAGES: [&str; 5] = ["image/png", "image/jpg", "image/jpeg", "image/gif", "image/webp"];

/// The size of thumbnails that every file field has.
const DEFAULT_SIZE: &str = "100x100";

/// A stored file that the caller may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Where it is in the store of files.
    pub key: Key,
    /// The name under which it is saved.
    pub name: String,
}

/// Which file is wanted, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The collection of its record, by id or name.
    pub collection: &'a str,
    /// The id of its record.
    pub record: &'a str,
    /// Its stored name.
    pub name: &'a str,
    /// A file token; empty for none.
    pub token: &'a str,
    /// The size of a thumbnail, for example `100x100`; empty for the file itself.
    pub thumb: &'a str,
}

impl Engine {
    /// A file of a record. Files are public unless their field says that they are protected; the token then must be
    /// a file token of somebody who may view the record.
    ///
    /// Of an image it can be a thumbnail, in a size of its field or 100x100. It is made when it is first asked for.
    /// Where there is none (another size, another type, a broken or too large image), it is the file itself.
    ///
    /// # Errors
    /// 404 for everything that is not there or not for the caller.
    pub async fn download(&self, request: &Request, wanted: Wanted<'_>) -> Result<Download> {
        let missing = || Error::not_found("");
        let entry = self.catalog().find(wanted.collection).cloned();
        let entry = entry.ok_or_else(|| Error::not_found("Missing or invalid collection context."))?;
        let record = self.find_by_id(&entry.collection.id, wanted.record).await?.ok_or_else(missing)?;
        let (field, options) = field_of(&record, wanted.name).ok_or_else(missing)?;
        if options.protected {
            self.check_protected(request, &entry, &record, wanted.token).await?;
        }
        let place = self.place_of(&record, field, wanted.name).await?.ok_or_else(missing)?;
        let key = place.file(wanted.name).map_err(|error| missing().because(error))?;
        let original = Download { key, name: wanted.name.to_owned() };
        if wanted.thumb.is_empty() {
            return Ok(original);
        }
        Ok(self.thumb(options, &place, &original, wanted.thumb).await.unwrap_or(original))
    }

    /// Where the files of a record are. Those of a view are those of the record that the view shows.
    async fn place_of(&self, record: &Record, field: &Field, name: &str) -> Result<Option<RecordFiles>> {
        let collection = record.collection();
        if !collection.is_view() {
            return Ok(Some(RecordFiles::new(&collection.id, record.id())));
        }
        let owner = self.owner_of_file(collection, &field.name, name).await?;
        Ok(owner.map(|(collection, id)| RecordFiles::new(&collection.id, &id)))
    }

    /// The thumbnail of a file, if it can have one.
    async fn thumb(
        &self,
        options: &FileOptions,
        place: &RecordFiles,
        original: &Download,
        size: &str,
    ) -> Option<Download> {
        if size != DEFAULT_SIZE && !options.thumbs.iter().flatten().any(|thumb| thumb == size) {
            return None;
        }
        let metadata = self.blobs().metadata(&original.key).await.ok()?;
        if !IMAGES.contains(&metadata.properties.content_type.as_str()) {
            return None;
        }
        let (key, parsed) = (place.thumb(&original.name, size).ok()?, ThumbSize::parse(size)?);
        if let Err(error) = self.thumbs().ensure(self.blobs(), &original.key, &key, parsed).await {
            tracing::warn!(key = %original.key, size, %error, "the original is sent for a thumbnail");
            return None;
        }
        Some(Download { key, name: format!("{size}_{}", original.name) })
    }

    async fn check_protected(
        &self,
        request: &Request,
        entry: &Entry,
        record: &Record,
        token: &str,
    ) -> Result<()> {
        let missing = || Error::not_found("");
        let auth = self.authenticate(token, TokenKind::File).await?;
        let is_let_in =
            |auth: &Record| !auth.is_superuser() || self.settings().lets_superusers_in_from(&request.ip);
        let auth = auth.filter(|auth| is_let_in(auth));
        let request = Request { auth, context: Context::ProtectedFile, ..request.clone() };
        let rule = entry.rules.view.for_caller(request.is_superuser()).map_err(|_| missing())?;
        let Some(rule) = rule else { return Ok(()) };
        let mut access = Access::Store(self.store());
        match self.passes(&mut access, &request, entry, record.id(), rule).await? {
            true => Ok(()),
            false => Err(missing()),
        }
    }
}

/// The file field that holds this name, with its options.
fn field_of<'a>(record: &'a Record, name: &str) -> Option<(&'a Field, &'a FileOptions)> {
    let fields = record.collection().fields.iter();
    fields
        .filter_map(|field| match &field.kind {
            FieldKind::File(options) => Some((field, options)),
            _ => None,
        })
        .find(|(field, _)| record.items(&field.name).contains(&name))
}
