use std::collections::{HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

/// How long a code is remembered: as long as WeChat lets an unused one live.
const LIFE: SignedDuration = SignedDuration::from_mins(5);

/// How many codes are remembered at most. The oldest go first.
const CAPACITY: usize = 100_000;

/// The codes that were exchanged lately.
#[derive(Debug, Default)]
pub(super) struct UsedCodes {
    known: HashSet<String>,
    /// The same codes, oldest first.
    by_age: VecDeque<(Timestamp, String)>,
}

impl UsedCodes {
    /// Notes the use of a code; `false` when it was used before.
    pub(super) fn take(&mut self, code: &str, now: Timestamp) -> bool {
        while self.by_age.front().is_some_and(|(at, _)| now.duration_since(*at) >= LIFE)
            || self.by_age.len() >= CAPACITY
        {
            if let Some((_, oldest)) = self.by_age.pop_front() {
                self.known.remove(&oldest);
            }
        }
        let fresh = self.known.insert(code.to_owned());
        if fresh {
            self.by_age.push_back((now, code.to_owned()));
        }
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once_in_five_minutes() {
        let mut used = UsedCodes::default();
        let start = Timestamp::UNIX_EPOCH;
        assert!(used.take("a", start));
        assert!(!used.take("a", start + SignedDuration::from_secs(299)));
        assert!(used.take("b", start + SignedDuration::from_secs(299)));
        assert!(used.take("a", start + SignedDuration::from_secs(300)));
        assert!(!used.take("b", start + SignedDuration::from_secs(300)));
    }

    #[test]
    fn memory_is_bounded() {
        let mut used = UsedCodes::default();
        for number in 0..CAPACITY + 10 {
            assert!(used.take(&number.to_string(), Timestamp::UNIX_EPOCH));
        }
        assert_eq!(used.known.len(), CAPACITY);
        assert_eq!(used.by_age.len(), CAPACITY);
    }
}
