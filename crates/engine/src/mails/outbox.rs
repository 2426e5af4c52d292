//! Mails that nobody waits for: a mail server takes its time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

/// How many mails are being sent at the same time.
const WORKERS: usize = 4;

/// How many mails may wait before more are refused.
const PLACES: u32 = 1000;

/// How long mails may still take when the service stops.
const GRACE: Duration = Duration::from_secs(10);

/// A bounded queue of mails.
#[derive(Debug, Clone)]
pub(crate) struct Outbox {
    workers: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Default for Outbox {
    fn default() -> Self {
        Self { workers: Arc::new(Semaphore::new(WORKERS)), places: Arc::new(Semaphore::new(PLACES as usize)) }
    }
}

impl Outbox {
    /// Does this in its turn. When too much waits already it is dropped, which is logged.
    pub(crate) fn post(&self, work: impl Future<Output = ()> + Send + 'static) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            tracing::error!("too many mails wait to be sent; one more was dropped");
            return;
        };
        let workers = Arc::clone(&self.workers);
        tokio::spawn(async move {
            let _place = place;
            // Nobody closes the semaphore.
            let Ok(_worker) = workers.acquire().await else { return };
            work.await;
        });
    }

    /// Waits for what is posted, but not for ever.
    pub(crate) async fn drain(&self) {
        if tokio::time::timeout(GRACE, self.places.acquire_many(PLACES)).await.is_err() {
            tracing::warn!("mails were still being sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn what_is_posted_is_done_unless_there_is_no_room() {
        let outbox = Outbox::default();
        let done = Arc::new(AtomicUsize::new(0));
        for _ in 0..PLACES + 5 {
            let done = Arc::clone(&done);
            outbox.post(async move {
                done.fetch_add(1, Ordering::SeqCst);
            });
        }
        outbox.drain().await;
        assert_eq!(done.load(Ordering::SeqCst), PLACES as usize);
    }
}
