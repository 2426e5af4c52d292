//! Changes of collections are written down as snapshots, for other instances to follow.

use std::sync::Arc;

use async_trait::async_trait;
use schema::Collection;
use serde_json::{Map, Value};
use store::Transaction;

use super::Snapshot;
use crate::{Cause, Engine, Error, Result, bootstrap};

/// Where changes of collections are written down.
#[async_trait]
pub trait Journal: Send + Sync {
    /// A name for a file about this, which no file has or had before. Names are in the order of their times.
    fn name(&self, about: &str) -> String;

    /// Writes the file.
    ///
    /// # Errors
    /// Why it could not be written.
    async fn write(&self, name: &str, snapshot: &Snapshot) -> Result<(), Cause>;
}

/// A change that is to be written down.
pub(super) struct Note {
    journal: Arc<Arc<dyn Journal>>,
    file: String,
    snapshot: Snapshot,
}

impl Engine {
    /// Has changes of collections written down from now on, those by [`Engine::create_collection`],
    /// [`Engine::update_collection`] and [`Engine::delete_collection`]. Each is noted as applied in the transaction
    /// that makes it, so that it is not applied again here.
    pub fn keep_journal(&self, journal: Arc<dyn Journal>) {
        self.journal().store(Some(Arc::new(journal)));
    }
}

impl Note {
    /// The note of a change from one collection to the other; `None` when nobody wants it or nothing changed.
    pub(super) fn of(
        engine: &Engine,
        old: Option<&Collection>,
        new: Option<&Collection>,
    ) -> Result<Option<Self>> {
        let Some(journal) = engine.journal().load_full() else { return Ok(None) };
        let before = old.map(portable).transpose()?;
        let after = new.map(portable).transpose()?;
        if before == after {
            return Ok(None);
        }
        let about = match (old, new) {
            (None, Some(new)) => format!("created_{}", new.name),
            (Some(old), Some(_)) => format!("updated_{}", old.name),
            (Some(old), None) => format!("deleted_{}", old.name),
            (None, None) => return Ok(None),
        };
        let deleted = if new.is_none() { old.map(|old| old.id.clone()) } else { None };
        let snapshot = Snapshot {
            collections: after.into_iter().collect(),
            exact: true,
            deleted: deleted.into_iter().collect(),
        };
        Ok(Some(Self { file: journal.name(&about), journal, snapshot }))
    }

    /// Notes that the change was applied.
    pub(super) async fn apply(&self, transaction: &mut dyn Transaction, engine: &Engine) -> Result<()> {
        let noted = bootstrap::applied(&self.file, engine.clock().now().as_microsecond());
        transaction.execute(&noted).await?;
        Ok(())
    }

    /// Writes the file. The change is made already: that others do not hear of it is for the log.
    pub(super) async fn write(self) {
        if let Err(error) = self.journal.write(&self.file, &self.snapshot).await {
            tracing::error!(file = self.file, %error, "the change of a collection could not be written down");
        }
    }
}

/// A collection as others can import it: without what is this instance's own. The services of OAuth2 are, because
/// their secrets are.
fn portable(collection: &Collection) -> Result<Map<String, Value>> {
    let mut json: Map<String, Value> =
        serde_json::from_str(&collection.to_json()).map_err(Error::internal)?;
    for key in ["created", "updated"] {
        json.remove(key);
    }
    if let Some(Value::Object(oauth2)) = json.get_mut("oauth2") {
        oauth2.remove("providers");
    }
    Ok(json)
}
