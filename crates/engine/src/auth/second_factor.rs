//! The second method of a login: the first one is remembered in `_mfas` until the second one comes.

use schema::collection::system::MFAS;

use super::LoginMethod;
use super::cleanup::is_older_than;
use super::form::Form;
use crate::records::Access;
use crate::{Engine, Error, Record, Request, Result, Work};

impl Engine {
    /// Checks the second method of a login. `None` when none is needed or this one is the second; otherwise the id under
    /// which this first one is remembered.
    ///
    /// # Errors
    /// 400 when the rule that says who needs a second method cannot be compiled, and when the request claims a first
    /// one that there was not, that was too long ago, or that was this one.
    pub(super) async fn ask_second_factor(
        &self,
        request: &Request,
        record: &Record,
        method: LoginMethod,
    ) -> Result<Option<String>> {
        let Some(options) = record.collection().auth().map(|auth| &auth.mfa) else { return Ok(None) };
        if !options.enabled || !self.wants_second_factor(request, record).await? {
            return Ok(None);
        }
        let id = match request.parameter("mfaId") {
            "" => Form::of(request)
                .text("mfaId")
                .map_err(|error| Error { message: "Failed to read MFA Id.".into(), ..error })?,
            id => id.to_owned(),
        };
        if id.is_empty() {
            return self.remember_first_factor(record, method).await.map(Some);
        }
        let first = self.find_by_id(MFAS, &id).await?;
        let invalid = || Error::bad_request("Invalid or expired MFA session.");
        let first = first.ok_or_else(invalid)?;
        if is_older_than(&first, options.duration, self.clock().now()) {
            self.forget(&first).await?;
            return Err(invalid());
        }
        let owner = (record.id(), record.collection().id.as_str());
        if (first.text("recordRef"), first.text("collectionRef")) != owner {
            return Err(Error::bad_request("Invalid MFA session."));
        }
        if first.text("method") == method.name() {
            return Err(Error::bad_request("A different authentication method is required."));
        }
        // Of two requests with the same id one comes too late.
        if self.forget(&first).await? { Ok(None) } else { Err(invalid()) }
    }

    /// Whether the collection's rule says that this record needs a second method.
    async fn wants_second_factor(&self, request: &Request, record: &Record) -> Result<bool> {
        let failed =
            |error: Error| Error { cause: error.cause, ..Error::bad_request("Failed to authenticate.") };
        let catalog = self.catalog();
        let Some(entry) = catalog.by_id(&record.collection().id) else { return Ok(true) };
        match entry.rules.mfa.for_caller(false).map_err(failed)? {
            None => Ok(true),
            Some(rule) => {
                let mut access = Access::Store(self.store());
                self.meets(&mut access, request, entry, record.id(), rule).await.map_err(failed)
            }
        }
    }

    async fn remember_first_factor(&self, record: &Record, method: LoginMethod) -> Result<String> {
        let mut first = self.new_belonging(MFAS, record)?;
        first.set("method", method.name());
        let first = &first;
        let create = self.transaction(|tx| {
            Work::new(async move {
                let mut first = first.clone();
                tx.create(&Request::internal(), &mut first).await?;
                Ok::<_, Error>(first.id().to_owned())
            })
        });
        create.await
    }

    /// Deletes a record; false when it is gone already.
    pub(super) async fn forget(&self, record: &Record) -> Result<bool> {
        let delete = self.transaction(|tx| {
            Work::new(async move {
                let collection = &record.collection().id;
                let find = crate::Find::all().eq("id", record.id());
                let Some(record) = tx.find_first(collection, &find).await? else { return Ok(false) };
                tx.delete(&Request::internal(), &record).await.map(|()| true)
            })
        });
        delete.await
    }

    /// A new record of one of the collections whose records belong to an auth record.
    pub(super) fn new_belonging(&self, collection: &str, owner: &Record) -> Result<Record> {
        let catalog = self.catalog();
        let entry = catalog.by_name(collection);
        let entry = entry.ok_or_else(|| Error::internal(format!("there is no collection {collection}")))?;
        let mut record = Record::new(entry.collection.clone());
        record.set("collectionRef", owner.collection().id.as_str());
        record.set("recordRef", owner.id());
        Ok(record)
    }
}
