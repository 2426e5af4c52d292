use std::mem;

use schema::value::{self, Context, RecordState, UploadInfo};
use schema::{Field, FieldError, FieldErrors, FieldKind};
use sql::{Expr, Select};
use store::{Cost, Row};

use super::belongings;
use super::uploads::Incoming;
use crate::{Error, Record, Result, Tx};

/// How many ids may be looked for in one query before another one begins: databases limit the values of a statement.
const MANY_IDS: usize = 1000;

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
    let mut found = Vec::new();
    for field in &collection.fields {
        let taken = id_taken(tx, field, record, original).await?;
        found.push(check(field, record, original, &uploads, taken));
    }
    check_relations(tx, record, &mut found).await?;
    for (field, error) in collection.fields.iter().zip(found) {
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

/// Finds the fields without an error that name records which do not exist.
async fn check_relations(tx: &mut Tx, record: &Record, errors: &mut [Option<FieldError>]) -> Result<()> {
    let catalog = tx.catalog();
    let fields = record.collection().fields.iter().zip(record.values()).zip(errors);
    let mut wait = Vec::new();
    let (mut query, mut ids_in_query) = (Select::new(), 0);
    for ((field, value), error) in fields {
        let (FieldKind::Relation(options), ids) = (&field.kind, value.items()) else { continue };
        if ids.is_empty() || error.is_some() {
            continue;
        }
        let Some(target) = catalog.by_id(&options.collection_id) else {
            *error = Some(value::missing_relation_collection());
            continue;
        };
        let count = Select::from_table(&target.collection.name)
            .column(Expr::count())
            .filter(Expr::name("id").in_list(ids.iter().map(String::as_str)));
        query = query.column(Expr::Scalar(Box::new(count)));
        wait.push((error, ids.len() as u64));
        ids_in_query += ids.len();
        if ids_in_query >= MANY_IDS {
            tell(tx, mem::take(&mut query), &mut wait).await?;
            ids_in_query = 0;
        }
    }
    tell(tx, query, &mut wait).await
}

/// Notes an error for each field of which not as many records were counted as it names.
async fn tell(tx: &mut Tx, query: Select, fields: &mut Vec<(&mut Option<FieldError>, u64)>) -> Result<()> {
    if fields.is_empty() {
        return Ok(());
    }
    let columns = fields.len();
    let counts = move |row: &dyn Row| Ok((0..columns).map(|n| row.get(n).as_i64()).collect::<Vec<_>>());
    let rows = tx.access().fetch(&query, Cost::Point, counts).await?;
    for ((error, named), count) in fields.drain(..).zip(rows.into_iter().flatten()) {
        if count.and_then(|count| u64::try_from(count).ok()) != Some(named) {
            *error = Some(value::missing_relation_records());
        }
    }
    Ok(())
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
