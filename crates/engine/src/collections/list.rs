use query::table::{Table, TableList};
use schema::Collection;
use sql::ColumnType;
use store::Cost;

use crate::bootstrap::{COLLECTION_COLUMNS, COLLECTIONS, collection_row};
use crate::json::Json;
use crate::records::{Access, ListOptions};
use crate::{Engine, Error, Result};

/// What of a collection can be filtered and sorted by.
const TABLE: Table<'static> = Table {
    name: COLLECTIONS,
    columns: &[
        ("id", ColumnType::Text),
        ("created", ColumnType::Text),
        ("updated", ColumnType::Text),
        ("name", ColumnType::Text),
        ("system", ColumnType::Bool),
        ("type", ColumnType::Text),
    ],
};

impl Engine {
    /// A page of the collections as superusers see them, in the form of [`Self::list`].
    ///
    /// # Errors
    /// 400 for a filter, sort or paging that cannot be understood.
    pub async fn list_collections(&self, options: &ListOptions) -> Result<Json> {
        let (filter, sort) = options.parse().map_err(|error| error.refuse(true))?;
        let list = TableList {
            columns: &COLLECTION_COLUMNS,
            filter: filter.as_ref(),
            sort: &sort,
            limit: options.per_page(),
            offset: options.offset(),
        };
        let page =
            TABLE.list(&list, self.clock().now()).map_err(|error| options.error(&error).refuse(true))?;
        let mut access = Access::Store(self.store());
        let rows = access.fetch(&page.rows, Cost::Scan, |row| Ok(collection_row(row))).await?;
        let collections: Vec<String> = rows
            .into_iter()
            .map(|row| {
                Collection::from_row(row).map(|collection| collection.to_json()).map_err(Error::internal)
            })
            .collect::<Result<_>>()?;
        let count = access.number(&page.count, Cost::Scan);
        let total = options.total(collections.len() as u64, count).await?;
        Ok(options.reply(collections.into_iter().collect(), total))
    }
}
