use schema::Collection;
use schema::collection::Index;
use sql::{Catalog, DropIndex, Statement};

use super::Run;
use crate::Result;

/// Lists the indexes in their collections that only the tables have, such as those that somebody made by hand, and
/// brings the listed ones into one form.
pub(super) async fn normalize(run: &mut Run<'_>) -> Result<Vec<String>> {
    let mut changes = Vec::new();
    for old in run.collections() {
        if old.system || old.is_view() {
            continue;
        }
        let present = present(run, &old.name).await?;
        if present.is_empty() && old.indexes.is_empty() {
            continue;
        }
        let mut new = (*old).clone();
        for (name, index) in unlisted(present, &old) {
            // The save makes it again when it is listed.
            let drop: Statement = DropIndex { name: name.into(), if_exists: true }.into();
            run.tx.inner().execute(&drop).await?;
            if !is_superfluous(&index, &new) {
                new.indexes.push(index.to_string());
            }
        }
        changes.extend(run.save(&old, new).await?);
    }
    Ok(changes)
}

/// The indexes that a table has, as they were defined, with their names.
async fn present(run: &mut Run<'_>, table: &str) -> Result<Vec<(String, Index)>> {
    let query = Catalog::indexes(table);
    let rows = store::fetch_in(run.tx.inner(), &query, |row| {
        let text = |column| row.get(column).to_text().unwrap_or_default().into_owned();
        Ok((text(0), text(2)))
    });
    let rows = rows.await?.into_iter();
    Ok(rows.filter_map(|(name, definition)| Some((name, Index::parse(&definition)?))).collect())
}

/// Those that the collection does not list under their name, as indexes of the collection.
fn unlisted(present: Vec<(String, Index)>, collection: &Collection) -> Vec<(String, Index)> {
    let listed: Vec<Index> = collection.indexes.iter().filter_map(|text| Index::parse(text)).collect();
    let is_listed = |index: &Index| {
        listed.iter().any(|other| !other.name.is_empty() && other.name.eq_ignore_ascii_case(&index.name))
    };
    let unlisted = present.into_iter().filter(|(_, index)| !is_listed(index));
    let of_collection =
        |(name, index)| (name, Index { schema: String::new(), table: collection.name.clone(), ..index });
    unlisted.map(of_collection).collect()
}

/// Whether the collection has an index that does the same: one of its own, or one that each auth collection has.
fn is_superfluous(index: &Index, collection: &Collection) -> bool {
    let is_given = |column| index.is_single_unique(column);
    if collection.is_auth() && (is_given("tokenKey") || is_given("email")) {
        return true;
    }
    let same = |text: &String| {
        Index::parse(text).is_some_and(|listed| {
            let Index { name, schema, table, .. } = index.clone();
            Index { name, schema, table, ..listed } == *index
        })
    };
    collection.indexes.iter().any(same)
}
