use files::Upload;
use schema::FieldKind;

use super::input::{self, Authority, LoginForm};
use super::uploads::{self, Incoming, Uploads};
use super::{Access, Write, find::by_id, validate};
use crate::json::Json;
use crate::{Engine, Entry, Error, Record, Request, Result, Tx, Work};

const FAILED: &str = "Failed to update record.";

/// What was worked out before the transaction began.
struct Prepared {
    /// The record as it was stored then.
    original: Record,
    /// The record with the client's fields, its passwords hashed.
    draft: Record,
    /// Whether the old password that came along is the one of the stored record.
    old_is_right: bool,
    uploads: Uploads,
}

impl Engine {
    /// Changes a record by a request's body and the files that came with it, each with the key of its form field.
    ///
    /// # Errors
    /// 404 for an unknown collection or record or where the update rule hides it, 403 when the rule is for superusers,
    /// 400 with errors by field.
    pub async fn update(
        &self,
        request: &Request,
        collection: &str,
        id: &str,
        files: Vec<(String, Upload)>,
    ) -> Result<Json> {
        let entry = self.collection(collection, "Missing or invalid collection context.")?;
        if entry.collection.is_view() {
            return Err(Error::bad_request("Unsupported collection type."));
        }
        entry.rules.update.for_caller(request.is_superuser())?;
        let incoming = uploads::receive(&entry.collection, files, self.entropy()).await?;
        let form = LoginForm::read(&request.body);
        let slow = !incoming.is_empty() || form.sets_password() || sends_password(&entry, request);
        let prepared =
            if slow { Some(self.prepare_update(request, &entry, id, &incoming, &form).await?) } else { None };
        let (of, files, done) = (&entry, &incoming, prepared.as_ref());
        let updated = self.transaction(|tx| {
            Work::new(async move { self.update_in(tx, request, of, id, files, done).await })
        });
        match updated.await {
            Ok((request, record)) => {
                let see = self.visibility(&request, &entry, &record).await?;
                self.record_json(&request, record, see).await
            }
            Err(error) => {
                if let Some(prepared) = prepared {
                    prepared.uploads.remove(self.blobs()).await;
                }
                Err(error)
            }
        }
    }

    /// Does what takes long, passwords and uploads, for a caller who may change the record.
    async fn prepare_update(
        &self,
        request: &Request,
        entry: &Entry,
        id: &str,
        incoming: &[Incoming],
        form: &LoginForm,
    ) -> Result<Prepared> {
        let mut access = Access::Store(self.store());
        let (_, original, mut draft) =
            self.load_for_update(&mut access, request, entry, id, incoming).await?;
        let old_is_right = entry.collection.is_auth() && form.proves_old(self, &original).await?;
        self.hash_passwords(&mut draft).await?;
        let valid = validate::files_are_valid(&draft, Some(&original), incoming);
        let uploads = Uploads::place(self.blobs(), &original, incoming, valid).await?;
        Ok(Prepared { original, draft, old_is_right, uploads })
    }

    async fn update_in(
        &self,
        tx: &mut Tx,
        request: &Request,
        entry: &Entry,
        id: &str,
        incoming: &[Incoming],
        prepared: Option<&Prepared>,
    ) -> Result<(Request, Record)> {
        let loaded = self.load_for_update(&mut tx.access(), request, entry, id, incoming).await?;
        let (request, original, mut record) = loaded;
        if let Some(prepared) = prepared {
            input::take_hashes(&mut record, &prepared.draft);
        }
        if entry.collection.is_auth() {
            let authority = if request.is_superuser()
                || request.auth.is_some()
                    && self.manages(&mut tx.access(), &request, entry, original.id()).await?
            {
                Authority::Manager
            } else {
                Authority::Ordinary
            };
            let old_is_right = prepared.is_some_and(|prepared| {
                // It was checked before the transaction began: it counts for the same stored password only.
                prepared.old_is_right && prepared.original.get("password") == original.get("password")
            });
            let errors =
                LoginForm::read(&request.body).check(&record, Some(&original), authority, old_is_right);
            errors.into_result().map_err(|errors| Error::invalid(FAILED, errors))?;
        }
        let uploads = prepared.map_or(&[][..], |prepared| &prepared.uploads.files);
        Write { request: &request, original: Some(&original), uploads }.run(tx, &mut record).await?;
        Ok((request, record))
    }

    /// The stored record, if the update rule lets the caller change it in this way, and the record as it will be.
    /// The request comes back with the body that the rule saw.
    async fn load_for_update(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        entry: &Entry,
        id: &str,
        incoming: &[Incoming],
    ) -> Result<(Request, Record, Record)> {
        let gone = || Error::not_found("");
        let original = self.fetch_record(access, entry, &by_id(entry, id)).await?.ok_or_else(gone)?;
        let mut record = original.clone();
        let body = input::apply(&mut record, request, incoming, self.entropy());
        let request = Request { body, ..request.clone() };
        if let Some(rule) = entry.rules.update.for_caller(request.is_superuser())?
            && !self.passes(access, &request, entry, id, rule).await?
        {
            return Err(gone());
        }
        Ok((request, original, record))
    }
}

/// Whether the body has a password that is to be hashed.
fn sends_password(entry: &Entry, request: &Request) -> bool {
    let mut passwords =
        entry.collection.fields.iter().filter(|field| matches!(field.kind, FieldKind::Password(_)));
    passwords.any(|field| request.body.contains_key(&field.name))
}
