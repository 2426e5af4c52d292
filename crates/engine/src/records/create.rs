use files::Upload;
use schema::Value;

use super::input::{self, Authority, LoginForm};
use super::uploads::{self, StoredUpload, Uploads};
use super::{Access, Write, fill, validate};
use crate::json::Json;
use crate::{Engine, Entry, Error, Record, Request, Result, Tx, Work};

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
        let entry = self.collection(collection, "Missing or invalid collection context.")?;
        if entry.collection.is_view() {
            return Err(Error::bad_request("Unsupported collection type."));
        }
        entry.rules.create.for_caller(request.is_superuser())?;
        let incoming = uploads::receive(&entry.collection, files, self.entropy()).await?;
        let mut record = Record::new(entry.collection.clone());
        let body = input::apply(&mut record, request, &incoming, self.entropy());
        let request = Request { body, ..request.clone() };
        self.hash_passwords(&mut record).await?;
        let mut uploads = Uploads::default();
        if !incoming.is_empty() {
            self.may_create(&mut Access::Store(self.store()), &request, &entry, &record).await?;
            fill::generate(&mut record, self.entropy())?;
            let valid = validate::files_are_valid(&record, None, &incoming);
            uploads = Uploads::place(self.blobs(), &record, &incoming, valid).await?;
        }
        let (asked, of, draft, stored) = (&request, &entry, &record, &uploads.files);
        let created = self.transaction(|tx| {
            Work::new(async move { self.create_in(tx, asked, of, draft.clone(), stored).await })
        });
        match created.await {
            Ok(record) => {
                let see = self.visibility(&request, &entry, &record).await?;
                self.record_json(&request, record, see).await
            }
            Err(error) => {
                uploads.remove(self.blobs()).await;
                Err(error)
            }
        }
    }

    async fn create_in(
        &self,
        tx: &mut Tx,
        request: &Request,
        entry: &Entry,
        mut record: Record,
        stored: &[StoredUpload],
    ) -> Result<Record> {
        let authority = self.may_create(&mut tx.access(), request, entry, &record).await?;
        if entry.collection.is_auth() {
            let errors = LoginForm::read(&request.body).check(&record, None, authority, false);
            errors.into_result().map_err(|errors| Error::invalid(FAILED, errors))?;
        }
        Write { request, original: None, uploads: stored }.run(tx, &mut record).await?;
        Ok(record)
    }

    /// Checks the create rule on the record as it will be, and finds out how much the caller may do to it.
    async fn may_create(
        &self,
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
            let passes = self.would_pass(access, request, &draft, rule).await;
            // A rule that cannot be compiled for this request is not met by it.
            let passes = passes.map_err(|error| Error { message: FAILED.into(), ..error })?;
            if !passes {
                return Err(Error::bad_request(FAILED).because("the create rule is not met"));
            }
        }
        match entry.manage_rule().filter(|_| request.auth.is_some()) {
            Some(rule) if self.would_pass(access, request, &draft, rule).await? => Ok(Authority::Manager),
            _ => Ok(Authority::Ordinary),
        }
    }
}
