use std::sync::Arc;

use files::Upload;
use schema::Value;

use super::input::{self, Authority, LoginForm};
use super::{Access, Changed, Uploads, Write, fill};
use crate::json::Json;
use crate::{Engine, Entry, Error, ErrorKind, Record, Request, Result, Tx, Work};

const FAILED: &str = "Failed to create record.";

impl Engine {
    /// Creates a record from a request's body and the files that came with it, each with the key of its form field.
    ///
    /// # Errors
    /// 404 for an unknown collection, 403 when the create rule is for superusers, 400 when the rule is not met (without
    /// data) or fields are wrong (with errors by field).
    pub async fn create(
        &self,
        request: &Request,
        collection: &str,
        files: Vec<(String, Upload)>,
    ) -> Result<Json> {
        if files.is_empty() {
            return self.on_current_catalog(|| self.create_once(request, collection, Vec::new())).await;
        }
        self.create_once(request, collection, files).await
    }

    async fn create_once(
        &self,
        request: &Request,
        collection: &str,
        files: Vec<(String, Upload)>,
    ) -> Result<Json> {
        let entry = self.changeable(collection)?;
        entry.rules.create.for_caller(request.is_superuser())?;
        let uploads = Uploads::receive(&entry.collection, files, self.entropy()).await?;
        let mut create = Create::plan(self, request, entry, Arc::new(uploads))?;
        let created = match create.prepare(self).await {
            Ok(()) => {
                let create = &create;
                self.transaction(|tx| {
                    tx.ends_with_a_write();
                    Work::new(async move { create.run(tx).await })
                })
                .await
            }
            Err(error) => Err(error),
        };
        self.settle(created, &create.uploads).await
    }
}

/// A create that a client asks for.
pub(crate) struct Create {
    entry: Arc<Entry>,
    /// With the body as the rules see it.
    request: Arc<Request>,
    /// The record with the client's fields.
    draft: Record,
    /// The id that the record gets when the client gives none; empty when it does not matter before the write.
    id: String,
    pub(super) uploads: Arc<Uploads>,
}

impl Create {
    /// Reads what the client sent.
    pub(crate) fn plan(
        engine: &Engine,
        request: &Request,
        entry: Arc<Entry>,
        uploads: Arc<Uploads>,
    ) -> Result<Self> {
        let mut draft = Record::new(entry.collection.clone());
        let body = input::apply(&mut draft, request, uploads.incoming(), engine.entropy());
        let mut id = String::new();
        if !uploads.is_empty() {
            let mut filled = draft.clone();
            fill::generate(&mut filled, engine.entropy())?;
            filled.id().clone_into(&mut id);
        }
        Ok(Self { entry, request: Arc::new(request.with_body(body)), draft, id, uploads })
    }

    /// Sets a password that is hashed already, in place of the client's.
    pub(crate) fn set_password(&mut self, password: Value) {
        self.draft.put("password", password);
    }

    /// Removes what was stored for a record that was not created after all.
    pub(crate) async fn discard(&self, engine: &Engine) {
        self.uploads.remove(engine.blobs()).await;
    }

    /// Does what takes long before the transaction begins: passwords, and the uploads of a caller who may create the
    /// record as far as can be known by then. What is left over, the transaction does.
    pub(crate) async fn prepare(&mut self, engine: &Engine) -> Result<()> {
        if self.entry.rules.create.for_caller(self.request.is_superuser()).is_err() {
            return Ok(());
        }
        engine.hash_passwords(&mut self.draft).await?;
        if self.uploads.is_empty() {
            return Ok(());
        }
        let mut access = Access::Store(engine.store());
        if may_create(engine, &mut access, &self.request, &self.entry, &self.draft).await.is_ok() {
            self.uploads.place(engine.blobs(), &self.record(), None).await?;
        }
        Ok(())
    }

    /// Creates the record, if the caller may do that.
    pub(crate) async fn run(&self, tx: &mut Tx) -> Result<Changed> {
        let engine = tx.engine().clone();
        let (request, entry) = (&self.request, &self.entry);
        let authority = may_create(&engine, &mut tx.access(), request, entry, &self.draft).await?;
        if entry.collection.is_auth() {
            let errors = LoginForm::read(&request.body).check(&self.draft, None, authority, false);
            errors.into_result().map_err(|errors| Error::invalid(FAILED, errors))?;
        }
        let mut record = self.record();
        let stored = &tx.place(&self.uploads, &record, None).await?;
        let write = Write { request, original: None, incoming: self.uploads.incoming(), stored };
        write.run(tx, &mut record).await?;
        Ok(Changed { request: Arc::clone(request), entry: Arc::clone(entry), record })
    }

    /// The record as it will be, as far as it is known before the write.
    fn record(&self) -> Record {
        let mut record = self.draft.clone();
        if record.id().is_empty() {
            record.put("id", Value::Text(self.id.clone()));
        }
        record
    }
}

/// Checks the create rule on the record as it will be, and finds out how much the caller may do to it.
async fn may_create(
    engine: &Engine,
    access: &mut Access<'_>,
    request: &Request,
    entry: &Entry,
    record: &Record,
) -> Result<Authority> {
    if request.is_superuser() {
        return Ok(Authority::Manager);
    }
    let mut draft = record.clone();
    // A rule must not be won by claiming to be verified.
    draft.put("verified", Value::Bool(false));
    if draft.id().is_empty() {
        draft.put("id", Value::Text("__temp_id__".to_owned()));
    }
    if let Some(rule) = entry.rules.create.for_caller(false)? {
        let passes = engine.would_pass(access, request, &draft, rule).await;
        // A rule that cannot be compiled for this request is not met by it.
        let passes = passes.map_err(|error| Error { message: FAILED.into(), ..error })?;
        if !passes {
            return Err(Error::bad_request(FAILED).because("the create rule is not met"));
        }
    }
    let Some(rule) = entry.manage_rule().filter(|_| request.auth.is_some()) else {
        return Ok(Authority::Ordinary);
    };
    match engine.would_pass(access, request, &draft, rule).await {
        Ok(true) => Ok(Authority::Manager),
        Ok(false) => Ok(Authority::Ordinary),
        // Nobody manages by a rule that cannot be compiled for a record to be, such as one with a back relation.
        Err(error) if error.kind == ErrorKind::BadRequest => Ok(Authority::Ordinary),
        Err(error) => Err(error),
    }
}
