//! The files of records that a transaction writes.

use files::{Blobs, Key, Prefix, RecordFiles};
use schema::FieldKind;

use super::Tx;
use crate::records::{StoredUpload, Uploads};
use crate::{Record, Result};

/// Files that are of no use any more.
pub(crate) enum Obsolete {
    /// Files, each with the place of its thumbnails.
    Files(Vec<(Key, Prefix)>),
    /// The files that a deleted record named, and whatever else is in its place.
    Record { named: Vec<(Key, Prefix)>, place: Prefix },
    /// Everything below a place.
    All(Prefix),
    /// Files alone.
    Keys(Vec<Key>),
}

impl Tx {
    /// Removes files after the commit.
    pub(crate) fn discard(&mut self, files: Obsolete) {
        self.obsolete.push(files);
    }

    /// Removes, after the commit, the files of a deleted record.
    pub(crate) fn discard_files_of(&mut self, deleted: &Record) {
        match RecordFiles::new(&deleted.collection().id, deleted.id()).all() {
            Ok(place) => self.discard(Obsolete::Record { named: named(deleted, |_, _| true), place }),
            // An id that cannot be a directory has none.
            Err(error) => tracing::debug!(%error, "a deleted record had no place for files"),
        }
    }

    /// Removes, after the commit, the files that a changed record no longer names.
    pub(crate) fn discard_removed(&mut self, record: &Record, original: &Record) {
        let removed = named(original, |field, name| !record.items(field).contains(&name));
        if !removed.is_empty() {
            self.discard(Obsolete::Files(removed));
        }
    }

    /// Stores files with a record that is about to be written, as [`Uploads::place`] does. What an earlier record of
    /// this id left behind is still removed, but not they.
    pub(crate) async fn place(
        &mut self,
        uploads: &Uploads,
        record: &Record,
        original: Option<&Record>,
    ) -> Result<Vec<StoredUpload>> {
        let stored = uploads.place(self.engine.blobs(), record, original).await?;
        if !stored.is_empty()
            && let Ok(used) = RecordFiles::new(&record.collection().id, record.id()).all()
        {
            for files in &mut self.obsolete {
                files.spare(&used);
            }
        }
        Ok(stored)
    }
}

impl Obsolete {
    /// Keeps what a deleted record did not name, where a new one has taken its place.
    fn spare(&mut self, used: &Prefix) {
        if let Self::Record { named, place } = self
            && place == used
        {
            *self = Self::Files(std::mem::take(named));
        }
    }

    /// The same files as they are now, whatever comes to their place.
    pub(super) async fn by_name(self, blobs: &dyn Blobs) -> Self {
        let mut keys = Vec::new();
        let prefixes = match self {
            Self::Files(files) => files
                .into_iter()
                .map(|(file, thumbs)| {
                    keys.push(file);
                    thumbs
                })
                .collect(),
            Self::Record { place, .. } | Self::All(place) => vec![place],
            Self::Keys(keys) => return Self::Keys(keys),
        };
        for prefix in prefixes {
            match blobs.list(&prefix).await {
                Ok(found) => keys.extend(found.into_iter().map(|entry| entry.key)),
                Err(error) => tracing::warn!(%error, "superfluous files could not be found"),
            }
        }
        Self::Keys(keys)
    }

    /// The records are right already: a file too many does no harm.
    pub(super) async fn remove_or_tell(&self, blobs: &dyn Blobs) {
        if let Err(error) = self.remove(blobs).await {
            tracing::warn!(%error, "superfluous files could not be removed");
        }
    }

    async fn remove(&self, blobs: &dyn Blobs) -> files::Result<()> {
        match self {
            Self::Files(files) => {
                for (file, thumbs) in files {
                    blobs.delete(file).await?;
                    blobs.delete_prefix(thumbs).await?;
                }
                Ok(())
            }
            Self::Record { place, .. } | Self::All(place) => blobs.delete_prefix(place).await,
            Self::Keys(keys) => {
                for key in keys {
                    match blobs.delete(key).await {
                        Ok(()) | Err(files::Error::NotFound) => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(())
            }
        }
    }
}

/// Where the files are that a record names, those that `which` picks by field and name.
fn named(record: &Record, which: impl Fn(&str, &str) -> bool) -> Vec<(Key, Prefix)> {
    let collection = record.collection();
    let place = RecordFiles::new(&collection.id, record.id());
    let fields = collection.fields.iter().filter(|field| matches!(field.kind, FieldKind::File(_)));
    let names = fields.flat_map(|field| {
        let names = record.items(&field.name).into_iter();
        names.filter(|name| which(&field.name, name))
    });
    names.filter_map(|name| Some((place.file(name).ok()?, place.thumbs(name).ok()?))).collect()
}
