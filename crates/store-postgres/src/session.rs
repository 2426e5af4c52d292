use std::future::poll_fn;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join3;
use store::Error;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{AsyncMessage, CancelToken, Client, Connection, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_util::task::TaskTracker;

use crate::error::{Failure, describe};
use crate::prepared::PreparedStatements;
use crate::run::Job;
use crate::target::Target;
use crate::{OpenError, Options};

/// The oldest version of the server that is supported.
const OLDEST: u32 = 15;

/// How much longer than the server itself we wait for it to end a statement whose time is over.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection to the server.
pub(crate) struct Session {
    pub(crate) client: Client,
    /// Whether nothing is under way, neither a statement nor a transaction.
    pub(crate) is_clean: bool,
    prepared: PreparedStatements,
    timeout: Duration,
    cancel: CancelToken,
    tls: MakeRustlsConnect,
    driver: AbortHandle,
    end: Arc<OnceLock<tokio_postgres::Error>>,
}

impl Session {
    /// Connects to a server. What moves bytes to and fro runs on a task of `tasks`.
    pub(crate) async fn open(
        target: &Target,
        options: &Options,
        tasks: &TaskTracker,
    ) -> Result<Self, OpenError> {
        // The client has a limit of its own, but for each address of the server, and for the connection alone.
        let opening = Self::open_patiently(target, options, tasks);
        let opened = tokio::time::timeout(options.connect_timeout.saturating_mul(2), opening).await;
        opened.unwrap_or_else(|_| Err(OpenError::Unreachable("the server does not answer".into())))
    }

    async fn open_patiently(
        target: &Target,
        options: &Options,
        tasks: &TaskTracker,
    ) -> Result<Self, OpenError> {
        let (client, connection) = target.config.connect(target.tls.clone()).await?;
        check(connection.parameter("server_version"), connection.parameter("server_encoding"))?;
        let end = Arc::default();
        let driver = tasks.spawn(drive(connection, Arc::clone(&end))).abort_handle();
        client.batch_execute(&settings(options)).await?;
        Ok(Self {
            cancel: client.cancel_token(),
            client,
            is_clean: true,
            prepared: PreparedStatements::new(options.statements),
            timeout: options.query_timeout.saturating_add(PATIENCE),
            tls: target.tls.clone(),
            driver,
            end,
        })
    }

    /// Runs a statement and returns the number of rows it changed. `before` travels in front of it.
    pub(crate) async fn run(&mut self, before: Option<&str>, job: &mut Job<'_>) -> Result<u64, Failure> {
        self.run_between(before, job, None).await.0
    }

    /// Whether a statement is sent at once, so that something else can travel behind it.
    pub(crate) fn sends_at_once(&self, job: &Job<'_>) -> bool {
        self.prepared.has(job.text, job.values)
    }

    /// Runs a statement as [`Self::run`] does. `after` travels behind it; what became of that comes second.
    pub(crate) async fn run_between(
        &mut self,
        before: Option<&str>,
        job: &mut Job<'_>,
        after: Option<&str>,
    ) -> (Result<u64, Failure>, Result<(), Failure>) {
        let Self { client, prepared, .. } = self;
        // They are sent in this order, without waiting for a reply in between.
        let all = join3(own(client, before), job.run(client, prepared), own(client, after));
        let Ok((before, result, after)) = tokio::time::timeout(self.timeout, all).await else {
            return (Err(Failure::Silence), Err(Failure::Silence));
        };
        if result.as_ref().is_err_and(Failure::is_stale) {
            self.prepared.forget(job.text, job.values);
        }
        (before.map_err(Failure::from).and(result), after.map_err(Failure::from))
    }

    /// Runs statements of our own without values.
    pub(crate) async fn command(&self, text: &str) -> Result<(), Failure> {
        let done = tokio::time::timeout(self.timeout, self.client.batch_execute(text)).await;
        Ok(done.map_err(|_| Failure::Silence)??)
    }

    /// Sends statements of our own and does not wait: whatever is sent next comes after them.
    pub(crate) fn send(&self, text: &str) {
        // The first poll sends them; nobody reads the reply.
        let _ = self.client.batch_execute(text).now_or_never();
    }

    /// The class of a failure on this connection.
    pub(crate) fn classify(&self, failure: Failure) -> Error {
        let error = failure.into_error();
        match (&error, self.end.get()) {
            (Error::Lost(_), Some(end))
                if end.code() == Some(&SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT) =>
            {
                Error::Busy("the transaction was rolled back: it was idle for too long".into())
            }
            (Error::Lost(_), Some(end)) => Error::Lost(describe(end)),
            _ => error,
        }
    }

    /// Whether the connection is gone.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Ends the connection and what runs on it.
    pub(crate) fn abandon(&self) {
        if let Ok(runtime) = Handle::try_current() {
            let (cancel, tls) = (self.cancel.clone(), self.tls.clone());
            runtime.spawn(async move {
                // The server ends a statement by itself when its time is over.
                let _ = tokio::time::timeout(PATIENCE, cancel.cancel_query(tls)).await;
            });
        }
        self.driver.abort();
    }
}

/// Runs statements of our own, if there are any.
async fn own(client: &Client, text: Option<&str>) -> Result<(), tokio_postgres::Error> {
    match text {
        Some(text) => client.batch_execute(text).await,
        None => Ok(()),
    }
}

/// Moves what is sent and received, until the connection ends.
async fn drive(
    mut connection: Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>,
    end: Arc<OnceLock<tokio_postgres::Error>>,
) {
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        match message {
            Ok(AsyncMessage::Notice(notice)) => tracing::debug!("{}", notice.message()),
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(error = describe(&error), "a connection ended");
                // Before those who wait for replies are told.
                let _ = end.set(error);
                return;
            }
        }
    }
}

/// Whether a server is one that can be used.
fn check(version: Option<&str>, encoding: Option<&str>) -> Result<(), OpenError> {
    let version = version.unwrap_or_default();
    let end = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    let major = version.get(..end).and_then(|digits| digits.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST) {
        let text = format!("the server is PostgreSQL {version}; version {OLDEST} or later is needed");
        return Err(OpenError::Unsupported(text));
    }
    match encoding {
        Some("UTF8") => Ok(()),
        other => {
            let other = other.unwrap_or_default();
            let text =
                format!("the encoding of the database is {other}; it must be made with ENCODING 'UTF8'");
            Err(OpenError::Unsupported(text))
        }
    }
}

/// The settings of a session.
///
/// Outside a transaction it is read-only: should the statement that begins one fail, what was sent after it changes
/// nothing. What reaches the log of the server last is on its disk when a commit is acknowledged.
fn settings(options: &Options) -> String {
    format!(
        "SET statement_timeout = {}; \
         SET idle_in_transaction_session_timeout = {}; \
         SET default_transaction_read_only = on; \
         SET default_transaction_isolation = 'read committed'; \
         SET client_min_messages = warning; \
         SET TimeZone = 'UTC'; \
         SET DateStyle = 'ISO, YMD'; \
         SET IntervalStyle = 'postgres'; \
         SET extra_float_digits = 1; \
         SET bytea_output = 'hex'; \
         SET jit = off; \
         SELECT set_config('synchronous_commit', 'on', false) \
         WHERE current_setting('synchronous_commit') = 'off'",
        options.query_timeout.as_millis(),
        options.idle_timeout.as_millis(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_that_cannot_be_used_are_told_by_what_they_are() {
        assert!(check(Some("15.18 (Debian 15.18-0+deb12u1)"), Some("UTF8")).is_ok());
        assert!(check(Some("19beta1"), Some("UTF8")).is_ok());
        let refused = |version, encoding| check(version, encoding).unwrap_err().to_string();
        assert!(refused(Some("14.9"), Some("UTF8")).contains("PostgreSQL 14.9"));
        assert!(refused(None, Some("UTF8")).contains("15 or later"));
        assert!(refused(Some("16.1"), Some("SQL_ASCII")).contains("SQL_ASCII"));
    }
}
