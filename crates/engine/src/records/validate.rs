use schema::value::{self, Context, RecordState, UploadInfo};
use schema::{Field, FieldError, FieldErrors, FieldKind};
use sql::{Expr, Select};
use store::Cost;

use super::belongings;
use super::uploads::Incoming;
use crate::{Error, Record, Result, Tx};

/// Checks all fields of a record that is about to be written.
///
/// # Errors
/// 400 with errors by field.
pub(super) async fn validate(
    tx: &mut Tx,
    record: &Record,
    original: Option<&Record>,
    incoming: &[Incoming],
) -> Result<()> {
    let uploads: Vec<UploadInfo> = incoming.iter().map(|file| file.info.clone()).collect();
    let mut errors = FieldErrors::new();
    let collection = record.collection().clone();
    for (field, value) in collection.fields.iter().zip(record.values()) {
        let error =
            match check(field, record, original, &uploads, id_taken(tx, field, record, original).await?) {
                None => check_relation(tx, field, value).await?,
                found => found,
            };
        if let Some(error) = error {
            errors.push(&field.name, error);
        }
    }
    if original.is_none() && errors.is_empty() && is_other_login(tx, record).await? {
        let error = FieldError::new("validation_invalid_auth_id", "Invalid or duplicated auth record id.");
        errors.push("id", error);
    }
    errors.into_result().map_err(|errors| Error::invalid(failed(original), errors))?;
    belongings::check_owner(tx, record, failed(original)).await
}

/// Whether the files of a record that is about to be written are as their fields want them, and its id is one that
/// they can be stored under.
pub(super) fn files_are_valid(record: &Record, original: Option<&Record>, incoming: &[Incoming]) -> bool {
    let uploads: Vec<UploadInfo> = incoming.iter().map(|file| file.info.clone()).collect();
    let mut fields = record
        .collection()
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldKind::File(_)) || field.is_primary_key());
    fields.all(|field| check(field, record, original, &uploads, false).is_none())
}

/// What a client is told first when a record is not written.
fn failed(original: Option<&Record>) -> &'static str {
    if original.is_some() { "Failed to update record." } else { "Failed to create record." }
}

fn check(
    field: &Field,
    record: &Record,
    original: Option<&Record>,
    uploads: &[UploadInfo],
    id_taken: bool,
) -> Option<FieldError> {
    let stored_files =
        original.and_then(|record| record.get(&field.name)).map_or(&[][..], value::Value::items);
    let state = match original {
        Some(original) => RecordState::Stored { id: original.id() },
        None => RecordState::New { id_taken },
    };
    let context = Context { state, stored_files, uploads };
    value::validate(field, record.get(&field.name)?, &context)
}

/// Whether another record has the id of a new one, in letters of any case; looked up only where that matters.
async fn id_taken(tx: &mut Tx, field: &Field, record: &Record, original: Option<&Record>) -> Result<bool> {
    if original.is_some() || !field.is_primary_key() || !value::needs_id_lookup(field) {
        return Ok(false);
    }
    let query = Select::from_table(&record.collection().name)
        .column(Expr::integer(1))
        .filter(Expr::name(&field.name).lower().eq(Expr::value(record.id()).lower()))
        .limit(1);
    tx.access().exists(&query, Cost::Point).await
}

/// Whether all records that a relation names exist.
async fn check_relation(tx: &mut Tx, field: &Field, value: &value::Value) -> Result<Option<FieldError>> {
    let FieldKind::Relation(options) = &field.kind else { return Ok(None) };
    let ids = value.items();
    if ids.is_empty() {
        return Ok(None);
    }
    let Some(target) = tx.catalog().by_id(&options.collection_id).cloned() else {
        return Ok(Some(value::missing_relation_collection()));
    };
    let query = Select::from_table(&target.collection.name)
        .column(Expr::count())
        .filter(Expr::name("id").in_list(ids.iter().map(String::as_str)));
    let found = tx.access().number(&query, Cost::Point).await?;
    Ok((found != ids.len() as u64).then(value::missing_relation_records))
}

/// Whether a record of another auth collection has the same id: tokens could be mistaken for each other.
async fn is_other_login(tx: &mut Tx, record: &Record) -> Result<bool> {
    if !record.collection().is_auth() {
        return Ok(false);
    }
    let catalog = tx.catalog();
    let others = catalog
        .entries()
        .iter()
        .filter(|entry| entry.collection.is_auth() && entry.collection.id != record.collection().id);
    for other in others {
        if tx.access().exists(&super::find::by_id(other, record.id()), Cost::Point).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
