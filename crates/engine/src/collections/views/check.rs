use std::collections::HashSet;
use std::sync::Arc;

use ambient::Entropy;
use schema::collection::ViewOptions;
use schema::view::{self, ViewQuery, ViewQueryError};
use schema::{Collection, CollectionKind, Field};
use sql::{Authored, Expr, Select, Source};
use store::{Cost, Transaction};

use super::columns::{columns, random};
use super::{ViewError, column_types, tables};
use crate::records::Access;
use crate::{Catalog, Record, Result, row};

/// How many records are looked at.
const SAMPLE: u64 = 10;

/// A query that can be a view.
pub(in crate::collections) struct Checked {
    /// The fields of its columns.
    pub(in crate::collections) fields: Vec<Field>,
    /// The query with an `id` that is text.
    pub(super) query: String,
}

/// Looks into a query: what its columns are as fields, whose names are still to be checked. Nothing is changed.
pub(in crate::collections) async fn inspect(
    transaction: &mut dyn Transaction,
    catalog: &Catalog,
    entropy: &dyn Entropy,
    query: &str,
) -> Result<Checked, ViewError> {
    let query = view::normalize(query)?;
    let parsed = ViewQuery::parse(query)?;
    let columns = columns(transaction, &tables(catalog), entropy, query).await?;
    let has_text_id = columns.iter().any(|column| column.is_text && column.name.eq_ignore_ascii_case("id"));
    let names: Vec<String> = columns.into_iter().map(|column| column.name).collect();
    let fields = parsed.fields(&names, catalog, entropy);
    let query = if has_text_id { query.to_owned() } else { parsed.with_text_id() };
    Ok(Checked { fields, query })
}

/// What a view of a query would have, and what is wrong with it.
pub(in crate::collections) struct Looked {
    /// The fields of its columns; none when they could not be told.
    pub(in crate::collections) fields: Vec<Field>,
    /// What superusers are told.
    pub(in crate::collections) error: Option<String>,
}

/// Looks into a query, and at some of its records.
pub(in crate::collections) async fn look(
    transaction: &mut dyn Transaction,
    catalog: &Catalog,
    entropy: &dyn Entropy,
    query: &str,
) -> Result<Looked> {
    let (fields, found) = match inspect(transaction, catalog, entropy, query).await {
        Ok(checked) => {
            let mut access = Access::Transaction(transaction);
            let sample = checked.sample(&mut access, catalog, entropy).await;
            (checked.fields, sample.map(|_| ()))
        }
        Err(error) => (Vec::new(), Err(error)),
    };
    match found {
        Ok(()) => Ok(Looked { fields, error: None }),
        Err(ViewError::Refused(reason)) => Ok(Looked { fields, error: Some(reason) }),
        Err(ViewError::Failed(error)) => Err(error),
    }
}

impl Checked {
    /// The first records, of a collection that is not stored. Their fields must have names that fields can have, and
    /// their ids must be there and differ.
    pub(super) async fn sample(
        &self,
        access: &mut Access<'_>,
        catalog: &Catalog,
        entropy: &dyn Entropy,
    ) -> Result<Vec<Record>, ViewError> {
        view::check_names(&self.fields)?;
        let name = format!("temp_view_{}", random(entropy, 5));
        let options = ViewOptions { view_query: self.query.clone() };
        let mut collection = Collection::new(CollectionKind::View(options), &name, "");
        collection.fields.clone_from(&self.fields);
        let collection = Arc::new(collection);
        let query = Authored::new(&self.query, &tables(catalog)).with_columns(column_types(&self.fields));
        let select = Select::from(Source::Authored { query, alias: (&name).into() }).limit(SAMPLE);
        let columns = self.fields.iter().map(|field| Expr::column(&name, &field.name));
        let select = columns.fold(select, Select::column);
        let record = move |row: &dyn store::Row| Ok(row::record(&collection, row));
        let records = match access {
            Access::Store(store) => store::fetch(*store, &select, Cost::Scan, record).await,
            Access::Transaction(transaction) => store::fetch_in(&mut **transaction, &select, record).await,
        };
        let records = records
            .map_err(|error| ViewError::from(error).while_doing("failed to retrieve query records"))?;
        check_ids(&records)?;
        Ok(records)
    }
}

/// It is not a protection, but it tells in good time what will not work.
fn check_ids(records: &[Record]) -> Result<(), ViewQueryError> {
    let mut ids = HashSet::new();
    for record in records {
        if record.id().is_empty() {
            return Err(ViewQueryError::EmptyId);
        }
        if !ids.insert(record.id()) {
            return Err(ViewQueryError::RepeatedId);
        }
    }
    Ok(())
}
