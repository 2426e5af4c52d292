//! Snapshots of collections in files, and which of them were applied. They are noted among PocketBase's migrations.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sql::{Delete, Expr, Select};
use store::Cost;

use super::import::{Changes, Gone};
use crate::bootstrap::{MIGRATIONS, applied, is_own};
use crate::{Engine, Error, Result, Work};

/// What a file makes of the collections.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Snapshot {
    /// Collections in the JSON of their API; what they do not mention stays.
    pub collections: Vec<Map<String, Value>>,
    /// Whether fields that they do not mention are removed, with what is stored in them.
    pub exact: bool,
    /// The ids of collections that are deleted, with their records.
    pub deleted: Vec<String>,
}

impl Engine {
    /// The collections in the JSON of an export, without secrets.
    ///
    /// # Errors
    /// 500 when a collection has no JSON form, which does not happen.
    pub fn snapshot(&self) -> Result<Vec<Value>> {
        let catalog = self.catalog();
        let collections =
            catalog.entries().iter().map(|entry| serde_json::from_str(&entry.collection.to_json()));
        collections.collect::<Result<_, _>>().map_err(Error::internal)
    }

    /// The names of the files that were applied, the last one at the end, without what belongs to the format of the
    /// data.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn applied_snapshots(&self) -> Result<Vec<String>> {
        let query = Select::from_table(MIGRATIONS)
            .column(Expr::name("file"))
            .order_by(Expr::name("applied"), false)
            .order_by(Expr::name("file"), false);
        let files = store::fetch(self.store(), &query, Cost::Scan, |row| {
            Ok(row.get(0).to_text().unwrap_or_default().into_owned())
        });
        Ok(files.await?.into_iter().filter(|file| !is_own(file)).collect())
    }

    /// Applies a snapshot and notes that its file was applied, in one transaction. Collections that are to be deleted
    /// may be gone already.
    ///
    /// # Errors
    /// As [`Engine::import_collections`], and 400 when others point to a collection that is to be deleted.
    pub async fn apply_snapshot(&self, file: &str, snapshot: &Snapshot) -> Result<()> {
        let Snapshot { collections, exact, deleted } = snapshot;
        let changes =
            Changes { items: collections, exact: *exact, gone: Gone::These(deleted), file: Some(file) };
        self.import(changes).await
    }

    /// Notes that files were applied, without applying them.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn pass_over_snapshots(&self, files: &[String]) -> Result<()> {
        let at = self.clock().now().as_microsecond();
        let noted = self.transaction(|tx| {
            Work::new(async move {
                for file in files {
                    tx.inner().execute(&applied(file, at)).await?;
                }
                Ok(())
            })
        });
        noted.await
    }

    /// Notes that files were not applied. The collections stay as they are.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn forget_snapshots(&self, files: &[String]) -> Result<()> {
        let forgotten = self.transaction(|tx| {
            Work::new(async move {
                for file in files.iter().filter(|file| !is_own(file)) {
                    let filter = Some(Expr::name("file").eq(file.as_str()));
                    tx.inner().execute(&Delete { table: MIGRATIONS.into(), filter }.into()).await?;
                }
                Ok(())
            })
        });
        forgotten.await
    }
}
