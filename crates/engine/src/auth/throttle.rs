//! How often something may be tried, counted in memory.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

/// The most keys that are remembered by one [`Throttle`].
const CAPACITY: usize = 50_000;

/// The throttles of logins.
#[derive(Debug)]
pub(crate) struct Throttles {
    /// Tries of one-time passwords, by record and client: they are short enough to be guessed.
    pub(super) otp: Throttle,
    /// Mails to verify an address, by record.
    pub(super) verification: Throttle,
    /// Mails to reset a password, by record.
    pub(super) password_reset: Throttle,
}

impl Default for Throttles {
    fn default() -> Self {
        Self {
            otp: Throttle::new(5, SignedDuration::from_secs(180)),
            verification: Throttle::new(1, SignedDuration::from_mins(2)),
            password_reset: Throttle::new(1, SignedDuration::from_mins(2)),
        }
    }
}

/// Lets a key pass so many times within a window that begins with the first of them.
#[derive(Debug)]
pub(super) struct Throttle {
    limit: u32,
    window: SignedDuration,
    keys: Mutex<HashMap<String, Window>>,
}

#[derive(Debug)]
struct Window {
    began: Timestamp,
    count: u32,
}

impl Throttle {
    fn new(limit: u32, window: SignedDuration) -> Self {
        Self { limit, window, keys: Mutex::default() }
    }

    /// Counts one more time; whether it may be.
    pub(super) fn pass(&self, key: &str, now: Timestamp) -> bool {
        let mut keys = self.keys.lock();
        if keys.len() >= CAPACITY && !keys.contains_key(key) {
            self.make_room(&mut keys, now);
        }
        let window = keys.entry(key.to_owned()).or_insert(Window { began: now, count: 0 });
        if self.is_over(window, now) {
            *window = Window { began: now, count: 0 };
        }
        window.count = window.count.saturating_add(1);
        window.count <= self.limit
    }

    /// The key starts again from nothing.
    pub(super) fn forget(&self, key: &str) {
        self.keys.lock().remove(key);
    }

    /// A window from the future belongs to a clock that was set back.
    fn is_over(&self, window: &Window, now: Timestamp) -> bool {
        window.began > now || now.duration_since(window.began) >= self.window
    }

    /// Drops what is over, and the oldest half of the rest when that is nothing.
    fn make_room(&self, keys: &mut HashMap<String, Window>, now: Timestamp) {
        keys.retain(|_, window| !self.is_over(window, now));
        if keys.len() >= CAPACITY {
            let mut times: Vec<Timestamp> = keys.values().map(|window| window.began).collect();
            times.sort_unstable();
            if let Some(&median) = times.get(times.len() / 2) {
                keys.retain(|_, window| window.began > median);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_key_passes_so_often_within_a_window() {
        let throttle = Throttle::new(2, SignedDuration::from_secs(10));
        assert!(throttle.pass("a", at(100)) && throttle.pass("a", at(105)));
        assert!(!throttle.pass("a", at(109)));
        assert!(throttle.pass("b", at(109)));
        assert!(throttle.pass("a", at(110)));
        throttle.forget("b");
        assert!(throttle.pass("b", at(110)) && throttle.pass("b", at(110)) && !throttle.pass("b", at(110)));
        assert!(throttle.pass("a", at(50)), "the clock was set back");
    }

    #[test]
    fn no_more_keys_are_remembered_than_there_is_room_for() {
        let throttle = Throttle::new(1, SignedDuration::from_secs(1000));
        for key in 0..CAPACITY + 10 {
            throttle.pass(&key.to_string(), at(i64::try_from(key / 1000).unwrap()));
        }
        assert!(throttle.keys.lock().len() <= CAPACITY);
        assert!(!throttle.pass(&(CAPACITY + 9).to_string(), at(51)), "the youngest are kept");
    }
}
