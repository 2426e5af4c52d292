use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use parking_lot::Mutex;

/// Each has a lock of its own, so that requests seldom wait for each other.
const SHARDS: usize = 16;

/// The most windows in a shard: 131,072 in all, a few MiB. When more clients come at once, some begin anew.
const CAPACITY: usize = 8192;

/// How many times within how many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) times: i64,
    pub(crate) seconds: i64,
}

/// Counts in fixed windows, which begin with the first time.
pub(super) struct Counters {
    shards: [Mutex<Shard>; SHARDS],
    hasher: RandomState,
}

#[derive(Default)]
struct Shard {
    /// By the hash of what is counted: it is keyed, so that nobody can choose whose window is theirs.
    windows: HashMap<u64, Window>,
    /// The second in which the windows that are over were last looked for.
    swept: i64,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    /// In seconds.
    start: i64,
    seconds: i64,
    left: i64,
}

impl Window {
    fn is_over(&self, now: i64) -> bool {
        now.saturating_sub(self.start) >= self.seconds
    }
}

impl Default for Counters {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), hasher: RandomState::new() }
    }
}

impl Counters {
    /// Counts one more of `what`, at a time in seconds; whether it is within the limit.
    pub(super) fn consume(&self, what: impl Hash, limit: Limit, now: i64) -> bool {
        let key = self.hasher.hash_one(what);
        let shard = usize::try_from(key % SHARDS as u64).ok().and_then(|index| self.shards.get(index));
        shard.is_none_or(|shard| shard.lock().consume(key, limit, now))
    }

    /// Forgets the windows that are over.
    pub(super) fn clean(&self, now: i64) {
        for shard in &self.shards {
            let mut shard = shard.lock();
            shard.windows.retain(|_, window| !window.is_over(now));
            shard.windows.shrink_to_fit();
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        for shard in &self.shards {
            *shard.lock() = Shard::default();
        }
    }
}

impl Shard {
    fn consume(&mut self, key: u64, limit: Limit, now: i64) -> bool {
        let fresh = Window { start: now, seconds: limit.seconds, left: limit.times };
        if !self.windows.contains_key(&key) && self.windows.len() >= CAPACITY {
            self.make_room(now);
        }
        let window = self.windows.entry(key).or_insert(fresh);
        if window.is_over(now) {
            *window = fresh;
        }
        let is_allowed = window.left > 0;
        window.left -= i64::from(is_allowed);
        is_allowed
    }

    /// Forgets the windows that are over, at most once a second, or else any one.
    fn make_room(&mut self, now: i64) {
        if self.swept != now {
            self.swept = now;
            self.windows.retain(|_, window| !window.is_over(now));
        }
        if self.windows.len() >= CAPACITY
            && let Some(&any) = self.windows.keys().next()
        {
            self.windows.remove(&any);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit { times: 2, seconds: 10 };

    #[test]
    fn a_window_begins_with_the_first_time() {
        let counters = Counters::default();
        let at = |who: &str, now| counters.consume(("rule", who), LIMIT, now);
        assert!(at("a", 5) && at("a", 14) && !at("a", 14));
        assert!(at("b", 14), "others count for themselves");
        assert!(at("a", 15) && at("a", 24) && !at("a", 24), "it is not prolonged by refusals");
        counters.clear();
        assert!(at("a", 24) && at("a", 24));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out_for_longer_than_that() {
        let counters = Counters::default();
        assert!((0..2).all(|_| counters.consume("a", LIMIT, 1_000)));
        assert!(!counters.consume("a", LIMIT, 990));
        assert!(counters.consume("a", LIMIT, 1_010));
    }

    #[test]
    fn memory_is_bounded() {
        let counters = Counters::default();
        let all = 3 * SHARDS * CAPACITY;
        assert!((0..all).all(|who| counters.consume(who, LIMIT, 1)));
        let held = || counters.shards.iter().map(|shard| shard.lock().windows.len()).sum::<usize>();
        assert!(held() <= SHARDS * CAPACITY, "{}", held());
        counters.clean(10);
        assert!(held() > 0);
        counters.clean(11);
        assert_eq!(held(), 0);
    }
}
