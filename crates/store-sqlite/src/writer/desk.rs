use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Instant;

use parking_lot::{MappedMutexGuard, Mutex, MutexGuard};
use store::Error;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use super::flusher::{Flushed, Flusher};
use super::turn::Turn;
use crate::Options;
use crate::lengthy::Lengthy;
use crate::link::Link;
use crate::readers::closed;

/// The connection that writes, and whose turn it is.
///
/// Whoever has the turn does what takes moments on its own thread: to have another one do it would take longer than the
/// work. Only what takes long is done on a thread that may block.
pub(crate) struct Desk {
    /// The turn itself: there is one.
    turns: Arc<Semaphore>,
    state: Mutex<State>,
    /// Those of a transaction's queries that take long.
    pub(crate) lengthy: Lengthy,
    /// How many pages there are in the log.
    pub(super) pages: Arc<AtomicI32>,
    /// Whether somebody will write the log back soon.
    pub(super) looked_after: AtomicBool,
    /// Told when the log can wait no longer.
    pub(super) late: Arc<Notify>,
    pub(super) options: Options,
}

pub(crate) struct State {
    pub(crate) link: Link,
    /// The number of the turn; a transaction that has another one has lost its own.
    turn: u64,
    /// Held as long as it is a transaction's turn.
    permit: Option<OwnedSemaphorePermit>,
    /// Whether something was changed in this turn.
    pub(crate) changed: bool,
    /// When the transaction last did something.
    used: Instant,
    /// To whom commits are told; `None` when the store is closed.
    flusher: Option<Flusher>,
}

impl Desk {
    pub(super) fn new(mut link: Link, flusher: Flusher, options: &Options) -> Result<Self, Error> {
        let pages = Arc::<AtomicI32>::default();
        let counter = Arc::clone(&pages);
        link.on_commit(move |count| counter.store(count, Ordering::Relaxed))?;
        let (used, flusher) = (Instant::now(), Some(flusher));
        let state = State { link, turn: 0, permit: None, changed: false, used, flusher };
        Ok(Self {
            turns: Arc::new(Semaphore::new(1)),
            state: Mutex::new(state),
            lengthy: Lengthy::default(),
            pages,
            looked_after: AtomicBool::new(false),
            late: Arc::default(),
            options: options.clone(),
        })
    }

    /// Waits until nobody else has the turn, at most until the deadline. Whoever has it and does nothing with it loses
    /// it.
    ///
    /// # Errors
    /// [`Error::Busy`] when it did not come in time.
    pub(super) async fn wait(&self, deadline: Option<Instant>) -> Result<OwnedSemaphorePermit, Error> {
        if let Ok(permit) = Arc::clone(&self.turns).try_acquire_owned() {
            return Ok(permit);
        }
        let mut permit = std::pin::pin!(Arc::clone(&self.turns).acquire_owned());
        loop {
            let idle = self.end_if_idle();
            let until = deadline.map_or(idle, |deadline| deadline.min(idle));
            match tokio::time::timeout_at(until.into(), &mut permit).await {
                Ok(permit) => return permit.map_err(|_| closed()),
                Err(_) if deadline.is_some_and(|deadline| Instant::now() >= deadline) => {
                    return Err(Error::Busy("no turn to write came in time".into()));
                }
                Err(_) => {}
            }
        }
    }

    /// The number of the last turn, when nobody has one now.
    pub(super) fn last_turn(&self) -> Option<u64> {
        let state = self.state.try_lock()?;
        state.permit.is_none().then_some(state.turn)
    }

    /// Begins a transaction. Another process that writes is not waited for.
    ///
    /// # Errors
    /// [`Error::Busy`], with the permit, when there is one.
    pub(super) fn begin_at_once(
        self: &Arc<Self>,
        permit: OwnedSemaphorePermit,
    ) -> Result<Turn, (Error, OwnedSemaphorePermit)> {
        let begin = |link: &Link| link.without_waiting(|| link.order(BEGIN));
        self.begin_by(permit, begin)
    }

    /// Begins a transaction. This blocks while another process writes.
    pub(super) fn begin(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> Result<Turn, Error> {
        self.begin_by(permit, |link| link.order(BEGIN)).map_err(|(error, _)| error)
    }

    fn begin_by(
        self: &Arc<Self>,
        permit: OwnedSemaphorePermit,
        begin: impl FnOnce(&Link) -> Result<(), Error>,
    ) -> Result<Turn, (Error, OwnedSemaphorePermit)> {
        let mut state = self.state.lock();
        if let Err(error) = begin(&state.link) {
            return Err((error, permit));
        }
        state.turn += 1;
        (state.permit, state.changed, state.used) = (Some(permit), false, Instant::now());
        Ok(Turn::new(Arc::clone(self), state.turn))
    }

    /// The desk, for a transaction whose turn it is.
    ///
    /// # Errors
    /// [`Error::Busy`] when its turn is over, or a statement ended its transaction.
    pub(super) fn of_turn(&self, turn: u64) -> Result<MappedMutexGuard<'_, State>, Error> {
        let mut state = self.state.lock();
        if state.turn != turn || !state.link.in_transaction() {
            return Err(ended());
        }
        state.used = Instant::now();
        Ok(MutexGuard::map(state, |state| state))
    }

    /// The connection, for whoever has a permit and no transaction.
    pub(super) fn link(&self) -> MappedMutexGuard<'_, Link> {
        MutexGuard::map(self.state.lock(), |state| &mut state.link)
    }

    /// Commits what was done in a turn, and ends it. Whoever gets something to wait for is on the disk after that.
    pub(super) fn commit(&self, turn: u64) -> Result<Option<Flushed>, Error> {
        let mut state = self.of_turn(turn)?;
        state.link.order("COMMIT")?;
        let flushed = match &state.flusher {
            _ if !state.changed || !self.options.durable => Ok(None),
            Some(flusher) => Ok(Some(flusher.flush())),
            None => Err(closed()),
        };
        state.end();
        flushed
    }

    /// Ends a turn, if it is not over.
    pub(super) fn end(&self, turn: u64) {
        let mut state = self.state.lock();
        if state.turn == turn {
            state.end();
        }
    }

    /// Ends the turn of a transaction that has done nothing for too long, and tells when it may be looked at again.
    fn end_if_idle(&self) -> Instant {
        let (now, timeout) = (Instant::now(), self.options.idle_timeout);
        // Whoever holds the lock does something.
        if let Some(mut state) = self.state.try_lock()
            && state.permit.is_some()
        {
            let until = state.used + timeout;
            if now < until {
                return until;
            }
            tracing::warn!("a transaction was idle for too long and was rolled back");
            state.end();
        }
        now + timeout
    }

    /// Gives out no turns any more. Those who are told of commits come back.
    pub(super) fn close(&self) -> Option<Flusher> {
        self.turns.close();
        self.state.lock().flusher.take()
    }
}

const BEGIN: &str = "BEGIN IMMEDIATE";

impl State {
    /// Ends the turn, in whatever state it is.
    pub(super) fn end(&mut self) {
        self.turn += 1;
        if self.link.in_transaction()
            && let Err(error) = self.link.order("ROLLBACK")
        {
            tracing::error!("rolling back: {error}");
        }
        self.permit = None;
    }
}

/// The error of everything that a transaction asks for when it is over.
pub(crate) fn ended() -> Error {
    Error::Busy("the transaction was rolled back: it was idle for too long, or a statement ended it".into())
}
