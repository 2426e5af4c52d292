//! Connections that are kept for the next one who needs them.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use deadpool::Runtime;
use deadpool::managed::{
    Manager, Metrics, Object, Pool, PoolError, QueueMode, RecycleError, RecycleResult, TimeoutType,
};
use store::Error;
use tokio_util::task::TaskTracker;

use crate::session::Session;
use crate::target::Target;
use crate::{OpenError, Options};

/// A bounded number of connections.
pub(crate) struct Sessions(Pool<Opener>);

/// Opens connections, and refuses those that cannot be used again.
pub(crate) struct Opener {
    pub(crate) target: Arc<Target>,
    pub(crate) options: Options,
    pub(crate) tasks: TaskTracker,
}

/// A connection in use. With its end it is there for others, unless something is left under way on it.
pub(crate) struct Lease(Object<Opener>);

impl Sessions {
    pub(crate) fn new(opener: Opener, size: usize) -> Result<Self, OpenError> {
        let wait = opener.options.turn_timeout;
        let pool = Pool::builder(opener)
            .max_size(size)
            .wait_timeout(Some(wait))
            .runtime(Runtime::Tokio1)
            // Those that are used seldom come to rest, and the others keep their prepared statements warm.
            .queue_mode(QueueMode::Lifo)
            .build();
        pool.map(Self).map_err(|error| OpenError::Unsupported(error.to_string()))
    }

    /// A connection, once one is free.
    pub(crate) async fn lease(&self) -> Result<Lease, Error> {
        self.0.get().await.map(Lease).map_err(|error| match error {
            PoolError::Timeout(TimeoutType::Wait) => Error::Busy("no connection became free in time".into()),
            PoolError::Backend(error) => error.into(),
            PoolError::Closed => Error::Lost("the store is closed".into()),
            other => Error::Lost(other.to_string()),
        })
    }

    /// Closes those that nobody uses: the server that they were made with may be gone.
    pub(crate) fn close_idle(&self) {
        self.0.retain(|_, _| false);
    }

    /// Gives out no more connections.
    pub(crate) fn close(&self) {
        self.0.close();
    }
}

impl Opener {
    /// A new connection.
    pub(crate) async fn open(&self) -> Result<Session, OpenError> {
        Session::open(&self.target, &self.options, &self.tasks).await
    }
}

impl Manager for Opener {
    type Type = Session;
    type Error = OpenError;

    async fn create(&self) -> Result<Session, OpenError> {
        self.open().await
    }

    async fn recycle(&self, session: &mut Session, _: &Metrics) -> RecycleResult<OpenError> {
        if session.is_closed() || !session.is_clean {
            return Err(RecycleError::message("the connection was given up"));
        }
        Ok(())
    }
}

impl Deref for Lease {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.0
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.is_clean {
            self.abandon();
        }
    }
}
