//! What is done to the file between transactions.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use store::Error;
use tokio::sync::Notify;

use super::desk::Desk;

/// Pages in the log from which they are copied into the file when nobody wants to write.
const CHECKPOINT_PAGES: i32 = 1_000;
/// Pages in the log from which they are copied in any case: 32 MiB.
const CHECKPOINT_PAGES_AT_LATEST: i32 = 8_000;
/// For how long nobody must have wanted to write, about.
const QUIET: Duration = Duration::from_millis(50);

/// What somebody asks to be done to the file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Chore {
    /// The log is written back as far as readers let it, and the statistics that queries are planned by are looked at.
    Optimize,
    /// The file is written anew without the pages that nothing is in.
    Shrink,
}

impl Desk {
    /// Does a chore. This blocks; it is for whoever has a permit.
    pub(super) fn tend(&self, chore: Chore) -> Result<(), Error> {
        match chore {
            Chore::Optimize => {
                self.shorten_log()?;
                self.link().batch("PRAGMA optimize")
            }
            Chore::Shrink => {
                self.link().batch("VACUUM")?;
                // It went through the log: only this makes the file smaller.
                self.shorten_log()
            }
        }
    }

    /// Writes back what is left. This blocks; it is for whoever has the last permit.
    pub(super) fn finish(&self) -> Result<(), Error> {
        let link = self.link();
        // It only makes queries faster.
        if let Err(error) = link.batch("PRAGMA optimize") {
            tracing::warn!("optimising: {error}");
        }
        link.batch("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// Has a log that became long written back into the file, soon.
    pub(super) fn look_after_log(self: &Arc<Self>) {
        let pages = self.pages.load(Ordering::Relaxed);
        if pages >= CHECKPOINT_PAGES && !self.looked_after.swap(true, Ordering::Relaxed) {
            tokio::spawn(checkpoint_soon(Arc::downgrade(self), Arc::clone(&self.late)));
        }
        if pages >= CHECKPOINT_PAGES_AT_LATEST {
            self.late.notify_one();
        }
    }

    /// Copies the log into the file as far as no reader needs it. The log starts anew after that.
    fn checkpoint(&self) {
        self.forget_pages();
        if let Err(error) = self.link().batch("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!("writing back the log: {error}");
        }
    }

    /// Copies the log into the file and shortens it. Nobody waits for readers: what they still need stays for the next
    /// time.
    fn shorten_log(&self) -> Result<(), Error> {
        self.forget_pages();
        let link = self.link();
        link.without_waiting(|| link.batch("PRAGMA wal_checkpoint(TRUNCATE)"))
    }

    fn forget_pages(&self) {
        self.pages.store(0, Ordering::Relaxed);
    }
}

/// Waits until nobody wants to write, or for as long as the log may wait, and has it written back.
async fn checkpoint_soon(desk: Weak<Desk>, late: Arc<Notify>) {
    let mut before = None;
    loop {
        let Some(desk) = desk.upgrade() else { return };
        let last = desk.last_turn();
        let quiet = last.is_some() && last == before;
        if quiet || desk.pages.load(Ordering::Relaxed) >= CHECKPOINT_PAGES_AT_LATEST {
            let Ok(permit) = desk.wait(None).await else { return };
            let checkpoint = tokio::task::spawn_blocking(move || {
                desk.checkpoint();
                drop(permit);
            });
            // It ends without a panic, or it has said so.
            let _ = checkpoint.await;
            break;
        }
        before = last;
        drop(desk);
        // Whichever it is, it is looked at again.
        let _ = tokio::time::timeout(QUIET, late.notified()).await;
    }
    // A reader may have held it up: that is not tried again at each commit.
    tokio::time::sleep(QUIET).await;
    if let Some(desk) = desk.upgrade() {
        desk.looked_after.store(false, Ordering::Relaxed);
        desk.look_after_log();
    }
}
