use std::sync::mpsc::Sender;

use async_trait::async_trait;
use sql::{Dialect, Rendered, Select, Statement, Value, render};
use store::{Console, ConsoleOutput, Error, Sink, Transaction};
use tokio::sync::oneshot;

/// What a transaction asks of the writer's thread while it is its turn.
pub(crate) enum Command {
    /// Run a statement.
    Run(Run),
    /// Run statements in somebody's own words.
    Console(Console, oneshot::Sender<Result<ConsoleOutput, Error>>),
    /// Keep the changes, and reply when they are on the disk.
    Commit(oneshot::Sender<Result<(), Error>>),
    /// Drop the changes.
    Rollback(oneshot::Sender<Result<(), Error>>),
}

/// A statement to run.
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
    /// Takes the rows; `None` for a statement that changes something.
    pub(crate) sink: Option<Box<dyn Sink>>,
    pub(crate) reply: oneshot::Sender<Result<u64, Error>>,
}

/// A transaction whose turn it is. The writer's thread rolls it back when `commands` is dropped.
pub(crate) struct SqliteTransaction {
    pub(crate) commands: Sender<Command>,
}

impl SqliteTransaction {
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
}

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn execute(&mut self, statement: &Statement) -> Result<u64, Error> {
        self.run(render(statement, Dialect::Sqlite), None).await
    }

    async fn read(&mut self, query: &Select, sink: Box<dyn Sink>) -> Result<(), Error> {
        self.run(render(query, Dialect::Sqlite), Some(sink)).await.map(|_| ())
    }

    fn tells_newest_index(&self) -> bool {
        true
    }

    async fn commit(self: Box<Self>) -> Result<(), Error> {
        let (reply, result) = oneshot::channel();
        self.ask(Command::Commit(reply), result).await
    }

    async fn rollback(self: Box<Self>) -> Result<(), Error> {
        let (reply, result) = oneshot::channel();
        self.ask(Command::Rollback(reply), result).await
    }
}

fn ended() -> Error {
    Error::Busy("the transaction was rolled back: it was idle for too long, or a statement ended it".into())
}
