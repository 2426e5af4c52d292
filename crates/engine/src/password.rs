//! Passwords: bcrypt, away from the threads that serve requests.

use std::sync::Arc;

use schema::{Field, FieldKind};
use tokio::sync::Semaphore;

use crate::{Error, ErrorKind, Result};

/// The most bytes bcrypt looks at; PocketBase refuses more.
pub(crate) const MAX_BYTES: usize = 72;

/// How many callers may wait for each worker before more are turned away.
const QUEUE_PER_WORKER: usize = 256;

/// The cost of a hash where a field does not say.
pub(crate) const DEFAULT_COST: u32 = 10;

/// The cost of the hashes of a password field.
pub(crate) fn cost_of(field: &Field) -> u32 {
    match &field.kind {
        FieldKind::Password(options) if options.cost > 0 => {
            u32::try_from(options.cost).unwrap_or(DEFAULT_COST)
        }
        _ => DEFAULT_COST,
    }
}

/// A bounded pool of threads that hash and verify.
///
/// A hash takes tens of milliseconds of one core. So many at a time that every core is busy would hold up all
/// other requests: one core is left free where there is more than one.
#[derive(Debug, Clone)]
pub(crate) struct Passwords {
    workers: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// The rounds of all that was hashed and verified so far: what a client could measure.
    #[cfg(test)]
    rounds: Arc<std::sync::atomic::AtomicU64>,
}

impl Passwords {
    /// A pool for a machine with this many cores.
    pub(crate) fn new(cores: usize) -> Self {
        let workers = cores.saturating_sub(1).max(1);
        Self {
            workers: Arc::new(Semaphore::new(workers)),
            queue: Arc::new(Semaphore::new(workers * QUEUE_PER_WORKER)),
            #[cfg(test)]
            rounds: Arc::default(),
        }
    }

    /// The bcrypt hash of a password, in the `$2a$` form that PocketBase writes.
    pub(crate) async fn hash(&self, plain: String, cost: u32) -> Result<String> {
        #[cfg(test)]
        self.note(cost);
        self.run(move || {
            let parts = bcrypt::hash_with_result(plain, cost).map_err(Error::internal)?;
            Ok(parts.format_for_version(bcrypt::Version::TwoA))
        })
        .await
    }

    /// Whether a password belongs to a hash. A text that is no hash belongs to no password.
    pub(crate) async fn verify(&self, plain: String, hash: String) -> Result<bool> {
        #[cfg(test)]
        self.note(hash.split('$').nth(2).and_then(|cost| cost.parse().ok()).unwrap_or_default());
        self.run(move || Ok(bcrypt::verify(plain, &hash).unwrap_or(false))).await
    }

    /// Takes as long as [`Self::verify`] with a hash of this cost, and finds nothing.
    pub(crate) async fn verify_nothing(&self, plain: String, cost: u32) -> Result<()> {
        // Hashing and verifying are the same work.
        self.hash(plain.chars().take(MAX_BYTES / 4).collect(), cost).await.map(drop)
    }

    /// The rounds so far.
    #[cfg(test)]
    pub(crate) fn rounds(&self) -> u64 {
        self.rounds.load(std::sync::atomic::Ordering::SeqCst)
    }

    #[cfg(test)]
    fn note(&self, cost: u32) {
        self.rounds.fetch_add(1 << cost, std::sync::atomic::Ordering::SeqCst);
    }

    async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let _place = self.queue.try_acquire().map_err(|_| Error::new(ErrorKind::TooManyRequests, ""))?;
        let worker = Arc::clone(&self.workers).acquire_owned().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let _worker = worker;
            work()
        })
        .await
        .map_err(Error::internal)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_verifies_its_password_alone() {
        let pool = Passwords::new(2);
        let hash = pool.hash("correct horse".into(), 4).await.unwrap();
        assert!(hash.starts_with("$2a$04$"));
        assert!(pool.verify("correct horse".into(), hash.clone()).await.unwrap());
        assert!(!pool.verify("wrong".into(), hash).await.unwrap());
        assert!(!pool.verify("x".into(), String::new()).await.unwrap());
    }
}
