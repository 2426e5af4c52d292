//! Snapshots of collections in files, and which of them were applied. They are noted among PocketBase's migrations.

use serde_json::{Map, Value};
use sql::{Delete, Expr, Select};
use store::Cost;

use crate::bootstrap::{MIGRATIONS, is_own};
use crate::{Engine, Error, Result, Work};

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

    /// Imports the collections of a snapshot (fields that it does not mention stay) and notes that the file was
    /// applied, in one transaction.
    ///
    /// # Errors
    /// As [`Engine::import_collections`].
    pub async fn apply_snapshot(&self, file: &str, items: &[Map<String, Value>]) -> Result<()> {
        self.import_and_note(items, false, Some(file)).await
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
