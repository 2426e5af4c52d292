use std::sync::Arc;

use sql::{Expr, Select};

use super::{belongings, references};
use crate::hooks::DeleteEvent;
use crate::{Engine, Entry, Error, ErrorKind, Record, Request, Result, SUPERUSERS, Tx, Work};

impl Engine {
    /// Deletes a record, what cascades from it, and its files.
    ///
    /// # Errors
    /// 404 for an unknown collection or record or where the delete rule hides it, 403 when the rule is for
    /// superusers, 400 when another record requires it.
    pub async fn delete(&self, request: &Request, collection: &str, id: &str) -> Result<()> {
        self.on_current_catalog(|| self.delete_once(request, collection, id)).await
    }

    async fn delete_once(&self, request: &Request, collection: &str, id: &str) -> Result<()> {
        let delete = &Delete::plan(self, request.clone(), self.changeable(collection)?, id)?;
        self.transaction(|tx| {
            tx.ends_with_a_write();
            Work::new(async move { delete.run(tx).await })
        })
        .await
    }
}

/// A delete that a client asks for.
pub(super) struct Delete {
    entry: Arc<Entry>,
    request: Request,
    /// The row of the record, if the caller may delete it.
    query: Select,
}

impl Delete {
    pub(super) fn plan(engine: &Engine, request: Request, entry: Arc<Entry>, id: &str) -> Result<Self> {
        let rule = entry.rules.delete.for_caller(request.is_superuser())?;
        let query = engine.row_query(&request, &entry, id, rule)?;
        Ok(Self { entry, request, query })
    }

    /// Deletes the record, if the caller may do that.
    pub(super) async fn run(&self, tx: &mut Tx) -> Result<()> {
        let engine = tx.engine().clone();
        let record = engine.fetch_record(&mut tx.access(), &self.entry, &self.query).await?;
        let record = record.ok_or_else(|| Error::not_found(""))?;
        delete(tx, &self.request, &record).await.map_err(required_elsewhere)
    }
}

/// The reply where a record is required by others, which for its cascade alone has no words.
fn required_elsewhere(error: Error) -> Error {
    if !error.message.is_empty() || error.kind != ErrorKind::BadRequest {
        return error;
    }
    let message = "Failed to delete record. Make sure that the record is not part of a required relation \
                   reference.";
    Error { message: message.into(), ..error }
}

/// Deletes a record with hooks and all that depends on it.
pub(crate) async fn delete(tx: &mut Tx, request: &Request, record: &Record) -> Result<()> {
    let engine = tx.engine().clone();
    let collection = record.collection().clone();
    keep_one_superuser(tx, record).await?;
    for hooks in engine.hooks().of(&collection.name) {
        hooks.before_delete(&mut DeleteEvent { engine: &engine, request, record, tx }).await?;
    }
    let told = tx.before_delete(record).await;
    let row =
        sql::Delete { table: (&collection.name).into(), filter: Some(Expr::name("id").eq(record.id())) };
    tx.write_row(&collection, row.into(), Error::from).await?;
    references::release(tx, request, record).await?;
    if collection.is_auth() {
        belongings::remove_all(tx, request, record).await?;
    }
    tx.discard_files_of(record);
    if let Some(change) = told {
        tx.changes().push(change);
    }
    for hooks in engine.hooks().of(&collection.name) {
        hooks.after_delete(&mut DeleteEvent { engine: &engine, request, record, tx }).await?;
    }
    Ok(())
}

async fn keep_one_superuser(tx: &mut Tx, record: &Record) -> Result<()> {
    if record.is_superuser() && tx.count(SUPERUSERS, None).await? <= 1 {
        return Err(Error::bad_request("You can't delete the only existing superuser."));
    }
    Ok(())
}
