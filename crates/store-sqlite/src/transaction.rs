use std::sync::Arc;
use std::sync::mpsc::Sender;

use async_trait::async_trait;
use sql::{Comparison, Dialect, Expr, Rendered, Select, Statement, Value, render};
use store::{Console, ConsoleOutput, Error, Row, Sink, Transaction};
use tokio::sync::oneshot;

use crate::lengthy::Glance;
use crate::limit::Patience;
use crate::writer::Desk;

/// The most rows that are inserted while others wait for the thread.
const FEW_ROWS: usize = 100;

/// What a transaction asks of the writer's thread while it is its turn.
pub(crate) enum Command {
    /// Run a statement.
    Run(Run),
    /// Run statements in somebody's own words.
    Console(Console, oneshot::Sender<Result<ConsoleOutput, Error>>),
    /// Look whose turn it is.
    Over,
}

/// A statement to run.
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
    /// Takes the rows; `None` for a statement that changes something.
    pub(crate) sink: Option<Box<dyn Sink>>,
    pub(crate) reply: oneshot::Sender<Result<u64, Error>>,
}

/// A transaction whose turn it is. The writer's thread ends the turn when `commands` is dropped.
pub(crate) struct SqliteTransaction {
    pub(crate) desk: Arc<Desk>,
    pub(crate) turn: u64,
    pub(crate) commands: Sender<Command>,
}

impl SqliteTransaction {
    /// Has the writer's thread run a statement.
    async fn run(&self, rendered: Rendered<'_>, sink: Option<Box<dyn Sink>>) -> Result<u64, Error> {
        let (reply, result) = oneshot::channel();
        let (text, values) = rendered.into_owned();
        self.ask(Command::Run(Run { text, values, sink, reply }), result).await
    }

    /// Runs statements in somebody's own words.
    pub(crate) async fn console(&self, console: Console) -> Result<ConsoleOutput, Error> {
        let (reply, result) = oneshot::channel();
        self.ask(Command::Console(console, reply), result).await
    }

    async fn ask<T>(
        &self,
        command: Command,
        result: oneshot::Receiver<Result<T, Error>>,
    ) -> Result<T, Error> {
        self.commands.send(command).map_err(|_| ended())?;
        result.await.map_err(|_| ended())?
    }

    /// Runs a change on this thread.
    fn change(&self, rendered: &Rendered<'_>) -> Result<u64, Error> {
        let mut state = self.desk.of_turn(self.turn)?;
        state.changed = true;
        let patience = state.link.patience(None);
        let changed = state.link.run(&rendered.text, &rendered.values, patience, |_| Ok(()));
        if !state.link.in_transaction() {
            // A full disk ends it, for example. Without the thread, there is nobody to tell.
            let _ = self.commands.send(Command::Over);
        }
        changed
    }

    /// Runs a query on this thread, for a moment.
    fn glance(&self, rendered: &Rendered<'_>, sink: &mut dyn Sink) -> Result<(), Error> {
        let state = self.desk.of_turn(self.turn)?;
        let row = |row: &dyn Row| sink.row(row);
        state.link.run(&rendered.text, &rendered.values, Patience::Brief, row).map(|_| ())
    }
}

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn execute(&mut self, statement: &Statement) -> Result<u64, Error> {
        let rendered = render(statement, Dialect::Sqlite);
        if is_quick(statement) { self.change(&rendered) } else { self.run(rendered, None).await }
    }

    async fn read(&mut self, query: &Select, mut sink: Box<dyn Sink>) -> Result<(), Error> {
        let rendered = render(query, Dialect::Sqlite);
        match self.desk.lengthy.glance(&rendered.text, || self.glance(&rendered, &mut *sink)) {
            Glance::Done(done) => return done,
            Glance::Panicked => {
                tracing::error!("a transaction panicked and was rolled back");
                self.desk.end(self.turn);
                // Without the thread, there is nobody to tell.
                let _ = self.commands.send(Command::Over);
                return Err(ended());
            }
            // Its time is over, or its turn: the thread tells.
            Glance::Lengthy => sink.restart(),
        }
        self.run(rendered, Some(sink)).await.map(|_| ())
    }

    fn tells_newest_index(&self) -> bool {
        true
    }

    async fn commit(self: Box<Self>) -> Result<(), Error> {
        let Self { desk, turn, commands } = *self;
        let committed = desk.commit(turn);
        // Somebody else may write while this waits for the disk.
        drop(commands);
        match committed? {
            Some(flushed) => flushed.await.map_err(|_| ended())?,
            None => Ok(()),
        }
    }

    async fn rollback(self: Box<Self>) -> Result<(), Error> {
        self.desk.end(self.turn);
        Ok(())
    }
}

/// Whether a statement changes few rows, which it finds by their ids.
fn is_quick(statement: &Statement) -> bool {
    let by_id = |filter: &Option<Expr>| match filter {
        Some(Expr::Compare { op: Comparison::Eq, left, right }) => {
            matches!(&**left, Expr::Column { name, .. } if name.as_str() == "id")
                && matches!(&**right, Expr::Value(_))
        }
        _ => false,
    };
    match statement {
        Statement::Insert(insert) => insert.rows.len() <= FEW_ROWS,
        Statement::Update(update) => by_id(&update.filter),
        Statement::Delete(delete) => by_id(&delete.filter),
        _ => false,
    }
}

pub(crate) fn ended() -> Error {
    Error::Busy("the transaction was rolled back: it was idle for too long, or a statement ended it".into())
}
