use files::Key;
use serde_json::json;

use super::Active;
use crate::storage::with_sources;
use crate::{Cause, Engine, Error, LogEntry, LogLevel, Result};

impl Engine {
    /// Begins to restore a backup: the server goes on until it was taken apart and checked, and then begins again with
    /// what is in it. What becomes of it is in the log.
    ///
    /// # Errors
    /// 400 while another one is made or restored, and when it is not there.
    pub async fn restore_backup(&self, key: &str) -> Result<()> {
        let pending = || {
            Error::bad_request("Try again later - another backup/restore process has already been started.")
        };
        if self.backups()?.active.lock().is_some() {
            return Err(pending());
        }
        let missing =
            |error: files::Error| Error::bad_request("Missing or invalid backup file.").because(error);
        let key = Key::parse(key).map_err(missing)?;
        let size = self.backups()?.blobs.metadata(&key).await.map_err(missing)?.size;
        let active = self.begin_backup(key.as_str())?.ok_or_else(pending)?;
        let engine = self.clone();
        tokio::spawn(async move {
            match engine.restore(&key, size).await {
                // Until the server ends nothing else may begin.
                Ok(()) => Active::keep(active),
                Err(error) => engine.report_backup("Failed to restore backup", key.as_str(), &*error),
            }
        });
        Ok(())
    }

    async fn restore(&self, key: &Key, size: u64) -> Result<(), Cause> {
        let backups = self.backups()?;
        let archive = backups.blobs.read(key, 0..size).await?;
        backups.archiver.restore(archive).await
    }

    /// Tells superusers and operators of a backup that failed.
    pub(super) fn report_backup(&self, message: &str, key: &str, error: &(dyn std::error::Error + 'static)) {
        let error = with_sources(error);
        tracing::error!(key, error, "{message}");
        self.log(LogEntry::new(LogLevel::Error, message, &json!({"error": error, "key": key})));
    }
}

impl Active {
    /// Leaves the place claimed for good.
    fn keep(self) {
        std::mem::forget(self);
    }
}
