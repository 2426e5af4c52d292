use std::sync::Arc;
use std::time::Duration;

use crate::{Engine, Result};

/// How often something is done at most.
const ATTEMPTS: usize = 4;

/// How long a change of the collections that is under way is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

impl Engine {
    /// Does `work`, and does it again when the database refused a statement because the collections changed between
    /// the moment it was made and the one it was run: a field may have had another name by then. Work that is refused
    /// has changed nothing.
    pub(super) async fn on_current_catalog<T, W, F>(&self, work: W) -> Result<T>
    where
        W: Fn() -> F,
        F: Future<Output = Result<T>>,
    {
        for _ in 1..ATTEMPTS {
            let catalog = self.catalog();
            let result = work().await;
            if !result.as_ref().is_err_and(crate::Error::is_refused_statement) {
                return result;
            }
            // Who changed the tables may not have told of it yet.
            let _ = tokio::time::timeout(PATIENCE, self.schema_changes().lock()).await;
            if Arc::ptr_eq(&catalog, &self.catalog()) {
                return result;
            }
        }
        work().await
    }
}
