use files::Prefix;

use super::name::{AUTOMATIC, generate};
use crate::storage::with_sources;
use crate::{Engine, Error, Result};

/// The id of the job that makes backups by themselves.
const JOB: &str = "__pbAutoBackup__";

impl Engine {
    /// Has backups made when the settings say.
    pub(crate) fn schedule_backups(&self) {
        let cron = self.settings().backups.cron.clone();
        let added = match cron.as_str() {
            "" => {
                self.crons().remove(JOB);
                return;
            }
            cron => self.crons().add(JOB, cron, |engine| async move { engine.automatic_backup().await }),
        };
        if let Err(error) = added {
            tracing::error!(%error, cron, "backups are not made by themselves: the settings make no schedule");
        }
    }

    /// Makes a backup, and removes the oldest of those that were made by themselves, but for as many as the settings
    /// say.
    async fn automatic_backup(&self) -> Result<()> {
        let name = generate(AUTOMATIC, &self.settings().meta.app_name, self.clock().now());
        if let Err(error) = self.back_up(&name).await {
            self.report_backup("[Backup cron] Failed to create backup", &name, &*error);
            let alerted = self.alert_superusers("The automatic backup failed", &with_sources(&*error)).await;
            if let Err(error) = alerted {
                self.report_backup("[Backup cron] Failed to send backup error alerts", &name, &error);
            }
        }
        let keep = usize::try_from(self.settings().backups.cron_max_keep).unwrap_or_default();
        if keep == 0 {
            return Ok(());
        }
        let blobs = &self.backups()?.blobs;
        let prefix = Prefix::parse(AUTOMATIC).map_err(Error::internal)?;
        let mut made = blobs.list(&prefix).await.map_err(Error::internal)?;
        made.sort_by(|a, b| b.modified.cmp(&a.modified).then_with(|| b.key.cmp(&a.key)));
        for old in made.iter().skip(keep) {
            blobs.delete(&old.key).await.map_err(Error::internal)?;
        }
        Ok(())
    }
}
