use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};

use parking_lot::Mutex;
use store::Error;

/// How many are remembered. Then all are forgotten: data changes, and with it what takes long.
const MOST: usize = 1000;

/// The queries that took too long to be run beside others, by their texts.
#[derive(Default)]
pub(crate) struct Lengthy {
    hasher: RandomState,
    texts: Mutex<HashSet<u64>>,
}

/// What came of a query that was run for a moment.
pub(crate) enum Glance {
    Done(Result<(), Error>),
    /// It is for a thread that may block. Rows of it may have been taken already.
    Lengthy,
    /// Its sink panicked.
    Panicked,
}

impl Lengthy {
    /// Has `run` run a query with [`Patience::Brief`](crate::limit::Patience), unless it is one of them.
    pub(crate) fn glance(&self, text: &str, run: impl FnOnce() -> Result<(), Error>) -> Glance {
        if !self.is_none(text) {
            return Glance::Lengthy;
        }
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Err(Error::Busy(_))) => {
                self.add(text);
                Glance::Lengthy
            }
            Ok(done) => Glance::Done(done),
            Err(_) => Glance::Panicked,
        }
    }

    /// Whether this query is none of them.
    fn is_none(&self, text: &str) -> bool {
        !self.texts.lock().contains(&self.hasher.hash_one(text))
    }

    fn add(&self, text: &str) {
        let mut texts = self.texts.lock();
        if texts.len() >= MOST {
            texts.clear();
        }
        texts.insert(self.hasher.hash_one(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_took_long_is_remembered() {
        let lengthy = Lengthy::default();
        assert!(lengthy.is_none("SELECT 1"));
        lengthy.add("SELECT 1");
        assert!(!lengthy.is_none("SELECT 1"));
        for number in 0..MOST {
            lengthy.add(&number.to_string());
        }
        assert!(lengthy.is_none("SELECT 1"));
        assert!(!lengthy.is_none(&(MOST - 1).to_string()));
    }
}
