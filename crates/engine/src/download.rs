use std::sync::Arc;

use files::{Key, RecordFiles};
use query::Context;
use schema::{Field, FieldKind};

use crate::records::Access;
use crate::token::TokenKind;
use crate::{Engine, Entry, Error, Record, Request, Result};

/// A stored file that the caller may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Where it is in the store of files.
    pub key: Key,
    /// Its stored name.
    pub name: String,
}

impl Engine {
    /// A file of a record. Files are public unless their field says that they are protected; `token` then must be a
    /// file token of somebody who may view the record.
    ///
    /// # Errors
    /// 404 for everything that is not there or not for the caller.
    pub async fn download(
        &self,
        request: &Request,
        collection: &str,
        record: &str,
        name: &str,
        token: &str,
    ) -> Result<Download> {
        let missing = || Error::not_found("");
        let entry = self.catalog().find(collection).cloned();
        let entry = entry.ok_or_else(|| Error::not_found("Missing or invalid collection context."))?;
        if entry.collection.is_view() {
            return Err(missing());
        }
        let record = self.find_by_id(&entry.collection.id, record).await?.ok_or_else(missing)?;
        let field = field_of(&record, name).ok_or_else(missing)?;
        if is_protected(field) {
            self.check_protected(request, &entry, &record, token).await?;
        }
        let place = RecordFiles::new(&entry.collection.id, record.id());
        let key = place.file(name).map_err(|error| missing().because(error))?;
        Ok(Download { key, name: name.to_owned() })
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

/// The file field that holds this name.
fn field_of<'a>(record: &'a Record, name: &str) -> Option<&'a Field> {
    let fields: &'a Arc<_> = record.collection();
    fields
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldKind::File(_)))
        .find(|field| record.items(&field.name).contains(&name))
}

fn is_protected(field: &Field) -> bool {
    matches!(&field.kind, FieldKind::File(options) if options.protected)
}
