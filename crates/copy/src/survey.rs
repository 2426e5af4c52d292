//! What is there before anything is copied.

use engine::transfer::Table;
use sql::{Catalog, Expr, Select};
use store::{Cost, Store};

use crate::{Error, Result};

/// The names of the tables of a database.
pub(crate) async fn tables(store: &dyn Store) -> Result<Vec<String>, store::Error> {
    let query = Catalog::tables();
    let found = store::fetch(store, &query, Cost::Scan, |row| {
        let text = |column| row.get(column).to_text().unwrap_or_default().into_owned();
        Ok((text(0), text(1)))
    });
    let tables =
        found.await?.into_iter().filter(|(name, kind)| kind == "table" && !name.starts_with("sqlite_"));
    Ok(tables.map(|(name, _)| name).collect())
}

/// How many rows a table has.
pub(crate) async fn count(store: &dyn Store, table: &Table) -> Result<u64> {
    let query = Select::from_table(table.name().to_owned()).column(Expr::count());
    let rows = store::fetch_optional(store, &query, Cost::Scan, |row| Ok(row.get(0).as_i64())).await;
    let rows = rows.map_err(|cause| Error::Read { table: table.name().to_owned(), cause })?;
    Ok(rows.flatten().and_then(|rows| rows.try_into().ok()).unwrap_or_default())
}

/// What a source has and a copy will not: tables of no collection, and columns of no field.
pub(crate) async fn left_behind(store: &dyn Store, known: &[&Table]) -> Result<Vec<String>, store::Error> {
    let mut left = Vec::new();
    for name in tables(store).await? {
        let Some(table) = known.iter().find(|table| table.name().eq_ignore_ascii_case(&name)) else {
            left.push(format!("the table {name} belongs to no collection and was not copied"));
            continue;
        };
        let query = Catalog::columns(&name);
        let columns = store::fetch(store, &query, Cost::Scan, |row| {
            Ok(row.get(0).to_text().unwrap_or_default().into_owned())
        });
        for column in columns.await? {
            if !table.columns().iter().any(|known| known.name.as_str().eq_ignore_ascii_case(&column)) {
                left.push(format!("the column {column} of {name} belongs to no field and was not copied"));
            }
        }
    }
    Ok(left)
}
