use std::mem;

use async_trait::async_trait;
use sql::{Dialect, Select, Statement, render};
use store::{Error, Sink, Transaction};

use tokio_postgres::error::DbError;

use crate::error::Failure;
use crate::lease::Lease;
use crate::run::Job;
use crate::unique::{self, Key, is_about_an_index};

/// Travels in front of the first statement.
const BEGIN: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE; SAVEPOINT s";

/// Travels in front of a statement after a change. There is only ever one savepoint: the server keeps track of each
/// one that is not released, and becomes slower with their number. It adds about a quarter to what a statement takes
/// when the server is on the same machine (see the benchmark), and nothing to the time on the way.
const NEXT: &str = "RELEASE SAVEPOINT s; SAVEPOINT s";

/// Takes back what the last statement did, in a transaction that would otherwise refuse everything after an error.
const BACK: &str = "ROLLBACK TO SAVEPOINT s";

/// In a transaction that failed or has ended, releasing the savepoint is an error. A mere `COMMIT` would be answered
/// as if nothing had happened.
const COMMIT: &str = "RELEASE SAVEPOINT s; COMMIT";

const ROLLBACK: &str = "ROLLBACK";

/// A transaction on a connection of its own.
pub(crate) struct PostgresTransaction {
    lease: Lease,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The server does not know of it yet.
    Planned,
    /// Nothing has changed since the savepoint.
    AtSavepoint,
    /// Something has changed since the savepoint.
    Changed,
    /// Another transaction got in the way: nothing can be done any more but to roll it back.
    Conflict(String),
    /// The server ended it, or something was interrupted: the connection is of no use any more.
    Broken(String),
}

impl PostgresTransaction {
    /// A transaction that begins with its first statement.
    pub(crate) fn new(lease: Lease) -> Self {
        Self { lease, state: State::Planned }
    }

    async fn run(&mut self, job: &mut Job<'_>) -> Result<u64, Error> {
        let before = self.before()?;
        self.interruptible();
        let result = self.lease.run(before, job).await;
        self.ran(job, result).await
    }

    /// What travels in front of the next statement.
    fn before(&self) -> Result<Option<&'static str>, Error> {
        match &self.state {
            State::Planned => Ok(Some(BEGIN)),
            State::AtSavepoint => Ok(None),
            State::Changed => Ok(Some(NEXT)),
            State::Conflict(reason) => Err(Error::Conflict(reason.clone())),
            State::Broken(reason) => Err(Error::Busy(reason.clone())),
        }
    }

    /// Sees to what became of a statement.
    async fn ran(&mut self, job: &mut Job<'_>, mut result: Result<u64, Failure>) -> Result<u64, Error> {
        if result.as_ref().is_err_and(Failure::is_stale) {
            self.back().await?;
            self.interruptible();
            result = self.lease.run(None, job).await;
        }
        match result {
            Ok(count) => {
                self.state = if job.is_query() { State::AtSavepoint } else { State::Changed };
                Ok(count)
            }
            Err(failure) => Err(self.recover(failure).await),
        }
    }

    /// Sees to what became of the commit.
    fn committed(&mut self, result: Result<(), Failure>) -> Result<(), Error> {
        let Err(failure) = result else {
            self.end();
            return Ok(());
        };
        match self.lease.classify(failure) {
            Error::Lost(reason) => {
                Err(Error::Lost(format!("it is not known whether a transaction was committed: {reason}")))
            }
            error => {
                self.state = State::Conflict(error.to_string());
                Err(error)
            }
        }
    }

    /// Makes the transaction fit for the next statement after one that failed.
    async fn recover(&mut self, failure: Failure) -> Error {
        let reason = failure.server_error().cloned();
        let mut error = self.lease.classify(failure);
        match &mut error {
            // The rows were read to their end, and nothing was changed.
            Error::Sink(_) => self.state = State::AtSavepoint,
            Error::Conflict(reason) => self.state = State::Conflict(reason.clone()),
            Error::Lost(reason) => self.state = State::Broken(reason.clone()),
            Error::Busy(reason) if self.lease.is_closed() => self.state = State::Broken(reason.clone()),
            _ => {
                if let Err(error) = self.back().await {
                    return error;
                }
                if let Some(reason) = reason.filter(is_about_an_index) {
                    match self.key(&reason).await {
                        Ok(key) => error = key.refusal(error),
                        Err(error) => return error,
                    }
                }
            }
        }
        error
    }

    /// The key that a row would have had twice, or that has no room for it.
    async fn key(&mut self, reason: &DbError) -> Result<Key, Error> {
        self.interruptible();
        let key = unique::key(&self.lease.client, reason).await;
        if key.is_err() {
            self.back().await?;
        }
        self.state = State::AtSavepoint;
        Ok(key.unwrap_or_default())
    }

    /// Takes back what the last statement did.
    async fn back(&mut self) -> Result<(), Error> {
        self.command(BACK).await?;
        self.state = State::AtSavepoint;
        Ok(())
    }

    async fn command(&mut self, text: &str) -> Result<(), Error> {
        self.interruptible();
        match self.lease.command(text).await {
            Ok(()) => Ok(()),
            Err(failure) => {
                let error = self.lease.classify(failure);
                self.state = State::Broken(error.to_string());
                Err(error)
            }
        }
    }

    /// Should the caller go away before the next change of the state, nobody knows what the server did.
    fn interruptible(&mut self) {
        self.lease.is_clean = false;
        self.state = State::Broken("a statement of the transaction was interrupted".into());
    }

    fn end(&mut self) {
        self.state = State::Planned;
        self.lease.is_clean = true;
    }
}

#[async_trait]
impl Transaction for PostgresTransaction {
    async fn execute(&mut self, statement: &Statement) -> Result<u64, Error> {
        let rendered = render(statement, Dialect::Postgres);
        self.run(&mut Job::statement(&rendered, statement)?).await
    }

    async fn read(&mut self, query: &Select, mut sink: Box<dyn Sink>) -> Result<(), Error> {
        let rendered = render(query, Dialect::Postgres);
        self.run(&mut Job::query(&rendered, &mut *sink, true)?).await.map(|_| ())
    }

    fn tells_newest_index(&self) -> bool {
        false
    }

    async fn commit(mut self: Box<Self>) -> Result<(), Error> {
        match mem::replace(&mut self.state, State::Planned) {
            State::Planned => return Ok(()),
            State::AtSavepoint | State::Changed => {}
            State::Conflict(reason) => {
                self.state = State::Conflict(reason.clone());
                return Err(Error::Conflict(reason));
            }
            State::Broken(reason) => return Err(Error::Busy(reason)),
        }
        self.interruptible();
        let result = self.lease.command(COMMIT).await;
        self.committed(result)
    }

    async fn commit_with(mut self: Box<Self>, last: &Statement) -> Result<(), Error> {
        let rendered = render(last, Dialect::Postgres);
        let mut job = Job::statement(&rendered, last)?;
        if !self.lease.sends_at_once(&job) {
            self.run(&mut job).await?;
            return self.commit().await;
        }
        let before = self.before()?;
        self.interruptible();
        let (result, committed) = self.lease.run_between(before, &mut job, Some(COMMIT)).await;
        if result.is_ok() {
            return self.committed(committed);
        }
        // The server did not commit after a statement that failed.
        self.ran(&mut job, result).await?;
        self.commit().await
    }

    async fn rollback(mut self: Box<Self>) -> Result<(), Error> {
        match self.state {
            State::Planned => Ok(()),
            State::AtSavepoint | State::Changed | State::Conflict(_) => {
                self.command(ROLLBACK).await?;
                self.end();
                Ok(())
            }
            State::Broken(_) => Ok(()),
        }
    }
}

impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        match self.state {
            State::AtSavepoint | State::Changed | State::Conflict(_) => {
                self.lease.send(ROLLBACK);
                self.end();
            }
            // A lease that is not clean gives its connection up.
            State::Planned | State::Broken(_) => {}
        }
    }
}
