//! What belongs to an auth record: one-time passwords, logins that wait for a second method, accounts at other services,
//! places of logins. All of it goes with the record, and some of it when a login changes.

use ambient::Entropy;
use schema::collection::system::{AUTH_ORIGINS, EXTERNAL_AUTHS, MFAS, OTPS};
use schema::{FieldError, FieldErrors};
use sql::Expr;
use store::Cost;

use super::{fill, find::by_id};
use crate::{Error, Find, Record, Request, Result, Tx};

/// The collections whose records belong to an auth record.
const ALL: [&str; 4] = [EXTERNAL_AUTHS, MFAS, OTPS, AUTH_ORIGINS];

/// Deletes what belongs to an auth record that is deleted.
pub(super) async fn remove_all(tx: &mut Tx, request: &Request, owner: &Record) -> Result<()> {
    for name in ALL {
        remove(tx, request, owner, name).await?;
    }
    Ok(())
}

/// Deletes what belongs to the records of a collection that is deleted.
pub(crate) async fn remove_all_of(tx: &mut Tx, collection_id: &str) -> Result<()> {
    for name in ALL {
        let filter = Some(Expr::name("collectionRef").eq(collection_id));
        tx.inner().execute(&sql::Delete { table: name.into(), filter }.into()).await?;
    }
    Ok(())
}

/// Before an auth record is written that becomes verified: whoever linked accounts of other services to it did not prove
/// to own the address, so they are unlinked, and all tokens that there are become worthless.
pub(super) async fn before_update(
    tx: &mut Tx,
    request: &Request,
    record: &mut Record,
    original: &Record,
    entropy: &dyn Entropy,
) -> Result<()> {
    let becomes_verified = record.flag("verified") && !original.flag("verified");
    if becomes_verified
        && record.collection().is_auth()
        && unlink(tx, request, original).await?
        && record.get("tokenKey") == original.get("tokenKey")
    {
        fill::renew_token_key(record, entropy);
    }
    Ok(())
}

/// After an auth record was written: one-time passwords end with its tokens; a new password also ends logins that are
/// under way, and makes every place a new one.
pub(super) async fn after_update(
    tx: &mut Tx,
    request: &Request,
    record: &Record,
    original: &Record,
) -> Result<()> {
    if !record.collection().is_auth() {
        return Ok(());
    }
    let changed = |name| record.get(name) != original.get(name);
    if changed("tokenKey") {
        remove(tx, request, record, OTPS).await?;
    }
    if changed("password") {
        remove(tx, request, record, MFAS).await?;
        remove(tx, request, record, AUTH_ORIGINS).await?;
    }
    Ok(())
}

/// Deletes the links of an auth record to accounts of other services; whether there were any.
pub(crate) async fn unlink(tx: &mut Tx, request: &Request, owner: &Record) -> Result<bool> {
    remove(tx, request, owner, EXTERNAL_AUTHS).await
}

/// Deletes what belongs to an auth record in one of the collections; whether there was any.
async fn remove(tx: &mut Tx, request: &Request, owner: &Record, name: &str) -> Result<bool> {
    let find = Find::all().eq("collectionRef", &owner.collection().id).eq("recordRef", owner.id());
    let belongings = tx.find(name, &find).await?;
    for record in &belongings {
        // A delete can remove belongings; belongings have none themselves.
        Box::pin(super::delete(tx, request, record)).await?;
    }
    Ok(!belongings.is_empty())
}

/// Checks whom a record belongs to that is about to be written, and which service it names.
///
/// # Errors
/// 400 with errors by field.
pub(super) async fn check_owner(tx: &mut Tx, record: &Record, failed: &'static str) -> Result<()> {
    if !ALL.contains(&record.collection().name.as_str()) {
        return Ok(());
    }
    let refuse = |field: &str, error| Error::invalid(failed, FieldErrors::single(field, error));
    let catalog = tx.catalog();
    let collection = record.text("collectionRef");
    let invalid = || FieldError::new("validation_invalid_collection_id", "Missing or invalid collection.");
    let entry = catalog.by_id(collection).ok_or_else(|| refuse("collectionRef", invalid()))?;
    if !entry.collection.is_auth() {
        let message = "Invalid collection type - must be auth.";
        let error = FieldError::new("validation_invalid_collection_type", message);
        return Err(refuse("collectionRef", error));
    }
    let id = record.text("recordRef");
    if !tx.access().exists(&by_id(entry, id), Cost::Point).await? {
        let error = FieldError::new("validation_invalid_record", "Missing or invalid record.");
        return Err(refuse("recordRef", error));
    }
    if record.collection().name == EXTERNAL_AUTHS && !tx.engine().oauth2().has(record.text("provider")) {
        let error = FieldError::new("validation_in_invalid", "Must be a valid value.");
        return Err(refuse("provider", error));
    }
    Ok(())
}
