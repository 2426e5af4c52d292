use schema::Collection;
use schema::collection::CollectionRow;
use schema::load::Load;
use sql::{Expr, Select};
use store::{Cost, Row, Store};

use super::tables::{COLLECTIONS, MIGRATIONS, PARAMS};
use super::{StartError, table_exists};
use crate::{Catalog, EncryptionKey, Settings};

/// The columns of a stored collection, in the order in which [`collection_row`] reads them.
pub(crate) const COLLECTION_COLUMNS: [&str; 14] = [
    "id",
    "system",
    "type",
    "name",
    "fields",
    "indexes",
    "listRule",
    "viewRule",
    "createRule",
    "updateRule",
    "deleteRule",
    "options",
    "created",
    "updated",
];

/// The migrations that were applied; `None` when the store is fresh.
pub(super) async fn applied_migrations(store: &dyn Store) -> Result<Option<Vec<String>>, StartError> {
    if !table_exists(store, MIGRATIONS).await? {
        return Ok(None);
    }
    let query = Select::from_table(MIGRATIONS).column(Expr::name("file"));
    let files = store::fetch(store, &query, Cost::Scan, |row| Ok(text(row, 0))).await?;
    Ok(Some(files))
}

/// All collections, in the order in which they were created.
pub(crate) async fn load_catalog(store: &dyn Store) -> Result<Catalog, StartError> {
    let query = COLLECTION_COLUMNS
        .iter()
        .fold(Select::from_table(COLLECTIONS), |query, &column| query.column(Expr::name(column)))
        .order_by(Expr::RowId { table: None }, false);
    let rows = store::fetch(store, &query, Cost::Scan, |row| Ok(collection_row(row))).await?;
    let collections = rows.into_iter().map(|row| {
        let name = row.name.clone();
        Collection::from_row(row).map_err(|error| StartError::Collection { name, reason: error.to_string() })
    });
    Ok(Catalog::new(collections.collect::<Result<Vec<_>, _>>()?))
}

/// The stored settings, or the defaults when there are none.
///
/// # Errors
/// [`StartError::Encrypted`] when they cannot be read without a key, or with this one.
pub(crate) async fn load_settings(
    store: &dyn Store,
    key: Option<&EncryptionKey>,
) -> Result<Settings, StartError> {
    let query = Select::from_table(PARAMS)
        .column(Expr::name("value"))
        .filter(Expr::name("id").eq("settings"))
        .limit(1);
    let stored = store::fetch_optional(store, &query, Cost::Point, |row| Ok(text(row, 0))).await?;
    let settings: Settings = match stored {
        None => Settings::default(),
        Some(json) => {
            let unreadable = |error: serde_json::Error| StartError::Settings(error.into());
            let json = match (serde_json::from_str(&json), key) {
                (Ok(json), _) => json,
                (Err(error), None) if json.starts_with('{') => return Err(unreadable(error)),
                (Err(_), None) => return Err(StartError::Encrypted("the key is missing")),
                (Err(_), Some(key)) => {
                    let plain = key.decrypt(&json);
                    let plain = plain.map_err(|_| StartError::Encrypted("the key is another one"))?;
                    serde_json::from_slice(&plain).map_err(unreadable)?
                }
            };
            let mut settings = Settings::default();
            settings.load(&json).map_err(|error| StartError::Settings(error.into()))?;
            settings
        }
    };
    Ok(settings)
}

/// A stored collection, from the columns of [`COLLECTION_COLUMNS`].
pub(crate) fn collection_row(row: &dyn Row) -> CollectionRow {
    CollectionRow {
        id: text(row, 0),
        system: row.get(1).as_bool().unwrap_or_default(),
        kind: text(row, 2),
        name: text(row, 3),
        fields: text(row, 4),
        indexes: text(row, 5),
        list_rule: optional(row, 6),
        view_rule: optional(row, 7),
        create_rule: optional(row, 8),
        update_rule: optional(row, 9),
        delete_rule: optional(row, 10),
        options: text(row, 11),
        created: text(row, 12),
        updated: text(row, 13),
    }
}

fn text(row: &dyn Row, column: usize) -> String {
    optional(row, column).unwrap_or_default()
}

fn optional(row: &dyn Row, column: usize) -> Option<String> {
    row.get(column).to_text().map(std::borrow::Cow::into_owned)
}
