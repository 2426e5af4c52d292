use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, mpsc::Sender};
use std::time::{Duration, Instant};

use parking_lot::{MappedMutexGuard, Mutex, MutexGuard};
use store::Error;
use tokio::sync::oneshot;

use super::flusher::Waiting;
use crate::lengthy::Lengthy;
use crate::link::Link;
use crate::transaction::ended;

/// The connection that writes, and whose turn it is.
///
/// A transaction does what takes moments at the desk itself: to have it done by the writer's thread would take longer
/// than the work. Anything else it sends to the thread, which does it at the same desk.
pub(crate) struct Desk {
    state: Mutex<State>,
    /// Those of a transaction's queries that take long.
    pub(crate) lengthy: Lengthy,
    pages: Arc<AtomicI32>,
    /// Whether somebody waits for the disk at each commit.
    durable: bool,
}

pub(crate) struct State {
    pub(crate) link: Link,
    /// The number of the turn; a transaction that has another one has lost its own.
    turn: u64,
    /// Whether something was changed in this turn.
    pub(crate) changed: bool,
    /// When the transaction last did something.
    used: Instant,
    /// To whom commits are told; `None` when the store is closed.
    flushes: Option<Sender<Waiting>>,
}

impl Desk {
    pub(super) fn new(mut link: Link, flushes: Sender<Waiting>, durable: bool) -> Result<Self, Error> {
        let pages = Arc::<AtomicI32>::default();
        let counter = Arc::clone(&pages);
        link.on_commit(move |count| counter.store(count, Ordering::Relaxed))?;
        let (used, flushes) = (Instant::now(), Some(flushes));
        let state = State { link, turn: 0, changed: false, used, flushes };
        Ok(Self { state: Mutex::new(state), lengthy: Lengthy::default(), pages, durable })
    }

    /// The desk, for a transaction whose turn it is.
    ///
    /// # Errors
    /// [`Error::Busy`] when its turn is over, or a statement ended its transaction.
    pub(crate) fn of_turn(&self, turn: u64) -> Result<MappedMutexGuard<'_, State>, Error> {
        let mut state = self.state.lock();
        if state.turn != turn || !state.link.in_transaction() {
            return Err(ended());
        }
        state.used = Instant::now();
        Ok(MutexGuard::map(state, |state| state))
    }

    /// The connection, between turns or for the thread that does what the transaction asked for.
    pub(super) fn link(&self) -> MappedMutexGuard<'_, Link> {
        MutexGuard::map(self.state.lock(), |state| &mut state.link)
    }

    /// Begins a transaction; its number comes back.
    pub(super) fn begin(&self) -> Result<u64, Error> {
        let mut state = self.state.lock();
        state.link.order("BEGIN IMMEDIATE")?;
        state.turn += 1;
        (state.changed, state.used) = (false, Instant::now());
        Ok(state.turn)
    }

    /// Commits what was done in a turn, and ends it. Whoever gets a receiver has to wait until it is on the disk.
    pub(crate) fn commit(&self, turn: u64) -> Result<Option<oneshot::Receiver<Result<(), Error>>>, Error> {
        let mut state = self.of_turn(turn)?;
        state.link.order("COMMIT")?;
        state.turn += 1;
        if !state.changed || !self.durable {
            return Ok(None);
        }
        let (reply, flushed) = oneshot::channel();
        let lost = || Error::Lost("nobody flushes the log".into());
        let flushes = state.flushes.as_ref().ok_or_else(lost)?;
        flushes.send(reply).map_err(|_| lost())?;
        Ok(Some(flushed))
    }

    /// Ends a turn, in whatever state it is.
    pub(crate) fn end(&self, turn: u64) {
        let mut state = self.state.lock();
        if state.turn != turn {
            return;
        }
        state.turn += 1;
        if state.link.in_transaction()
            && let Err(error) = state.link.order("ROLLBACK")
        {
            tracing::error!("rolling back: {error}");
        }
    }

    /// Whether a turn is over, by whatever ended its transaction.
    pub(super) fn is_over(&self, turn: u64) -> bool {
        let state = self.state.lock();
        state.turn != turn || !state.link.in_transaction()
    }

    /// Whether nothing was done for so long.
    pub(super) fn is_idle(&self, timeout: Duration) -> bool {
        self.state.lock().used.elapsed() >= timeout
    }

    /// Tells nobody of commits any more.
    pub(super) fn close(&self) {
        self.state.lock().flushes = None;
    }

    /// How many pages there are in the log.
    pub(super) fn pages(&self) -> i32 {
        self.pages.load(Ordering::Relaxed)
    }

    /// Takes down that the log is written back.
    pub(super) fn forget_pages(&self) {
        self.pages.store(0, Ordering::Relaxed);
    }
}
