//! The links between records and the accounts of other services: rows of `_externalAuths`.

use std::sync::Arc;

use oauth2_providers::User;
use schema::Value;
use schema::collection::system::EXTERNAL_AUTHS;
use sql::Expr;

use super::login::FAILED;
use crate::records::{Access, belongings, by_id};
use crate::{Catalog, Engine, Entry, Error, Record, Request, Result, Tx};

/// Somebody who has an account of a service.
#[derive(Clone, Copy)]
pub(super) struct Link<'a> {
    /// The collection that they log in to.
    pub(super) entry: &'a Arc<Entry>,
    /// The name of the service.
    pub(super) provider: &'a str,
    /// Who they are there.
    pub(super) user: &'a User,
    /// With which they log in.
    pub(super) request: &'a Request,
}

/// A record that somebody is.
pub(super) struct Candidate {
    pub(super) record: Record,
    /// Whether it is linked to the account already.
    linked: bool,
}

impl Link<'_> {
    /// The record that they are, if there is one: the linked one, that of the caller, or that of their address.
    pub(super) async fn find(&self, engine: &Engine, access: &mut Access<'_>) -> Result<Option<Candidate>> {
        if let Some(link) = self.stored(engine, access).await? {
            let record = by_id(self.entry, link.text("recordRef"));
            let record = engine.fetch_record(access, self.entry, &record).await?;
            let record = record.ok_or_else(|| Error::not_found(""))?;
            return Ok(Some(Candidate { record, linked: true }));
        }
        let record = match self.caller() {
            Some(caller) => engine.fetch_record(access, self.entry, &by_id(self.entry, caller.id())).await?,
            None if self.user.email.is_empty() => None,
            None => engine.find_by_email_in(access, self.entry, &self.user.email).await?,
        };
        Ok(record.map(|record| Candidate { record, linked: false }))
    }

    /// The link of their account; who has no id has none.
    async fn stored(&self, engine: &Engine, access: &mut Access<'_>) -> Result<Option<Record>> {
        if self.user.id.is_empty() {
            return Ok(None);
        }
        let catalog = engine.catalog();
        let links = links(&catalog)?;
        let column = |name: &'static str| Expr::column(&links.collection.name, name);
        let account = links
            .select()
            .filter(column("collectionRef").eq(self.entry.collection.id.as_str()))
            .filter(column("provider").eq(self.provider))
            .filter(column("providerId").eq(self.user.id.as_str()))
            .limit(1);
        engine.fetch_record(access, links, &account).await
    }

    /// Whether a login changes nothing.
    pub(super) fn is_settled(&self, found: &Candidate) -> bool {
        let lacks_email = found.record.text("email").is_empty() && !self.user.email.is_empty();
        found.linked && found.record.flag("verified") && !lacks_email
    }

    /// Makes a record theirs that exists. Somebody else may have created it, with an address that was not theirs and
    /// that they never verified, to get into the account of the one who owns the address: whatever they left in an
    /// unverified record, to log in by, ends here. (`password` takes the place of the record's; it is made within the
    /// transaction when it is missing.)
    pub(super) async fn join(
        &self,
        tx: &mut Tx,
        found: Candidate,
        password: Option<&Value>,
    ) -> Result<Record> {
        let Candidate { mut record, mut linked } = found;
        let verified = record.flag("verified");
        let mut changed = false;
        if self.resets_password(&record) {
            let value = match password {
                Some(value) => value.clone(),
                None => tx.engine().clone().random_password(&record).await?,
            };
            record.put("password", value);
            changed = true;
        }
        if !verified {
            belongings::unlink(tx, &Request::internal(), &record).await?;
            linked = false;
        }
        if record.text("email").is_empty() && !self.user.email.is_empty() {
            record.set("email", self.user.email.as_str());
            changed = true;
        }
        if !verified && (record.text("email").is_empty() || record.text("email") == self.user.email) {
            record.set("verified", true);
            changed = true;
        }
        if changed {
            tx.update(&Request::internal(), &mut record).await.map_err(failed)?;
        }
        if !linked {
            self.create(tx, &record).await?;
        }
        Ok(record)
    }

    /// Links their account to a record.
    pub(super) async fn create(&self, tx: &mut Tx, record: &Record) -> Result<()> {
        let catalog = tx.catalog();
        let mut link = Record::new(links(&catalog)?.collection.clone());
        link.set("collectionRef", record.collection().id.as_str());
        link.set("recordRef", record.id());
        link.set("provider", self.provider);
        link.set("providerId", self.user.id.as_str());
        tx.create(&Request::internal(), &mut link).await.map_err(failed)
    }

    /// Whether the record's password may be somebody else's.
    pub(super) fn resets_password(&self, record: &Record) -> bool {
        !record.flag("verified") && self.caller().is_none_or(|caller| caller.id() != record.id())
    }

    /// The caller, when it is a record of the collection.
    fn caller(&self) -> Option<&Record> {
        let caller = self.request.auth.as_deref();
        caller.filter(|caller| caller.collection().id == self.entry.collection.id)
    }
}

/// The collection of links.
fn links(catalog: &Catalog) -> Result<&Arc<Entry>> {
    catalog.by_name(EXTERNAL_AUTHS).ok_or_else(|| Error::internal("there is no collection of links"))
}

/// What a client is told when its record could not be written: what was wrong with it, by field.
fn failed(error: Error) -> Error {
    if error.kind == crate::ErrorKind::BadRequest { Error { message: FAILED.into(), ..error } } else { error }
}
