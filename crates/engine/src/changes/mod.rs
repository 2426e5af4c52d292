//! Which tables were written, so that what was worked out from them can be kept until then.

mod totals;
mod versions;

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use async_trait::async_trait;
use sql::{Ident, Select, Statement};
use store::{Console, ConsoleOutput, Cost, Error, Sink, Store, Transaction};

pub(crate) use self::totals::Totals;
pub(crate) use self::versions::{Versions, Written};

/// A store that takes down what is written through it.
pub(crate) struct Watched {
    store: Arc<dyn Store>,
    versions: Arc<Versions>,
}

/// A transaction of such a store. Whoever commits it waits for the end of that, see [`until_done`].
struct Noting {
    inner: Box<dyn Transaction>,
    versions: Arc<Versions>,
    written: Written,
}

impl Watched {
    /// The store, and what is known about its tables.
    pub(crate) fn new(store: Arc<dyn Store>) -> (Self, Arc<Versions>) {
        let versions = Arc::<Versions>::default();
        (Self { store, versions: Arc::clone(&versions) }, versions)
    }
}

#[async_trait]
impl Store for Watched {
    async fn read(&self, query: &Select, cost: Cost, sink: Box<dyn Sink>) -> Result<(), Error> {
        self.store.read(query, cost, sink).await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, Error> {
        let inner = self.store.begin().await?;
        Ok(Box::new(Noting { inner, versions: Arc::clone(&self.versions), written: Written::default() }))
    }

    async fn console(&self, console: Console) -> Result<ConsoleOutput, Error> {
        let (store, versions) = (Arc::clone(&self.store), Arc::clone(&self.versions));
        until_done(async move {
            let output = store.console(console).await;
            versions.note(&Written::Anything);
            output
        })
        .await
    }

    async fn optimize(&self) -> Result<(), Error> {
        self.store.optimize().await
    }

    async fn shrink(&self) -> Result<(), Error> {
        self.store.shrink().await
    }

    async fn close(&self) -> Result<(), Error> {
        self.store.close().await
    }
}

#[async_trait]
impl Transaction for Noting {
    async fn execute(&mut self, statement: &Statement) -> Result<u64, Error> {
        self.written.note(statement);
        self.inner.execute(statement).await
    }

    async fn read(&mut self, query: &Select, sink: Box<dyn Sink>) -> Result<(), Error> {
        self.inner.read(query, sink).await
    }

    fn tells_newest_index(&self) -> bool {
        self.inner.tells_newest_index()
    }

    async fn commit(self: Box<Self>) -> Result<(), Error> {
        let Self { inner, versions, written } = *self;
        let committed = inner.commit().await;
        versions.committed(&written);
        committed
    }

    async fn commit_with(self: Box<Self>, last: &Statement) -> Result<(), Error> {
        let Self { inner, versions, mut written } = *self;
        written.note(last);
        let committed = inner.commit_with(last).await;
        versions.committed(&written);
        committed
    }

    async fn rollback(self: Box<Self>) -> Result<(), Error> {
        self.inner.rollback().await
    }
}

/// Does it to its end even if nobody waits for it any more: what is committed has to be noted, and told to others.
///
/// It begins on the caller's own task: while it is somebody's turn to write, others wait.
pub(crate) async fn until_done<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let mut work = Box::pin(work);
    match poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
        Poll::Ready(done) => done,
        Poll::Pending => tokio::spawn(work).await.map_err(|error| Error::Lost(error.to_string()))?,
    }
}

impl Versions {
    /// Whoever is told of a commit must not be told anything older. One that failed may have taken place.
    fn committed(&self, written: &Written) {
        if !written.is_empty() {
            self.note(written);
        }
    }
}

impl Written {
    fn note(&mut self, statement: &Statement) {
        match statement {
            Statement::Insert(insert) => self.add(&insert.table),
            Statement::Update(update) => self.add(&update.table),
            Statement::Delete(delete) => self.add(&delete.table),
            _ => *self = Self::Anything,
        }
    }

    fn add(&mut self, table: &Ident) {
        if let Self::Tables(tables) = self
            && !tables.contains(table)
        {
            tables.push(table.clone());
        }
    }
}
