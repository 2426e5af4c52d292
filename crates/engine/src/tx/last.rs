//! The last write of a transaction, which goes to the database together with the commit.

use std::mem;

use schema::Collection;
use sql::Statement;
use store::Transaction;

use super::Tx;
use crate::{Error, Result};

/// What the client is told when the database refuses a write.
pub(super) type Refusal = Box<dyn FnOnce(store::Error) -> Error + Send>;

/// A write that waits for the commit.
pub(super) struct Last {
    pub(super) statement: Statement,
    pub(super) refusal: Refusal,
}

impl Tx {
    /// Says that nothing comes after the next write of a row.
    pub(crate) fn ends_with_a_write(&mut self) {
        self.ends_with_a_write = true;
    }

    /// Writes a row of a collection, or keeps it for the commit if nothing comes after it.
    pub(crate) async fn write_row(
        &mut self,
        collection: &Collection,
        statement: Statement,
        refusal: impl FnOnce(store::Error) -> Error + Send + 'static,
    ) -> Result<()> {
        if mem::take(&mut self.ends_with_a_write) && !self.goes_on_after(collection, &statement) {
            self.last = Some(Last { statement, refusal: Box::new(refusal) });
            return Ok(());
        }
        self.inner.execute(&statement).await.map(|_| ()).map_err(refusal)
    }

    /// Whether a write has consequences: hooks, what hangs together with an auth record, and records that point to one
    /// that is deleted.
    fn goes_on_after(&self, collection: &Collection, statement: &Statement) -> bool {
        collection.is_auth()
            || !self.engine.hooks().of(&collection.name).is_empty()
            || matches!(statement, Statement::Delete(_))
                && !self.catalog.references_to(&collection.id).is_empty()
    }
}
