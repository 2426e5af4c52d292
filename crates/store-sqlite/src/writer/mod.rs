//! Who writes: one transaction after the other, each on the thread that it runs on, and threads that flush the log.

mod desk;
mod flusher;
mod turn;
mod upkeep;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Instant;

use store::Error;
use tokio::task::spawn_blocking;

use self::desk::Desk;
pub(crate) use self::desk::ended;
use self::flusher::Flusher;
pub(crate) use self::turn::Turn;
pub(crate) use self::upkeep::Chore;
use crate::Options;
use crate::link::Link;

/// Gives out turns to write.
pub(crate) struct Writer {
    desk: Arc<Desk>,
    /// Whether the log could not be flushed: then nobody knows what is on the disk, and nothing more is written.
    broken: Arc<AtomicBool>,
}

impl Writer {
    /// Opens the write connection and starts the threads.
    pub(crate) fn start(path: &Path, options: &Options) -> Result<Self, Error> {
        let link = Link::open_writer(path, options)?;
        let broken = Arc::<AtomicBool>::default();
        let flusher = Flusher::start(path, &broken)?;
        Ok(Self { desk: Arc::new(Desk::new(link, flusher, options)?), broken })
    }

    /// Waits for a turn.
    pub(crate) async fn begin(&self) -> Result<Turn, Error> {
        if self.broken.load(Ordering::Relaxed) {
            return Err(Error::Lost("the log could not be flushed to the disk".into()));
        }
        let deadline = Instant::now().checked_add(self.desk.options.turn_timeout);
        let permit = self.desk.wait(deadline).await?;
        match self.desk.begin_at_once(permit) {
            Ok(turn) => Ok(turn),
            Err((Error::Busy(_), permit)) => {
                let desk = Arc::clone(&self.desk);
                spawn_blocking(move || desk.begin(permit)).await.map_err(|error| lost(&error))?
            }
            Err((error, _)) => Err(error),
        }
    }

    /// Waits for its turn and looks after the file.
    pub(crate) async fn tend(&self, chore: Chore) -> Result<(), Error> {
        let permit = self.desk.wait(None).await?;
        let desk = Arc::clone(&self.desk);
        let done = spawn_blocking(move || {
            let done = desk.tend(chore);
            drop(permit);
            done
        });
        done.await.map_err(|error| lost(&error))?
    }

    /// Waits for the turns that were asked for before, writes the log back into the file, and ends the threads.
    /// Nothing happens the second time.
    pub(crate) async fn close(&self) -> Result<(), Error> {
        let Ok(permit) = self.desk.wait(None).await else { return Ok(()) };
        let flusher = self.desk.close();
        let desk = Arc::clone(&self.desk);
        let done = spawn_blocking(move || {
            flusher.into_iter().for_each(Flusher::close);
            let done = desk.finish();
            drop(permit);
            done
        });
        done.await.map_err(|error| lost(&error))?
    }
}

/// The error of work that a thread did not bring to its end.
fn lost(error: &tokio::task::JoinError) -> Error {
    Error::Lost(format!("writing ended early: {error}"))
}

/// Starts a thread with a name.
fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    std::thread::Builder::new()
        .name(name.into())
        .spawn(run)
        .map_err(|error| Error::Storage(format!("no thread for {name}: {error}")))
}
