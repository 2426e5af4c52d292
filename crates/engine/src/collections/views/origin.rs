use std::sync::Arc;

use schema::view::ViewQuery;
use schema::{Collection, CollectionKind, FieldKind};
use sql::{Expr, JoinKind, Select, Source};
use store::Cost;

use crate::records::Access;
use crate::{Catalog, Engine, Result};

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
        let Some(kind) = collection.field(&field).map(|field| &field.kind) else { return Ok(None) };
        let records = owners(&collection, &field, kind, file);
        let id = |row: &dyn store::Row| Ok(row.get(0).to_text().unwrap_or_default().into_owned());
        let ids = Access::Store(self.store()).fetch(&records, Cost::Scan, id).await?;
        Ok(ids.into_iter().next().map(|id| (collection, id)))
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

/// One record with this file.
fn owners(collection: &Collection, field: &String, kind: &FieldKind, file: &str) -> Select {
    let table = &collection.name;
    let column = Expr::column(table, field);
    let records = Select::from_table(table).column(Expr::column(table, "id")).limit(1);
    if !kind.is_multiple() {
        return records.filter(column.eq(file));
    }
    let files = Source::json_each(column, "files");
    records.join(JoinKind::Inner, files, None).filter(Expr::column("files", "value").eq(file))
}
