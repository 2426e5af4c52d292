use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use parking_lot::Mutex;

/// How many are remembered. Then all are forgotten: data changes, and with it what takes long.
const MOST: usize = 1000;

/// The queries that took too long to be run beside others, by their texts.
#[derive(Default)]
pub(crate) struct Lengthy {
    hasher: RandomState,
    texts: Mutex<HashSet<u64>>,
}

impl Lengthy {
    /// Whether this query is none of them.
    pub(crate) fn is_none(&self, text: &str) -> bool {
        !self.texts.lock().contains(&self.hasher.hash_one(text))
    }

    pub(crate) fn add(&self, text: &str) {
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
