use std::borrow::Borrow;
use std::sync::Arc;

use sql::Value;
use store::{Console, ConsoleOutput, Error, Row, Sink};

use super::desk::{Desk, State};
use super::flusher::Flushed;
use crate::console::{Outcome, Rights};
use crate::limit::{Abandoned, Patience};

/// The turn of one transaction. It ends when this is dropped, wherever that is.
pub(crate) struct Turn {
    pub(crate) desk: Arc<Desk>,
    number: u64,
}

impl Turn {
    pub(super) fn new(desk: Arc<Desk>, number: u64) -> Self {
        Self { desk, number }
    }

    /// Runs a statement that changes something.
    pub(crate) fn change(
        &self,
        text: &str,
        values: &[impl Borrow<Value>],
        abandoned: Option<Abandoned>,
    ) -> Result<u64, Error> {
        let mut state = self.desk.of_turn(self.number)?;
        state.changed = true;
        let patience = state.link.patience(abandoned);
        run(&mut state, text, values, patience, None)
    }

    /// Runs a query.
    pub(crate) fn query(
        &self,
        text: &str,
        values: &[impl Borrow<Value>],
        abandoned: Option<Abandoned>,
        sink: &mut dyn Sink,
    ) -> Result<u64, Error> {
        let mut state = self.desk.of_turn(self.number)?;
        let patience = state.link.patience(abandoned);
        run(&mut state, text, values, patience, Some(sink))
    }

    /// Runs a query for a moment.
    pub(crate) fn glance(
        &self,
        text: &str,
        values: &[impl Borrow<Value>],
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let mut state = self.desk.of_turn(self.number)?;
        run(&mut state, text, values, Patience::Brief, Some(sink)).map(|_| ())
    }

    /// Runs statements in somebody's own words.
    pub(crate) fn console(
        &self,
        console: &Console,
        abandoned: Option<Abandoned>,
    ) -> Result<ConsoleOutput, Error> {
        let mut state = self.desk.of_turn(self.number)?;
        state.changed = true;
        match state.link.console(console, Rights::Write, abandoned)? {
            Outcome::Done(output) => Ok(output),
            Outcome::Writes => Err(Error::Statement("it writes".into())),
        }
    }

    /// Commits what was done.
    pub(crate) fn commit(self) -> Result<Option<Flushed>, Error> {
        let flushed = self.desk.commit(self.number);
        self.desk.look_after_log();
        flushed
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.desk.end(self.number);
    }
}

fn run(
    state: &mut State,
    text: &str,
    values: &[impl Borrow<Value>],
    patience: Patience,
    mut sink: Option<&mut dyn Sink>,
) -> Result<u64, Error> {
    let result = state.link.run(text, values, patience, |row: &dyn Row| match &mut sink {
        Some(sink) => sink.row(row),
        None => Ok(()),
    });
    if state.link.in_transaction() {
        return result;
    }
    // A full disk ends the transaction, for example, and nobody need wait for this turn any longer.
    state.end();
    result.and(Err(Error::Statement("the statement ended the transaction".into())))
}
