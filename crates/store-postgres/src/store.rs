use std::sync::Arc;

use async_trait::async_trait;
use sql::{Dialect, Select, render};
use store::{Console, ConsoleOutput, Cost, Error, Sink, Store, Transaction};
use tokio_util::task::TaskTracker;

use crate::error::Failure;
use crate::guard::Guard;
use crate::lease::{Lease, Opener, Sessions};
use crate::run::Job;
use crate::session::Session;
use crate::target::Target;
use crate::transaction::PostgresTransaction;
use crate::{OpenError, Options, console, setup};

/// How often a query is run at most.
const ATTEMPTS: usize = 3;

/// A database on a PostgreSQL server.
pub struct PostgresStore {
    target: Arc<Target>,
    readers: Sessions,
    writers: Sessions,
    guard: Option<Guard>,
    /// What moves the bytes of the connections.
    tasks: TaskTracker,
}

impl PostgresStore {
    /// Connects to the database at an address (`postgres://user:password@host:port/database`, as libpq knows it) and
    /// sets up the functions that statements need. The database must exist.
    ///
    /// # Errors
    /// [`OpenError`], by cause.
    pub async fn open(address: &str, options: Options) -> Result<Self, OpenError> {
        let target = Arc::new(Target::parse(address, &options)?);
        let tasks = TaskTracker::new();
        let opener =
            || Opener { target: Arc::clone(&target), options: options.clone(), tasks: tasks.clone() };
        let session = Session::open(&target, &options, &tasks).await?;
        setup::run(&session, sql::POSTGRES_SETUP).await.map_err(OpenError::Setup)?;
        drop(session);
        let guard = if options.exclusive { Some(Guard::take(opener()).await?) } else { None };
        let (readers, writers) =
            (Sessions::new(opener(), options.readers)?, Sessions::new(opener(), options.writers)?);
        Ok(Self { readers, writers, guard, tasks, target })
    }

    fn check(&self) -> Result<(), Error> {
        self.guard.as_ref().map_or(Ok(()), Guard::check)
    }

    /// Where the database is, without the password.
    pub fn location(&self) -> String {
        self.target.to_string()
    }

    /// The location in an address, without the password.
    ///
    /// # Errors
    /// [`OpenError::Address`] when the address is not valid.
    pub fn location_of(address: &str) -> Result<String, OpenError> {
        Target::parse(address, &Options::default()).map(|target| target.to_string())
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn read(&self, query: &Select, _: Cost, mut sink: Box<dyn Sink>) -> Result<(), Error> {
        self.check()?;
        let rendered = render(query, Dialect::Postgres);
        let mut job = Job::query(&rendered, &mut *sink, false)?;
        let mut lease = self.readers.lease().await?;
        let mut result = read(&mut lease, &mut job).await;
        for _ in 1..ATTEMPTS {
            match result {
                // The connection may have been dead for long. Others may be, too.
                Err(failure) if failure.is_lost() && !job.delivered => {
                    drop(lease);
                    self.readers.close_idle();
                    lease = self.readers.lease().await?;
                }
                // It waited for somebody who changes tables, and who waited for it.
                Err(failure) if failure.is_conflict() && !job.delivered => {}
                result => return result.map_err(|failure| lease.classify(failure)),
            }
            result = read(&mut lease, &mut job).await;
        }
        result.map_err(|failure| lease.classify(failure))
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, Error> {
        self.check()?;
        Ok(Box::new(PostgresTransaction::new(self.writers.lease().await?)))
    }

    async fn console(&self, console: Console) -> Result<ConsoleOutput, Error> {
        let mut lease = self.writers.lease().await?;
        // Nobody uses the connection afterwards: its settings may be others.
        lease.is_clean = false;
        console::run(&lease.client, &console).await
    }

    async fn close(&self) -> Result<(), Error> {
        self.readers.close();
        self.writers.close();
        if let Some(guard) = &self.guard {
            guard.release();
        }
        self.tasks.close();
        self.tasks.wait().await;
        Ok(())
    }
}

/// Runs a query outside a transaction.
async fn read(lease: &mut Lease, job: &mut Job<'_>) -> Result<(), Failure> {
    lease.is_clean = false;
    let mut result = lease.run(None, job).await;
    if result.as_ref().is_err_and(Failure::is_stale) {
        result = lease.run(None, job).await;
    }
    // After an error of its own the server is ready for the next statement.
    lease.is_clean = match &result {
        Ok(_) => true,
        Err(failure) => failure.server_error().is_some() && !failure.is_lost(),
    };
    result.map(|_| ())
}
