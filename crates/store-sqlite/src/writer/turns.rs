use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use store::{Error, Row};
use tokio::sync::oneshot;

use super::flusher::Flusher;
use crate::console::{Outcome, Rights};
use crate::link::Link;
use crate::transaction::{Command, Run};

/// Pages in the log from which they are copied into the file when nobody wants to write.
const CHECKPOINT_PAGES: i32 = 1_000;
/// Pages in the log from which they are copied in any case: 32 MiB.
const CHECKPOINT_PAGES_AT_LATEST: i32 = 8_000;
/// For how long nobody must have wanted to write.
const QUIET: Duration = Duration::from_millis(50);

/// What is asked of the writer's thread.
pub(super) enum Message {
    /// A transaction wants its turn.
    Begin {
        /// What it will ask for.
        commands: Receiver<Command>,
        /// Told when it is its turn.
        turn: oneshot::Sender<Result<(), Error>>,
    },
    /// The file is to be looked after.
    Tend(Chore, oneshot::Sender<Result<(), Error>>),
    /// The store is closed; those who asked before have had their turn.
    Close(oneshot::Sender<Result<(), Error>>),
}

/// What is done to the file between transactions.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Chore {
    /// The log is written back as far as readers let it, and the statistics that queries are planned by are looked at.
    Optimize,
    /// The file is written anew without the pages that nothing is in.
    Shrink,
}

/// The writer's thread: one transaction after the other.
pub(super) struct Turns {
    link: Link,
    messages: Receiver<Message>,
    flusher: Flusher,
    idle_timeout: Duration,
    log_pages: Arc<AtomicI32>,
}

impl Turns {
    pub(super) fn new(
        mut link: Link,
        messages: Receiver<Message>,
        flusher: Flusher,
        idle_timeout: Duration,
    ) -> Result<Self, Error> {
        let log_pages = Arc::<AtomicI32>::default();
        let pages = Arc::clone(&log_pages);
        link.on_commit(move |count| pages.store(count, Ordering::Relaxed))?;
        Ok(Self { link, messages, flusher, idle_timeout, log_pages })
    }

    /// Runs until the store is closed or dropped.
    pub(super) fn run(mut self) {
        while let Some(message) = self.next() {
            match message {
                Message::Begin { commands, turn } => self.turn(&commands, turn),
                Message::Tend(chore, reply) => {
                    // Whoever gave up waiting needs no answer.
                    let _ = reply.send(self.tend(chore));
                }
                Message::Close(reply) => {
                    let _ = reply.send(self.close());
                    return;
                }
            }
        }
        // Dropped without being closed: what was committed is in the log, for the next one to open the file.
        self.flusher.close();
    }

    /// The next message; `None` when nobody can send one any more.
    fn next(&self) -> Option<Message> {
        let pages = self.log_pages.load(Ordering::Relaxed);
        if pages < CHECKPOINT_PAGES {
            return self.messages.recv().ok();
        }
        match self.messages.recv_timeout(QUIET) {
            Ok(message) => {
                if pages >= CHECKPOINT_PAGES_AT_LATEST {
                    self.checkpoint();
                }
                Some(message)
            }
            Err(RecvTimeoutError::Timeout) => {
                self.checkpoint();
                self.messages.recv().ok()
            }
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    /// Copies the log into the file as far as no reader needs it. The log starts anew after that.
    fn checkpoint(&self) {
        self.log_pages.store(0, Ordering::Relaxed);
        if let Err(error) = self.link.batch("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!("writing back the log: {error}");
        }
    }

    fn tend(&self, chore: Chore) -> Result<(), Error> {
        match chore {
            Chore::Optimize => {
                self.shorten_log()?;
                self.link.batch("PRAGMA optimize")
            }
            Chore::Shrink => {
                self.link.batch("VACUUM")?;
                // It went through the log: only this makes the file smaller.
                self.shorten_log()
            }
        }
    }

    /// Copies the log into the file and shortens it. Nobody waits for readers: what they still need stays for the next
    /// time.
    fn shorten_log(&self) -> Result<(), Error> {
        self.log_pages.store(0, Ordering::Relaxed);
        self.link.without_waiting("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    fn turn(&mut self, commands: &Receiver<Command>, turn: oneshot::Sender<Result<(), Error>>) {
        if turn.is_closed() {
            return;
        }
        let begun = self.link.batch("BEGIN IMMEDIATE");
        let failed = begun.is_err();
        if turn.send(begun).is_err() || failed {
            return self.roll_back();
        }
        // A sink that panics takes its own transaction with it, not everybody's writer.
        if catch_unwind(AssertUnwindSafe(|| self.serve(commands))).is_err() {
            tracing::error!("a transaction panicked and was rolled back");
        }
        self.roll_back();
    }

    /// Does what a transaction asks for, until it ends or goes away.
    fn serve(&mut self, commands: &Receiver<Command>) {
        let mut changed = false;
        loop {
            match commands.recv_timeout(self.idle_timeout) {
                Ok(Command::Run(run)) => {
                    changed |= run.sink.is_none();
                    self.execute(run);
                    if !self.link.in_transaction() {
                        return;
                    }
                }
                Ok(Command::Console(console, reply)) => {
                    changed = true;
                    let outcome = self.link.console(&console, Rights::Write, None);
                    let output = outcome.and_then(|outcome| match outcome {
                        Outcome::Done(output) => Ok(output),
                        Outcome::Writes => Err(Error::Statement("it writes".into())),
                    });
                    // Whoever gave up waiting has dropped the transaction as well.
                    let _ = reply.send(output);
                    if !self.link.in_transaction() {
                        return;
                    }
                }
                Ok(Command::Commit(reply)) => return self.commit(changed, reply),
                Ok(Command::Rollback(reply)) => {
                    self.roll_back();
                    let _ = reply.send(Ok(()));
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {
                    tracing::warn!("a transaction was idle for too long and was rolled back");
                    return;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn execute(&self, run: Run) {
        let Run { text, values, mut sink, reply } = run;
        let result = self.link.run(&text, &values, None, |row: &dyn Row| match &mut sink {
            Some(sink) => sink.row(row),
            None => Ok(()),
        });
        let result = match result {
            Ok(_) if !self.link.in_transaction() => {
                Err(Error::Statement("the statement ended the transaction".into()))
            }
            result => result,
        };
        let _ = reply.send(result);
    }

    fn commit(&self, changed: bool, reply: oneshot::Sender<Result<(), Error>>) {
        match self.link.batch("COMMIT") {
            Ok(()) if changed => self.flusher.flush(reply),
            result => {
                let _ = reply.send(result);
            }
        }
    }

    /// Makes sure that no transaction is under way.
    fn roll_back(&self) {
        if self.link.in_transaction()
            && let Err(error) = self.link.batch("ROLLBACK")
        {
            tracing::error!("rolling back: {error}");
        }
    }

    /// Flushes and writes back what is left.
    fn close(self) -> Result<(), Error> {
        self.flusher.close();
        // It only makes queries faster.
        if let Err(error) = self.link.batch("PRAGMA optimize") {
            tracing::warn!("optimising: {error}");
        }
        self.link.batch("PRAGMA wal_checkpoint(TRUNCATE)")
    }
}
