use std::sync::Arc;

use async_trait::async_trait;
use sql::{Comparison, Dialect, Expr, Select, Statement, render};
use store::{Console, ConsoleOutput, Error, Sink, Transaction};

use crate::lengthy::Glance;
use crate::limit::{AbandonOnDrop, Abandoned};
use crate::writer::{Turn, ended};

/// The most rows that are inserted while others wait for the thread.
const FEW_ROWS: usize = 100;

/// A transaction whose turn it is.
pub(crate) struct SqliteTransaction {
    /// `None` when the turn was lost with a query that panicked.
    turn: Option<Turn>,
}

impl SqliteTransaction {
    pub(crate) fn new(turn: Turn) -> Self {
        Self { turn: Some(turn) }
    }

    /// Has a thread that may block do something in this turn. Nobody is held up by it, and it is stopped when the
    /// future is dropped; then, and when it panics, the turn ends with it.
    async fn lengthy<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Turn, Option<Abandoned>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = self.turn.take().ok_or_else(ended)?;
        let waiting = AbandonOnDrop::default();
        let abandoned = Arc::clone(&waiting.0);
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&turn, Some(abandoned));
            (turn, result)
        });
        let (turn, result) = done.await.map_err(|error| {
            tracing::error!("a transaction was rolled back: {error}");
            ended()
        })?;
        self.turn = Some(turn);
        result
    }

    /// Runs statements in somebody's own words.
    pub(crate) async fn console(&mut self, console: Console) -> Result<ConsoleOutput, Error> {
        self.lengthy(move |turn, abandoned| turn.console(&console, abandoned)).await
    }
}

#[async_trait]
impl Transaction for SqliteTransaction {
    async fn execute(&mut self, statement: &Statement) -> Result<u64, Error> {
        let rendered = render(statement, Dialect::Sqlite);
        if is_quick(statement) {
            let turn = self.turn.as_ref().ok_or_else(ended)?;
            return turn.change(&rendered.text, &rendered.values, None);
        }
        let (text, values) = rendered.into_owned();
        self.lengthy(move |turn, abandoned| turn.change(&text, &values, abandoned)).await
    }

    async fn read(&mut self, query: &Select, mut sink: Box<dyn Sink>) -> Result<(), Error> {
        let rendered = render(query, Dialect::Sqlite);
        let turn = self.turn.as_ref().ok_or_else(ended)?;
        let glance = || turn.glance(&rendered.text, &rendered.values, &mut *sink);
        match turn.desk.lengthy.glance(&rendered.text, glance) {
            Glance::Done(done) => return done,
            Glance::Panicked => {
                tracing::error!("a transaction panicked and was rolled back");
                self.turn = None;
                return Err(ended());
            }
            // Its time is over, or its turn: the second try tells.
            Glance::Lengthy => sink.restart(),
        }
        let (text, values) = rendered.into_owned();
        let query = move |turn: &Turn, abandoned| turn.query(&text, &values, abandoned, &mut *sink);
        self.lengthy(query).await.map(|_| ())
    }

    fn tells_newest_index(&self) -> bool {
        true
    }

    async fn commit(self: Box<Self>) -> Result<(), Error> {
        // Somebody else may write while this waits for the disk.
        match self.turn.ok_or_else(ended)?.commit()? {
            Some(flushed) => flushed.await.map_err(|_| ended())?,
            None => Ok(()),
        }
    }

    async fn rollback(self: Box<Self>) -> Result<(), Error> {
        drop(self.turn);
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
