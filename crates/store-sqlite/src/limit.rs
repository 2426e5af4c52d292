use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How much of [`STEPS`](crate::link) a brief query may take, about a fifth of a millisecond.
const BRIEF: u32 = 2;

/// When the statement that runs on a connection must stop. Shared with the connection's progress handler.
#[derive(Debug, Default)]
pub(crate) struct Limit(Mutex<Current>);

#[derive(Debug, Default)]
struct Current {
    deadline: Option<Instant>,
    abandoned: Option<Abandoned>,
    /// How often the limit may be looked at.
    looks: Option<u32>,
}

/// How long a statement may run.
#[derive(Debug, Clone)]
pub(crate) enum Patience {
    /// So long, or until nobody waits for it any more.
    Usual(Duration, Option<Abandoned>),
    /// So short that nobody else is held up by it.
    Brief,
}

/// Set when nobody waits for a query any more.
pub(crate) type Abandoned = Arc<AtomicBool>;

impl Limit {
    /// Limits what runs until the guard is dropped.
    pub(crate) fn start(&self, patience: Patience) -> LimitGuard<'_> {
        *self.0.lock() = match patience {
            Patience::Usual(timeout, abandoned) => {
                Current { deadline: Instant::now().checked_add(timeout), abandoned, looks: None }
            }
            Patience::Brief => Current { looks: Some(BRIEF), ..Current::default() },
        };
        LimitGuard(self)
    }

    /// Whether what runs must stop.
    pub(crate) fn is_over(&self) -> bool {
        let mut current = self.0.lock();
        if let Some(looks) = &mut current.looks {
            *looks = looks.saturating_sub(1);
        }
        current.looks == Some(0)
            || current.deadline.is_some_and(|deadline| Instant::now() >= deadline)
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
