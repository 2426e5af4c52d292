//! One server at a time on a database: each keeps what it knows of the collections in memory.
//!
//! The server has a lock as long as a connection of its own lasts. When that is lost, another one takes its place, and
//! the number in the database says whether there was another server meanwhile. Then this one is of no use any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use store::Error;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep};
use tokio_postgres::types::Type;

use crate::OpenError;
use crate::error::Failure;
use crate::lease::Opener;
use crate::session::Session;

/// The lock of the server: any number that nobody else uses. Schemas of one database have locks of their own.
const LOCK: i64 = 0x6261_6962_6173_6502;

const TAKE: &str = "SELECT pg_try_advisory_lock(hashtextextended(current_schema(), $1))";

const COUNT: &str = "BEGIN READ WRITE; UPDATE baibase_server SET number = number + 1; COMMIT";

const NUMBER: &str = "SELECT number FROM baibase_server";

/// How long a server that stops, or the connection of one that was killed, is waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often the connection is looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// The lock, until it is released.
pub(crate) struct Guard {
    /// Whether another server has, or had, the database.
    is_lost: Arc<AtomicBool>,
    watch: AbortHandle,
}

impl Guard {
    /// Takes the lock and keeps it.
    pub(crate) async fn take(opener: Opener) -> Result<Self, OpenError> {
        let deadline = Instant::now() + PATIENCE;
        let session = opener.open().await?;
        while !lock(&session).await? {
            if Instant::now() > deadline {
                return Err(OpenError::InUse);
            }
            sleep(INTERVAL / 10).await;
        }
        let failed = |failure| OpenError::Setup(session.classify(failure));
        session.command(COUNT).await.map_err(failed)?;
        let number = number(&session).await?;
        let is_lost = Arc::new(AtomicBool::new(false));
        let watch = tokio::spawn(watch(opener, session, number, Arc::clone(&is_lost))).abort_handle();
        Ok(Self { is_lost, watch })
    }

    /// Whether the database is still ours.
    ///
    /// # Errors
    /// [`Error::Lost`] when it is not.
    pub(crate) fn check(&self) -> Result<(), Error> {
        if self.is_lost.load(Ordering::Relaxed) {
            return Err(Error::Lost("another server uses the database".into()));
        }
        Ok(())
    }

    /// Lets others have the database.
    pub(crate) fn release(&self) {
        self.watch.abort();
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.release();
    }
}

/// Takes the lock again whenever the connection is lost, until there was another server.
async fn watch(opener: Opener, mut session: Session, ours: i64, is_lost: Arc<AtomicBool>) {
    loop {
        sleep(INTERVAL).await;
        if !session.is_closed() {
            continue;
        }
        match again(&opener, ours).await {
            Ok(Some(next)) => session = next,
            Ok(None) => break,
            Err(error) => tracing::debug!(%error, "the lock on the database cannot be taken again yet"),
        }
    }
    is_lost.store(true, Ordering::Relaxed);
    tracing::error!(
        "another server uses the database: this one answers nothing any more and is to be stopped"
    );
}

/// A session with the lock; `None` when there was another server.
async fn again(opener: &Opener, ours: i64) -> Result<Option<Session>, OpenError> {
    let session = opener.open().await?;
    let is_ours = lock(&session).await? && number(&session).await? == ours;
    Ok(is_ours.then_some(session))
}

async fn lock(session: &Session) -> Result<bool, OpenError> {
    let row = session.client.query_typed(TAKE, &[(&LOCK, Type::INT8)]).await?;
    Ok(row.first().is_some_and(|row| row.try_get(0).unwrap_or_default()))
}

async fn number(session: &Session) -> Result<i64, OpenError> {
    let failed = |error: tokio_postgres::Error| OpenError::Setup(Failure::from(error).into_error());
    let rows = session.client.query_typed(NUMBER, &[]).await.map_err(failed)?;
    rows.first().map_or(Ok(0), |row| row.try_get(0)).map_err(failed)
}
