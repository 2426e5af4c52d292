use std::sync::Arc;

use store::Cost;

use super::Access;
use crate::hooks::{EnrichEvent, ViewEvent};
use crate::json::{Json, Visibility};
use crate::{Engine, Entry, Error, ErrorKind, Record, Request, Result};

/// How many bytes a record usually has at most.
const USUAL_SIZE: usize = 1 << 10;

impl Engine {
    /// A record as the caller may see it.
    ///
    /// # Errors
    /// 404 for an unknown collection or record or where the view rule hides it, 403 when the rule is for superusers.
    pub async fn view(&self, request: &Request, collection: &str, id: &str) -> Result<Json> {
        self.on_current_catalog(|| self.view_once(request, collection, id)).await
    }

    async fn view_once(&self, request: &Request, collection: &str, id: &str) -> Result<Json> {
        let entry = self.collection(collection)?;
        let rule = entry.rules.view.for_caller(request.is_superuser())?;
        for hooks in self.hooks().of(&entry.collection.name) {
            hooks.before_view(&ViewEvent { request, id }).await?;
        }
        let query = self.row_query(request, &entry, id, rule)?;
        if self.needs_records(request, &entry) {
            let access = &mut Access::Store(self.store());
            let record = self.fetch_record(access, &entry, &query).await;
            let record = record.map_err(|error| error.if_refused(ErrorKind::NotFound))?;
            let record = record.ok_or_else(|| Error::not_found(""))?;
            let see = self.visibility(access, request, &entry, &record).await?;
            return self.record_json(access, request, record, see).await;
        }
        let see = request.sees(&entry, id);
        let shape = Arc::clone(&entry);
        let write = move |out: &mut Vec<u8>, row: &dyn store::Row| {
            out.reserve(USUAL_SIZE);
            shape.shape.write_row(&shape.collection, row, see, out);
            Ok(())
        };
        let out = store::gather(self.store(), &query, Cost::Point, write).await;
        let out = out.map_err(|error| Error::from(error).if_refused(ErrorKind::NotFound))?;
        if out.is_empty() { Err(Error::not_found("")) } else { Ok(Json(out)) }
    }

    /// Whether a reply takes more than the columns of its rows: an extension wants to see the records before they are
    /// sent, the manage rule decides what is seen of them, or others are sent along.
    pub(super) fn needs_records(&self, request: &Request, entry: &Entry) -> bool {
        self.hooks().enriches(&entry.collection.name)
            || entry.manage_rule().is_some()
            || !request.parameter("expand").is_empty()
    }

    /// Runs the enrich hooks on a record that is about to be sent.
    pub(crate) async fn enrich(&self, request: &Request, record: &mut Record) -> Result<()> {
        let name = record.collection().name.clone();
        for hooks in self.hooks().of(&name).iter().filter(|hooks| hooks.enriches()) {
            hooks.enrich(&mut EnrichEvent { engine: self, request, record }).await?;
        }
        Ok(())
    }

    /// What the caller may see of a record, the manage rule considered.
    pub(crate) async fn visibility(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        entry: &Entry,
        record: &Record,
    ) -> Result<Visibility> {
        let mut see = request.sees(entry, record.id());
        if !see.email && entry.manage_rule().is_some() {
            see.email = self.manages(access, request, entry, record.id()).await?;
        }
        Ok(see)
    }
}

impl Request {
    /// What the caller may see of a record, by who the caller is: superusers see hidden fields, and like the record
    /// itself its e-mail address.
    pub(crate) fn sees(&self, entry: &Entry, id: &str) -> Visibility {
        let superuser = self.is_superuser();
        let own = self
            .auth
            .as_deref()
            .is_some_and(|auth| auth.id() == id && auth.collection().id == entry.collection.id);
        Visibility { hidden: superuser, email: superuser || own }
    }
}
