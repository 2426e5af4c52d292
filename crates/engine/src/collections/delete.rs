use files::Prefix;
use sql::{Delete, DropTable, Expr};

use crate::bootstrap::COLLECTIONS;
use crate::tx::Obsolete;
use crate::{Engine, Error, Result, Work};

impl Engine {
    /// Deletes a collection with its table, its records and their files.
    ///
    /// # Errors
    /// 404 for an unknown collection, 400 for a system collection and for one that others point to.
    pub async fn delete_collection(&self, name_or_id: &str) -> Result<()> {
        let _turn = self.schema_changes().lock().await;
        let entry = self.known_collection(name_or_id)?;
        let collection = &entry.collection;
        let catalog = self.catalog();
        let names: Vec<String> = catalog
            .references_to(&collection.id)
            .into_iter()
            .map(|(other, _)| other.collection.name.clone())
            .filter(|name| *name != collection.name)
            .collect();
        if !names.is_empty() {
            let names = names.join(", ");
            let message =
                format!("Failed to delete collection probably due to existing reference in {names}.");
            return Err(Error::bad_request(message));
        }
        if collection.system {
            return Err(
                Error::bad_request("Failed to delete collection.").because("it is a system collection")
            );
        }
        let gone = &**collection;
        let deleted = self.transaction(|tx| {
            Work::new(async move {
                let filter = Expr::name("id").eq(gone.id.as_str());
                let row = Delete { table: COLLECTIONS.into(), filter: Some(filter) };
                tx.inner().execute(&row.into()).await?;
                let table = DropTable { name: (&gone.name).into(), if_exists: true };
                tx.inner().execute(&table.into()).await?;
                match Prefix::parse(&format!("{}/", gone.id)) {
                    Ok(files) => tx.discard(Obsolete::All(files)),
                    Err(error) => tracing::warn!(%error, "a deleted collection had no place for files"),
                }
                Ok::<_, Error>(())
            })
        });
        deleted.await?;
        self.replace_catalog(catalog.without(&collection.id));
        Ok(())
    }
}
