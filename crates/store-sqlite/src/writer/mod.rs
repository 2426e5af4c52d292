//! The one who writes: a thread with the write connection, and a thread that flushes its log.

mod desk;
mod flusher;
mod turns;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use store::Error;
use tokio::sync::oneshot;

pub(crate) use self::desk::Desk;
use self::flusher::Flusher;
pub(crate) use self::turns::Chore;
use self::turns::{Message, Turns};
use crate::Options;
use crate::link::Link;
use crate::readers::closed;
use crate::transaction::SqliteTransaction;

/// Gives out turns to write.
pub(crate) struct Writer {
    queue: Sender<Message>,
    desk: Arc<Desk>,
    /// Whether the log could not be flushed: then nobody knows what is on the disk, and nothing more is written.
    broken: Arc<AtomicBool>,
    turn_timeout: Duration,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Opens the write connection and starts the threads.
    pub(crate) fn start(path: &Path, options: &Options) -> Result<Self, Error> {
        let link = Link::open_writer(path, options)?;
        let broken = Arc::<AtomicBool>::default();
        let flusher = Flusher::start(path, &broken)?;
        let (queue, messages) = mpsc::channel();
        let desk = Arc::new(Desk::new(link, flusher.queue(), options.durable)?);
        let turns = Turns::new(Arc::clone(&desk), messages, flusher, options.idle_timeout);
        let thread = spawn("sqlite-writer", move || turns.run())?;
        let thread = Mutex::new(Some(thread));
        Ok(Self { queue, desk, broken, turn_timeout: options.turn_timeout, thread })
    }

    /// Waits for a turn.
    pub(crate) async fn begin(&self) -> Result<SqliteTransaction, Error> {
        if self.broken.load(Ordering::Relaxed) {
            return Err(Error::Lost("the log could not be flushed to the disk".into()));
        }
        let (commands, received) = mpsc::channel();
        let (turn, begun) = oneshot::channel();
        self.queue.send(Message::Begin { commands: received, turn }).map_err(|_| closed())?;
        let turn = match tokio::time::timeout(self.turn_timeout, begun).await {
            Ok(turn) => turn.map_err(|_| closed())??,
            Err(_) => return Err(Error::Busy("no turn to write came in time".into())),
        };
        Ok(SqliteTransaction { desk: Arc::clone(&self.desk), turn, commands })
    }

    /// Waits for its turn and looks after the file.
    pub(crate) async fn tend(&self, chore: Chore) -> Result<(), Error> {
        let (reply, result) = oneshot::channel();
        self.queue.send(Message::Tend(chore, reply)).map_err(|_| closed())?;
        result.await.map_err(|_| closed())?
    }

    /// Waits for the turns that were asked for before, writes the log back into the file, and ends the threads.
    /// Nothing happens the second time.
    pub(crate) async fn close(&self) -> Result<(), Error> {
        let (reply, result) = oneshot::channel();
        if self.queue.send(Message::Close(reply)).is_err() {
            return Ok(());
        }
        let result = result.await.unwrap_or(Ok(()));
        if let Some(thread) = self.thread.lock().take() {
            // It has replied and ends now.
            let _ = thread.join();
        }
        result
    }
}

/// Starts a thread with a name.
fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    std::thread::Builder::new()
        .name(name.into())
        .spawn(run)
        .map_err(|error| Error::Storage(format!("no thread for {name}: {error}")))
}
