use ambient::Entropy;
use schema::{Collection, CollectionKind};
use sql::{Authored, CreateView, DropView};
use store::Transaction;

use super::check::inspect;
use super::{Aside, ViewError, column_types, tables};
use crate::Catalog;

/// Makes the database's view of a collection anew; `old` is the stored state, `None` for a new collection.
///
/// # Errors
/// [`ViewError::Refused`] when the query does not work.
pub(in crate::collections) async fn write(
    transaction: &mut dyn Transaction,
    catalog: &Catalog,
    entropy: &dyn Entropy,
    old: Option<&Collection>,
    new: &Collection,
) -> Result<(), ViewError> {
    let CollectionKind::View(options) = &new.kind else { return Ok(()) };
    // Others may be made of this one; this one may be made of others, but not of itself.
    let others = match old {
        Some(old) => Aside::take(transaction, &[&old.name]).await?.put_back(transaction).await?,
        None => Aside::default(),
    };
    let inspected = inspect(transaction, catalog, entropy, &options.view_query).await;
    let query = inspected.map_err(|error| error.while_doing("failed to normalize view query id"))?.query;
    // A table of that name is refused.
    for name in old.iter().map(|old| &old.name).chain([&new.name]) {
        transaction.execute(&DropView { name: name.into(), if_exists: true }.into()).await?;
    }
    let view = CreateView {
        name: (&new.name).into(),
        query: Authored::new(query, &tables(catalog)).with_columns(column_types(&new.fields)),
    };
    transaction.execute(&view.into()).await?;
    match others.put_back(transaction).await?.into_result() {
        // They are as broken as their queries now are.
        Err(ViewError::Refused(reason)) => {
            tracing::warn!(
                view = new.name,
                reason,
                "a view that is made of a changed one is gone until it works"
            );
            Ok(())
        }
        done => done,
    }
}
