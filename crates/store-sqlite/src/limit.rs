use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// When the statement that runs on a connection must stop. Shared with the connection's progress handler.
#[derive(Debug, Default)]
pub(crate) struct Limit(Mutex<Current>);

#[derive(Debug, Default)]
struct Current {
    deadline: Option<Instant>,
    abandoned: Option<Abandoned>,
}

/// Set when nobody waits for a query any more.
pub(crate) type Abandoned = Arc<AtomicBool>;

impl Limit {
    /// Limits what runs until the guard is dropped.
    pub(crate) fn start(&self, timeout: Duration, abandoned: Option<Abandoned>) -> LimitGuard<'_> {
        *self.0.lock() = Current { deadline: Instant::now().checked_add(timeout), abandoned };
        LimitGuard(self)
    }

    /// Whether what runs must stop.
    pub(crate) fn is_over(&self) -> bool {
        let current = self.0.lock();
        current.deadline.is_some_and(|deadline| Instant::now() >= deadline)
            || current.abandoned.as_ref().is_some_and(|abandoned| abandoned.load(Ordering::Relaxed))
    }
}

/// Takes the limit away again.
pub(crate) struct LimitGuard<'a>(&'a Limit);

impl Drop for LimitGuard<'_> {
    fn drop(&mut self) {
        *self.0.0.lock() = Current::default();
    }
}

/// Abandons a query when the future that waits for it is dropped.
#[derive(Default)]
pub(crate) struct AbandonOnDrop(pub(crate) Abandoned);

impl Drop for AbandonOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
