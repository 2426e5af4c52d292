use files::Prefix;
use schema::{Collection, FieldKind};
use sql::{Delete, DropTable, DropView, Expr, Statement};

use super::journal::Note;
use super::views::{self, ViewError};
use crate::bootstrap::COLLECTIONS;
use crate::records::belongings;
use crate::tx::Obsolete;
use crate::{Catalog, Engine, Error, Result, Tx, Work};

const FAILED: &str = "Failed to delete collection";

impl Engine {
    /// Deletes a collection with its table, its records and their files.
    ///
    /// # Errors
    /// 404 for an unknown collection; 400 for a system collection, for one that others point to, and when a view does
    /// not work without it.
    pub async fn delete_collection(&self, name_or_id: &str) -> Result<()> {
        let _turn = self.schema_changes().lock().await;
        let entry = self.known_collection(name_or_id)?;
        let gone = &*entry.collection;
        let catalog = self.catalog();
        let names = referring(&catalog, gone);
        if !names.is_empty() {
            let names = names.join(", ");
            return Err(Error::bad_request(format!(
                "{FAILED} probably due to existing reference in {names}."
            )));
        }
        if gone.system {
            return Err(failed("it is a system collection"));
        }
        let before = &*catalog;
        let deleted = self.transaction(|tx| Work::new(delete(tx, before, gone)));
        let (views, note) = match deleted.await {
            Ok(done) => done,
            Err(ViewError::Refused(reason)) => return Err(failed(reason)),
            Err(ViewError::Failed(error)) => return Err(error),
        };
        self.replace_catalog(views.as_ref().unwrap_or(&catalog).without(&gone.id));
        if let Some(note) = note {
            note.write().await;
        }
        Ok(())
    }
}

/// The names of the other collections with a relation to this one.
pub(super) fn referring<'a>(catalog: &'a Catalog, gone: &Collection) -> Vec<&'a str> {
    let others = catalog.entries().iter().map(|entry| &*entry.collection).filter(|other| other.id != gone.id);
    let refers = |other: &&Collection| {
        other.fields.iter().any(
            |field| matches!(&field.kind, FieldKind::Relation(options) if options.collection_id == gone.id),
        )
    };
    others.filter(refers).map(|other| other.name.as_str()).collect()
}

/// Gives the catalog when views changed with it.
async fn delete(
    tx: &mut Tx,
    catalog: &Catalog,
    gone: &Collection,
) -> Result<(Option<Catalog>, Option<Note>), ViewError> {
    drop_table(tx, gone).await?;
    let engine = tx.engine().clone();
    let views = views::resave(tx.inner(), catalog, &engine, &gone.id).await?;
    forget(tx, gone).await?;
    let note = Note::of(&engine, Some(gone), None)?;
    if let Some(note) = &note {
        note.apply(tx.inner(), &engine).await?;
    }
    Ok((views, note))
}

/// Drops the table or view of a collection.
pub(super) async fn drop_table(tx: &mut Tx, gone: &Collection) -> Result<(), ViewError> {
    let name = (&gone.name).into();
    let table: Statement = if gone.is_view() {
        DropView { name, if_exists: true }.into()
    } else {
        DropTable { name, if_exists: true }.into()
    };
    tx.inner().execute(&table).await?;
    Ok(())
}

/// Deletes the row of a collection whose table is dropped, and its files.
pub(super) async fn forget(tx: &mut Tx, gone: &Collection) -> Result<(), ViewError> {
    let row = Delete { table: COLLECTIONS.into(), filter: Some(Expr::name("id").eq(gone.id.as_str())) };
    tx.inner().execute(&row.into()).await?;
    if gone.is_auth() {
        belongings::remove_all_of(tx, &gone.id).await?;
    }
    if !gone.is_view() {
        match Prefix::parse(&format!("{}/", gone.id)) {
            Ok(files) => tx.discard(Obsolete::All(files)),
            Err(error) => tracing::warn!(%error, "a deleted collection had no place for files"),
        }
    }
    Ok(())
}

fn failed(reason: impl Into<crate::Cause>) -> Error {
    Error::bad_request(format!("{FAILED}.")).because(reason)
}
