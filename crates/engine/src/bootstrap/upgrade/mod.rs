//! Data of an older format is brought to the present one, in one transaction with the note that it was.
//!
//! What is changed is what PocketBase v0.39 would change at its start, and nothing else: the directory can go back to
//! it. The migrations and what they do are those of PocketBase's `migrations/`.

mod alerts;
mod difference;
mod indexes;

use std::sync::Arc;

use schema::Collection;
use store::Store;

use super::migrations::{self, Migration, Upgrade};
use super::{StartError, load, tables};
use crate::collections::save_in;
use crate::{Catalog, Engine, Error, Result, Tx, Work};

/// What an upgrade changed, or would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgraded {
    /// The migration of PocketBase's that does the same.
    pub migration: &'static str,
    /// One line for each change: the collection, what of it, and the old and the new value.
    pub changes: Vec<String>,
}

/// The upgrades that a store needs, by the names of PocketBase's migrations; none for a fresh one.
///
/// # Errors
/// [`StartError`] when the store does not answer, and when it is of a format that cannot be upgraded.
pub async fn pending_upgrades(store: &dyn Store) -> Result<Vec<&'static str>, StartError> {
    let pending = pending(store).await?;
    Ok(pending.into_iter().map(|migration| migration.file).collect())
}

async fn pending(store: &dyn Store) -> Result<Vec<Migration>, StartError> {
    match load::applied_migrations(store).await? {
        Some(files) => migrations::pending(&files),
        None => Ok(Vec::new()),
    }
}

/// Brings the data to the present format, or with `keep` unset finds out what that would change.
pub(crate) async fn upgrade(engine: &Engine, keep: bool) -> Result<Vec<Upgraded>, StartError> {
    let pending = pending(engine.store()).await?;
    if pending.is_empty() {
        return Ok(Vec::new());
    }
    let done = engine.transaction(|tx| {
        let pending = pending.clone();
        Work::new(async move {
            let mut run = Run { catalog: tx.catalog(), tx };
            let done = run.all(&pending).await?;
            // Dropping the transaction is what undoes it.
            if keep { Ok((done, run.catalog)) } else { Err(Ended::Looked(done)) }
        })
    });
    match done.await {
        Ok((done, catalog)) => {
            engine.replace_catalog(Catalog::from_entries(catalog.entries().to_vec()));
            Ok(done)
        }
        Err(Ended::Looked(done)) => Ok(done),
        Err(Ended::Failed(migration, cause)) => {
            Err(StartError::Upgrade { migration: migration.to_owned(), cause: Box::new(cause) })
        }
    }
}

/// How an upgrade ends that is not kept.
enum Ended {
    Looked(Vec<Upgraded>),
    Failed(&'static str, Error),
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Failed("the transaction", error)
    }
}

/// An upgrade under way.
struct Run<'a> {
    tx: &'a mut Tx,
    /// The collections as they are by now.
    catalog: Arc<Catalog>,
}

impl Run<'_> {
    async fn all(&mut self, pending: &[Migration]) -> Result<Vec<Upgraded>, Ended> {
        let mut done = Vec::new();
        for migration in pending {
            let failed = |error| Ended::Failed(migration.file, error);
            let changes = self.one(migration).await.map_err(failed)?;
            done.push(Upgraded { migration: migration.file, changes });
        }
        Ok(done)
    }

    async fn one(&mut self, migration: &Migration) -> Result<Vec<String>> {
        let changes = match migration.upgrade {
            Some(Upgrade::AlertTemplates) => alerts::renew(self).await?,
            Some(Upgrade::Indexes) => indexes::normalize(self).await?,
            None => Vec::new(),
        };
        let at = self.tx.engine().clock().now().as_microsecond();
        self.tx.inner().execute(&tables::applied(migration.file, at)).await?;
        Ok(changes)
    }

    /// The collections as they are by now.
    fn collections(&self) -> Vec<Arc<Collection>> {
        self.catalog.entries().iter().map(|entry| Arc::clone(&entry.collection)).collect()
    }

    /// Saves a changed collection as the collections API does. Returns what is different now.
    async fn save(&mut self, old: &Collection, new: Collection) -> Result<Vec<String>> {
        let engine = self.tx.engine().clone();
        let failed = "The collection cannot be upgraded.";
        let saved = save_in(self.tx.inner(), &self.catalog, &engine, Some(old), new, failed).await?;
        let changes = difference::lines(old, &saved);
        self.catalog = Arc::new(self.catalog.with(saved));
        Ok(changes)
    }
}
