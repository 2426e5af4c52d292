use query::List;
use sql::{Expr, Select};
use store::Cost;

use super::Access;
use crate::{Catalog, Engine, Entry, Error, Find, Record, Request, Result, row};
use std::sync::Arc;

/// The records of a collection for the service itself: no rules, hidden fields included.
pub(crate) async fn find(
    engine: &Engine,
    catalog: &Catalog,
    mut access: Access<'_>,
    collection: &str,
    find: &Find,
) -> Result<Vec<Record>> {
    let entry = known(catalog, collection)?;
    let query = page(engine, catalog, entry, find)?.rows;
    engine.fetch_records(&mut access, entry, &query, Cost::Scan).await
}

/// How many of those records there are.
pub(crate) async fn count(
    engine: &Engine,
    catalog: &Catalog,
    mut access: Access<'_>,
    collection: &str,
    find: Option<&Find>,
) -> Result<u64> {
    let entry = known(catalog, collection)?;
    let all = Find::all();
    let query = page(engine, catalog, entry, find.unwrap_or(&all))?.count;
    access.number(&query, Cost::Scan).await
}

fn known<'a>(catalog: &'a Catalog, collection: &str) -> Result<&'a Arc<Entry>> {
    catalog.find(collection).ok_or_else(|| Error::internal(format!("there is no collection {collection}")))
}

fn page(engine: &Engine, catalog: &Catalog, entry: &Entry, find: &Find) -> Result<query::Page> {
    let internal = Request::internal();
    let mut request = internal.for_rules(engine.clock().now());
    request.is_superuser = true;
    let condition = find.condition();
    let list = List {
        filter: condition.as_ref(),
        sort: &find.sort,
        limit: find.limit.unwrap_or(u64::MAX >> 1),
        ..List::new(&entry.collection)
    };
    query::Compiler::new(catalog, &request).list(&list).map_err(Error::internal)
}

impl Engine {
    /// The record of this id; no rules.
    ///
    /// # Errors
    /// When there is no such collection.
    pub async fn find_by_id(&self, collection: &str, id: &str) -> Result<Option<Record>> {
        let catalog = self.catalog();
        let entry = known(&catalog, collection)?;
        self.fetch_record(&mut Access::Store(self.store()), entry, &by_id(entry, id)).await
    }

    /// The records of a collection; no rules.
    ///
    /// # Errors
    /// When there is no such collection or field.
    pub async fn find(&self, collection: &str, which: &Find) -> Result<Vec<Record>> {
        find(self, &self.catalog(), Access::Store(self.store()), collection, which).await
    }

    /// The first of the records; no rules.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn find_first(&self, collection: &str, which: &Find) -> Result<Option<Record>> {
        Ok(self.find(collection, &which.clone().limit(1)).await?.into_iter().next())
    }

    /// How many records there are; of all when `which` is `None`.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn count(&self, collection: &str, which: Option<&Find>) -> Result<u64> {
        count(self, &self.catalog(), Access::Store(self.store()), collection, which).await
    }

    pub(crate) async fn fetch_records(
        &self,
        access: &mut Access<'_>,
        entry: &Entry,
        query: &Select,
        cost: Cost,
    ) -> Result<Vec<Record>> {
        let collection = Arc::clone(&entry.collection);
        access.fetch(query, cost, move |row| Ok(row::record(&collection, row))).await
    }

    pub(crate) async fn fetch_record(
        &self,
        access: &mut Access<'_>,
        entry: &Entry,
        query: &Select,
    ) -> Result<Option<Record>> {
        Ok(self.fetch_records(access, entry, query, Cost::Point).await?.into_iter().next())
    }
}

/// The row of this id, whoever asks.
pub(crate) fn by_id(entry: &Entry, id: &str) -> Select {
    entry.select().filter(Expr::column(&entry.collection.name, "id").eq(id)).limit(1)
}
