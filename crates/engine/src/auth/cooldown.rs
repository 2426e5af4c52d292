//! How soon a mail is sent again, remembered in memory.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::Record;

/// How long nobody gets the same mail again.
const REST: SignedDuration = SignedDuration::from_mins(2);

/// The most records that are remembered for one kind of mail.
const CAPACITY: usize = 50_000;

/// The mails that anybody can have sent to somebody else.
#[derive(Debug, Default)]
pub(crate) struct Cooldowns {
    /// To verify an address.
    pub(super) verification: Cooldown,
    /// To reset a password.
    pub(super) password_reset: Cooldown,
}

/// When each record got its last mail.
#[derive(Debug, Default)]
pub(super) struct Cooldown(Mutex<HashMap<String, Timestamp>>);

impl Cooldown {
    /// Whether a record may get a mail now; if so, it gets no other one for a while.
    pub(super) fn begin(&self, record: &Record, now: Timestamp) -> bool {
        self.begin_for(key(record), now)
    }

    /// The record may get another mail at once.
    pub(super) fn end(&self, record: &Record) {
        self.0.lock().remove(&key(record));
    }

    fn begin_for(&self, key: String, now: Timestamp) -> bool {
        // A time from the future belongs to a clock that was set back.
        let rests = |last: &Timestamp| *last <= now && now.duration_since(*last) < REST;
        let mut last = self.0.lock();
        if last.get(&key).is_some_and(rests) {
            return false;
        }
        if last.len() >= CAPACITY {
            last.retain(|_, last| rests(last));
        }
        if last.len() >= CAPACITY
            && let Some(any) = last.keys().next().cloned()
        {
            last.remove(&any);
        }
        last.insert(key, now);
        true
    }
}

fn key(record: &Record) -> String {
    format!("{} {}", record.collection().id, record.id())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn nobody_gets_two_mails_in_a_row() {
        let cooldown = Cooldown::default();
        let begin = |key: &str, second| cooldown.begin_for(key.to_owned(), at(second));
        assert!(begin("a", 1000) && !begin("a", 1119) && begin("b", 1119));
        assert!(begin("a", 1120));
        assert!(begin("a", 500), "the clock was set back");
    }

    #[test]
    fn memory_is_bounded() {
        let cooldown = Cooldown::default();
        assert!((0..CAPACITY + 10).all(|key| cooldown.begin_for(key.to_string(), at(1))));
        assert!(cooldown.0.lock().len() <= CAPACITY);
    }
}
