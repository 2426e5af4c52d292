use std::sync::Arc;

use files::Upload;
use schema::{FieldKind, Value};

use super::input::{self, Authority, LoginForm};
use super::{Access, Changed, Uploads, Write, find::by_id};
use crate::json::Json;
use crate::{Engine, Entry, Error, Record, Request, Result, Tx, Work};

const FAILED: &str = "Failed to update record.";

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
        if files.is_empty() {
            return self.on_current_catalog(|| self.update_once(request, collection, id, Vec::new())).await;
        }
        self.update_once(request, collection, id, files).await
    }

    async fn update_once(
        &self,
        request: &Request,
        collection: &str,
        id: &str,
        files: Vec<(String, Upload)>,
    ) -> Result<Json> {
        let entry = self.changeable(collection)?;
        entry.rules.update.for_caller(request.is_superuser())?;
        let uploads = Uploads::receive(&entry.collection, files, self.entropy()).await?;
        let mut update = Update::plan(request.clone(), entry, id, Arc::new(uploads));
        let updated = match update.prepare(self).await {
            Ok(()) => {
                let update = &update;
                self.transaction(|tx| {
                    tx.ends_with_a_write();
                    Work::new(async move { update.run(tx).await })
                })
                .await
            }
            Err(error) => Err(error),
        };
        self.settle(updated, &update.uploads).await
    }
}

/// An update that a client asks for.
pub(super) struct Update {
    entry: Arc<Entry>,
    request: Arc<Request>,
    id: String,
    /// The record with the client's fields and its passwords hashed, as far as that was done before the transaction.
    draft: Option<Record>,
    /// Whether the old password that came along is the one of this stored value.
    old_password: Option<(Value, bool)>,
    pub(super) uploads: Arc<Uploads>,
}

/// What an update is about to do.
struct Loaded {
    /// With the body as the rules see it.
    request: Request,
    /// As it is stored.
    original: Record,
    /// As it will be.
    record: Record,
}

impl Update {
    /// Reads what the client sent.
    pub(super) fn plan(request: Request, entry: Arc<Entry>, id: &str, uploads: Arc<Uploads>) -> Self {
        let request = Arc::new(request);
        Self { entry, request, id: id.to_owned(), draft: None, old_password: None, uploads }
    }

    /// Whether there is such a record, whoever asks.
    pub(super) async fn finds_record(&self, engine: &Engine, access: &mut Access<'_>) -> Result<bool> {
        Ok(engine.fetch_record(access, &self.entry, &by_id(&self.entry, &self.id)).await?.is_some())
    }

    /// Does what takes long, passwords and uploads, before the transaction begins, for a caller who may change the
    /// record as far as can be known by then. What is left over, the transaction does.
    pub(super) async fn prepare(&mut self, engine: &Engine) -> Result<()> {
        let form = LoginForm::read(&self.request.body);
        if self.uploads.is_empty() && !form.sets_password() && !self.sends_password() {
            return Ok(());
        }
        let Ok(mut loaded) = self.load(engine, &mut Access::Store(engine.store())).await else {
            return Ok(());
        };
        if self.entry.collection.is_auth()
            && let Some(password) = loaded.original.get("password")
        {
            let proven = form.proves_old(engine, &loaded.original).await?;
            self.old_password = Some((password.clone(), proven));
        }
        engine.hash_passwords(&mut loaded.record).await?;
        self.uploads.place(engine.blobs(), &loaded.record, Some(&loaded.original)).await?;
        self.draft = Some(loaded.record);
        Ok(())
    }

    /// Changes the record, if the caller may do that.
    pub(super) async fn run(&self, tx: &mut Tx) -> Result<Changed> {
        let engine = tx.engine().clone();
        let Loaded { request, original, mut record } = self.load(&engine, &mut tx.access()).await?;
        if let Some(draft) = &self.draft {
            input::take_hashes(&mut record, draft);
        }
        if self.entry.collection.is_auth() {
            self.check_login(tx, &request, &original, &record).await?;
        }
        let stored = &tx.place(&self.uploads, &record, Some(&original)).await?;
        let incoming = self.uploads.incoming();
        let write = Write { request: &request, original: Some(&original), incoming, stored };
        write.run(tx, &mut record).await?;
        Ok(Changed { request: Arc::new(request), entry: Arc::clone(&self.entry), record })
    }

    /// The stored record, if the update rule lets the caller change it in this way, and the record as it will be.
    async fn load(&self, engine: &Engine, access: &mut Access<'_>) -> Result<Loaded> {
        let gone = || Error::not_found("");
        let rule = self.entry.rules.update.for_caller(self.request.is_superuser())?;
        let stored = engine.fetch_record(access, &self.entry, &by_id(&self.entry, &self.id)).await?;
        let original = stored.ok_or_else(gone)?;
        let mut record = original.clone();
        let body = input::apply(&mut record, &self.request, self.uploads.incoming(), engine.entropy());
        let request = self.request.with_body(body);
        if let Some(rule) = rule
            && !engine.passes(access, &request, &self.entry, &self.id, rule).await?
        {
            return Err(gone());
        }
        Ok(Loaded { request, original, record })
    }

    /// Checks the fields of an auth record that not everybody may change.
    async fn check_login(
        &self,
        tx: &mut Tx,
        request: &Request,
        original: &Record,
        record: &Record,
    ) -> Result<()> {
        let engine = tx.engine().clone();
        let managed = request.auth.is_some()
            && engine.manages(&mut tx.access(), request, &self.entry, original.id()).await?;
        let authority =
            if managed || request.is_superuser() { Authority::Manager } else { Authority::Ordinary };
        let form = LoginForm::read(&request.body);
        let old_is_right = match &self.old_password {
            Some((password, proven)) if original.get("password") == Some(password) => *proven,
            // The record was written since it was looked at, or is new.
            _ => authority == Authority::Ordinary && form.proves_old(&engine, original).await?,
        };
        let errors = form.check(record, Some(original), authority, old_is_right);
        errors.into_result().map_err(|errors| Error::invalid(FAILED, errors))
    }

    /// Whether the body has a password that is to be hashed.
    fn sends_password(&self) -> bool {
        let fields = &self.entry.collection.fields;
        let mut passwords = fields.iter().filter(|field| matches!(field.kind, FieldKind::Password(_)));
        passwords.any(|field| self.request.body.contains_key(&field.name))
    }
}
