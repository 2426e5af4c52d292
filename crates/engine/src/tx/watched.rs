use async_trait::async_trait;
use sql::{Select, Statement};
use store::{Error, Sink, Transaction};

/// A store's transaction that remembers whether another one got in its way: whatever its user made of the error, it
/// cannot be committed any more.
pub(super) struct Watched {
    inner: Box<dyn Transaction>,
    conflict: Option<String>,
}

impl Watched {
    pub(super) fn new(inner: Box<dyn Transaction>) -> Self {
        Self { inner, conflict: None }
    }

    /// What the store said about the conflict, if there was one.
    pub(super) fn take_conflict(&mut self) -> Option<String> {
        self.conflict.take()
    }

    fn note<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        if let Err(Error::Conflict(reason)) = &result {
            self.conflict.get_or_insert_with(|| reason.clone());
        }
        result
    }
}

#[async_trait]
impl Transaction for Watched {
    async fn execute(&mut self, statement: &Statement) -> Result<u64, Error> {
        let result = self.inner.execute(statement).await;
        self.note(result)
    }

    async fn read(&mut self, query: &Select, sink: Box<dyn Sink>) -> Result<(), Error> {
        let result = self.inner.read(query, sink).await;
        self.note(result)
    }

    fn tells_newest_index(&self) -> bool {
        self.inner.tells_newest_index()
    }

    async fn commit(self: Box<Self>) -> Result<(), Error> {
        self.inner.commit().await
    }

    async fn commit_with(self: Box<Self>, last: &Statement) -> Result<(), Error> {
        self.inner.commit_with(last).await
    }

    async fn rollback(self: Box<Self>) -> Result<(), Error> {
        self.inner.rollback().await
    }
}
