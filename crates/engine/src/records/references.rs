//! What a deleted record leaves behind in records that point to it.

use schema::{Collection, Field, FieldKind, Value};
use sql::{Expr, Select, Source};
use store::Cost;

use super::{Access, write};
use crate::{Entry, Error, Record, Request, Result, Tx};

/// Takes a deleted record out of all records that point to it: those that cascade and point to nothing else are
/// deleted, the others lose the reference.
///
/// # Errors
/// 400 without a message when a record would lose a reference that it requires or that keeps it unique.
pub(super) async fn release(tx: &mut Tx, request: &Request, deleted: &Record) -> Result<()> {
    let catalog = tx.catalog();
    for (entry, fields) in catalog.references_to(&deleted.collection().id) {
        for name in fields {
            let Some(field) = entry.collection.field(&name) else { continue };
            for record in referencing(tx, &entry, field, deleted.id()).await? {
                release_one(tx, request, &entry, field, record, deleted.id()).await?;
            }
        }
    }
    Ok(())
}

async fn referencing(tx: &mut Tx, entry: &Entry, field: &Field, id: &str) -> Result<Vec<Record>> {
    let query = entry.select().filter(points_to(&entry.collection, field, id));
    let engine = tx.engine().clone();
    let mut access: Access<'_> = tx.access();
    engine.fetch_records(&mut access, entry, &query, Cost::Scan).await
}

/// Whether a relation field of a row holds this id.
pub(super) fn points_to(collection: &Collection, field: &Field, id: &str) -> Expr {
    let column = Expr::column(&collection.name, &field.name);
    if field.kind.is_multiple() {
        let items = Select::from(Source::json_each(column, "item")).column(Expr::integer(1));
        Expr::exists(items.filter(Expr::item("item").eq(id)))
    } else {
        column.eq(id)
    }
}

async fn release_one(
    tx: &mut Tx,
    request: &Request,
    entry: &Entry,
    field: &Field,
    mut record: Record,
    id: &str,
) -> Result<()> {
    let FieldKind::Relation(options) = &field.kind else { return Ok(()) };
    let rest: Vec<String> =
        record.items(&field.name).into_iter().filter(|&item| item != id).map(str::to_owned).collect();
    if options.cascade_delete && rest.is_empty() {
        return Box::pin(super::delete(tx, request, &record)).await;
    }
    if options.required && rest.is_empty() {
        let cause = format!("{}.{} requires the record", entry.collection.name, field.name);
        return Err(Error::bad_request("").because(cause));
    }
    let original = record.clone();
    let value = if field.kind.is_multiple() {
        Value::List(rest)
    } else {
        Value::Text(rest.into_iter().next().unwrap_or_default())
    };
    record.put(&field.name, value);
    // What failed is the delete; whoever asked for it has the words.
    write::update_row(tx, &mut record, &original, "").await
}
