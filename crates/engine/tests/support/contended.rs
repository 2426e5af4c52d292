//! A store with other writers in it, as far as its user can tell.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use sql::{Select, Statement};
use store::{Cost, Error, Sink, Store, Transaction};

/// A store in which another transaction gets in the way of the next few ones: when they write, or at the commit.
pub struct Contended {
    inner: Arc<dyn Store>,
    /// How many writes are still to fail.
    pub writes: Arc<AtomicU32>,
    /// How many commits are still to fail.
    pub commits: Arc<AtomicU32>,
}

impl Contended {
    /// The store, with nothing in the way yet.
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self { inner, writes: Arc::default(), commits: Arc::default() }
    }
}

struct ContendedTransaction {
    inner: Box<dyn Transaction>,
    writes: Arc<AtomicU32>,
    commits: Arc<AtomicU32>,
}

/// Fails as long as failures are left.
fn contend(failures: &AtomicU32) -> Result<(), Error> {
    let one_less = failures.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    one_less.map_or(Ok(()), |_| Err(Error::Conflict("another one was faster".to_owned())))
}

#[async_trait]
impl Store for Contended {
    async fn read(&self, query: &Select, cost: Cost, sink: Box<dyn Sink>) -> Result<(), Error> {
        self.inner.read(query, cost, sink).await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, Error> {
        let (writes, commits) = (Arc::clone(&self.writes), Arc::clone(&self.commits));
        Ok(Box::new(ContendedTransaction { inner: self.inner.begin().await?, writes, commits }))
    }

    async fn close(&self) -> Result<(), Error> {
        self.inner.close().await
    }
}

#[async_trait]
impl Transaction for ContendedTransaction {
    async fn execute(&mut self, statement: &Statement) -> Result<u64, Error> {
        contend(&self.writes)?;
        self.inner.execute(statement).await
    }

    async fn read(&mut self, query: &Select, sink: Box<dyn Sink>) -> Result<(), Error> {
        self.inner.read(query, sink).await
    }

    fn tells_newest_index(&self) -> bool {
        self.inner.tells_newest_index()
    }

    async fn commit(self: Box<Self>) -> Result<(), Error> {
        contend(&self.commits)?;
        self.inner.commit().await
    }

    async fn rollback(self: Box<Self>) -> Result<(), Error> {
        self.inner.rollback().await
    }
}
