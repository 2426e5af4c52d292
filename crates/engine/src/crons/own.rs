//! The engine's own jobs, under PocketBase's ids and at its times.

use crate::{Engine, Result};

/// Adds them, in the order in which clients see them.
pub(crate) fn register(engine: &Engine) -> Result<()> {
    let crons = engine.crons();
    crons.add("__pbDBOptimize__", "0 0 * * *", |engine| async move {
        engine.store().optimize().await?;
        Ok(engine.auxiliary().optimize().await?)
    })?;
    crons.add("__pbMFACleanup__", "0 * * * *", |engine| async move { engine.delete_expired_mfas().await })?;
    crons.add("__pbOTPCleanup__", "0 * * * *", |engine| async move { engine.delete_expired_otps().await })?;
    crons.add("__pbLogsCleanup__", "0 */6 * * *", |engine| async move {
        engine.clean_logs();
        Ok(())
    })
}
