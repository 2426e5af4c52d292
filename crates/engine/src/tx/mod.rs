//! Transactions on records.

mod attempts;
mod files;
mod last;
mod postponed;
mod watched;

use std::sync::Arc;

use store::Transaction;

pub use self::attempts::Work;
pub(crate) use self::files::Obsolete;
use self::last::Last;
pub(crate) use self::postponed::Postponed;
use self::watched::Watched;
use crate::realtime::Changes;
use crate::records::{Access, Write};
use crate::{Catalog, Engine, Find, Record, Request, Result};

/// A transaction on records, with hooks and validation but without access rules: what extensions write through. See
/// [`Engine::transaction`].
pub struct Tx {
    engine: Engine,
    catalog: Arc<Catalog>,
    inner: Watched,
    /// Whether nothing comes after the next write of a row.
    ends_with_a_write: bool,
    /// A write that waits for the commit.
    last: Option<Last>,
    /// Files that are of no use once the transaction is committed.
    obsolete: Vec<Obsolete>,
    /// For those who want to hear of them once the transaction is committed.
    changes: Changes,
}

impl Tx {
    fn new(engine: Engine, inner: Box<dyn Transaction>) -> Self {
        Self {
            catalog: engine.catalog(),
            engine,
            inner: Watched::new(inner),
            ends_with_a_write: false,
            last: None,
            obsolete: Vec::new(),
            changes: Changes::default(),
        }
    }

    /// The engine that it belongs to.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The collections as they were when it began.
    pub(crate) fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog)
    }

    pub(crate) fn inner(&mut self) -> &mut dyn Transaction {
        &mut self.inner
    }

    pub(crate) fn changes(&mut self) -> &mut Changes {
        &mut self.changes
    }

    pub(crate) fn access(&mut self) -> Access<'_> {
        Access::Transaction(&mut self.inner)
    }

    /// The records of a collection, this transaction's own writes included.
    ///
    /// # Errors
    /// When there is no such collection or field.
    pub async fn find(&mut self, collection: &str, find: &Find) -> Result<Vec<Record>> {
        let (engine, catalog) = (self.engine.clone(), self.catalog());
        crate::records::find(&engine, &catalog, self.access(), collection, find).await
    }

    /// The first of the records.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn find_first(&mut self, collection: &str, find: &Find) -> Result<Option<Record>> {
        Ok(self.find(collection, &find.clone().limit(1)).await?.into_iter().next())
    }

    /// How many records there are; of all when `find` is `None`.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn count(&mut self, collection: &str, find: Option<&Find>) -> Result<u64> {
        let (engine, catalog) = (self.engine.clone(), self.catalog());
        crate::records::count(&engine, &catalog, self.access(), collection, find).await
    }

    /// Validates and writes a new record; what it leaves empty is generated into it.
    ///
    /// # Errors
    /// 400 with errors by field, or what a hook says.
    pub async fn create(&mut self, request: &Request, record: &mut Record) -> Result<()> {
        Write::plain(request, None).run(self, record).await
    }

    /// Validates and writes a changed record.
    ///
    /// # Errors
    /// 404 when the record is gone, 400 with errors by field, or what a hook says.
    pub async fn update(&mut self, request: &Request, record: &mut Record) -> Result<()> {
        let find = Find::all().eq("id", record.id());
        let original = self.find_first(&record.collection().id.clone(), &find).await?;
        let original = original.ok_or_else(|| crate::Error::not_found(""))?;
        Write::plain(request, Some(&original)).run(self, record).await
    }

    /// Deletes a record and what depends on it.
    ///
    /// # Errors
    /// 400 when another record requires it, or what a hook says.
    pub async fn delete(&mut self, request: &Request, record: &Record) -> Result<()> {
        crate::records::delete(self, request, record).await
    }
}
