use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use store::{Console, ConsoleOutput, Error, Row};
use tokio::sync::oneshot;

use super::desk::Desk;
use super::flusher::Flusher;
use crate::console::{Outcome, Rights};
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
        /// Told the number of its turn when that has come.
        turn: oneshot::Sender<Result<u64, Error>>,
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
    desk: Arc<Desk>,
    messages: Receiver<Message>,
    flusher: Flusher,
    idle_timeout: Duration,
}

impl Turns {
    pub(super) fn new(
        desk: Arc<Desk>,
        messages: Receiver<Message>,
        flusher: Flusher,
        idle_timeout: Duration,
    ) -> Self {
        Self { desk, messages, flusher, idle_timeout }
    }

    /// Runs until the store is closed or dropped.
    pub(super) fn run(self) {
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
        self.desk.close();
        self.flusher.close();
    }

    /// The next message; `None` when nobody can send one any more.
    fn next(&self) -> Option<Message> {
        let pages = self.desk.pages();
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
        self.desk.forget_pages();
        if let Err(error) = self.desk.link().batch("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!("writing back the log: {error}");
        }
    }

    fn tend(&self, chore: Chore) -> Result<(), Error> {
        match chore {
            Chore::Optimize => {
                self.shorten_log()?;
                self.desk.link().batch("PRAGMA optimize")
            }
            Chore::Shrink => {
                self.desk.link().batch("VACUUM")?;
                // It went through the log: only this makes the file smaller.
                self.shorten_log()
            }
        }
    }

    /// Copies the log into the file and shortens it. Nobody waits for readers: what they still need stays for the next
    /// time.
    fn shorten_log(&self) -> Result<(), Error> {
        self.desk.forget_pages();
        self.desk.link().without_waiting("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    fn turn(&self, commands: &Receiver<Command>, turn: oneshot::Sender<Result<u64, Error>>) {
        if turn.is_closed() {
            return;
        }
        let begun = self.desk.begin();
        let number = begun.as_ref().ok().copied();
        let told = turn.send(begun).is_ok();
        let Some(number) = number else { return };
        // A sink that panics takes its own transaction with it, not everybody's writer.
        if told && catch_unwind(AssertUnwindSafe(|| self.serve(commands, number))).is_err() {
            tracing::error!("a transaction panicked and was rolled back");
        }
        self.desk.end(number);
    }

    /// Does what a transaction asks for, until it ends or goes away.
    fn serve(&self, commands: &Receiver<Command>, turn: u64) {
        while !self.desk.is_over(turn) {
            match commands.recv_timeout(self.idle_timeout) {
                Ok(Command::Run(run)) => self.execute(run, turn),
                Ok(Command::Console(console, reply)) => {
                    // Whoever gave up waiting has dropped the transaction as well.
                    let _ = reply.send(self.console(&console, turn));
                }
                Ok(Command::Over) => return,
                Err(RecvTimeoutError::Timeout) if !self.desk.is_idle(self.idle_timeout) => {}
                Err(RecvTimeoutError::Timeout) => {
                    tracing::warn!("a transaction was idle for too long and was rolled back");
                    return;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn execute(&self, run: Run, turn: u64) {
        let Run { text, values, mut sink, reply } = run;
        let result = self.desk.of_turn(turn).and_then(|mut state| {
            state.changed |= sink.is_none();
            let patience = state.link.patience(None);
            let result = state.link.run(&text, &values, patience, |row: &dyn Row| match &mut sink {
                Some(sink) => sink.row(row),
                None => Ok(()),
            });
            match result {
                Ok(_) if !state.link.in_transaction() => {
                    Err(Error::Statement("the statement ended the transaction".into()))
                }
                result => result,
            }
        });
        let _ = reply.send(result);
    }

    fn console(&self, console: &Console, turn: u64) -> Result<ConsoleOutput, Error> {
        let mut state = self.desk.of_turn(turn)?;
        state.changed = true;
        match state.link.console(console, Rights::Write, None)? {
            Outcome::Done(output) => Ok(output),
            Outcome::Writes => Err(Error::Statement("it writes".into())),
        }
    }

    /// Flushes and writes back what is left.
    fn close(self) -> Result<(), Error> {
        self.desk.close();
        self.flusher.close();
        let link = self.desk.link();
        // It only makes queries faster.
        if let Err(error) = link.batch("PRAGMA optimize") {
            tracing::warn!("optimising: {error}");
        }
        link.batch("PRAGMA wal_checkpoint(TRUNCATE)")
    }
}
