use std::sync::Arc;

use schema::view::ViewQuery;
use schema::{Collection, CollectionKind};

use crate::{Catalog, Engine, Find, Result};

/// Through how many views a file is looked for.
const MAX_DEPTH: usize = 5;

impl Engine {
    /// Whose file this is that the record of a view shows: the collection and the id of the record that has it.
    pub(crate) async fn owner_of_file(
        &self,
        view: &Arc<Collection>,
        field: &str,
        file: &str,
    ) -> Result<Option<(Arc<Collection>, String)>> {
        let Some((collection, field)) = origin(&self.catalog(), view, field) else { return Ok(None) };
        let Some(origin) = collection.field(&field) else { return Ok(None) };
        let find = Find::all().limit(1);
        let find = if origin.kind.is_multiple() { find.has(&field, file) } else { find.eq(&field, file) };
        let records = self.find(&collection.id, &find).await?;
        Ok(records.first().map(|record| (collection, record.id().to_owned())))
    }
}

/// The collection that is no view, and the name of its field, from which the field of a view comes.
fn origin(catalog: &Catalog, view: &Arc<Collection>, field: &str) -> Option<(Arc<Collection>, String)> {
    let (mut collection, mut field) = (Arc::clone(view), field.to_owned());
    for _ in 0..MAX_DEPTH {
        let CollectionKind::View(options) = &collection.kind else { break };
        let origin = ViewQuery::parse(&options.view_query).ok()?.origin(&field, catalog)?;
        (collection, field) = (origin.collection, origin.field);
    }
    (!collection.is_view()).then_some((collection, field))
}
