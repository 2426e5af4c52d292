use std::path::PathBuf;

use archive::Swap;
use engine::Cause;

use super::{blocking, database};
use crate::cli;

/// What is to take the place of the instance, complete and checked.
///
/// The way is: everything that used the instance ends, [`Self::put_in_place`], a new start, and then either
/// [`Self::keep`] or [`Self::undo`].
pub(crate) struct Restored {
    swap: Swap,
    options: cli::DataDir,
    scratch: PathBuf,
}

impl Restored {
    pub(super) fn new(swap: Swap, options: cli::DataDir, scratch: PathBuf) -> Self {
        Self { swap, options, scratch }
    }

    /// Puts it in the place of what is there. Nobody may use the instance meanwhile.
    ///
    /// # Errors
    /// When it cannot be put there; then everything is as it was.
    pub(crate) async fn put_in_place(self) -> Result<Self, Cause> {
        let Some(address) = &self.options.database else {
            return self.blocking(Swap::exchange).await;
        };
        // With a database on a server there are none in the data directory.
        let folder = tempfile::tempdir_in(&self.scratch)?;
        for name in archive::DATABASES {
            let from = self.swap.content().join(name);
            if from.is_file() {
                std::fs::rename(&from, folder.path().join(name))?;
            }
        }
        let address = address.clone();
        let this = self.blocking(Swap::exchange).await?;
        if let Err(error) = database::import(&address, folder.path()).await {
            this.blocking(Swap::revert).await?;
            return Err(error);
        }
        Ok(this)
    }

    /// What was there before is removed.
    ///
    /// # Errors
    /// When the disk fails: the next start may then undo everything.
    pub(crate) async fn keep(self) -> Result<(), Cause> {
        let swap = self.swap;
        blocking(move || Ok(swap.finish()?)).await
    }

    /// Puts what was there before in its place again.
    ///
    /// # Errors
    /// When the database was on a server, or the disk fails.
    pub(crate) async fn undo(self) -> Result<(), Cause> {
        if self.options.database.is_some() {
            return Err("what was in the database is gone".into());
        }
        let this = self.blocking(Swap::revert).await?;
        this.blocking(Swap::discard).await?;
        Ok(())
    }

    async fn blocking(
        self,
        work: impl FnOnce(&Swap) -> archive::Result<()> + Send + 'static,
    ) -> Result<Self, Cause> {
        blocking(move || {
            work(&self.swap)?;
            Ok(self)
        })
        .await
    }
}
