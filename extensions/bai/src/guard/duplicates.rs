use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

/// The most requests that are remembered; the oldest are forgotten before their time when more come.
const CAPACITY: usize = 100_000;

/// What makes two requests the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of the route, of what tells the caller from others, and of the bytes of the body.
    pub(crate) fn new(route: &str, caller: &[&str], body: &[u8]) -> Self {
        let mut hash = Sha256::new();
        let mut part = |bytes: &[u8]| {
            // With its length before it, no part can pretend to be the end of another.
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        part(route.as_bytes());
        part(body);
        for text in caller {
            part(text.as_bytes());
        }
        Self(hash.finalize().into())
    }
}

/// Refuses a request that was made just before.
pub(crate) struct Duplicates {
    /// `None` when it refuses nothing.
    window: Option<SignedDuration>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    at: HashMap<Fingerprint, Timestamp>,
    /// In the order in which they were let in, which is the order in which they are forgotten.
    order: VecDeque<(Timestamp, Fingerprint)>,
}

impl Duplicates {
    /// A guard that remembers requests for this long; not at all when it is zero.
    pub(crate) fn new(window: Duration) -> Self {
        let window = SignedDuration::try_from(window).unwrap_or(SignedDuration::MAX);
        Self { window: Some(window).filter(|window| !window.is_zero()), seen: Mutex::default() }
    }

    /// Lets a request in, or tells how long it has to wait. A refusal does not make the wait longer.
    pub(crate) fn admit(&self, request: Fingerprint, now: Timestamp) -> Result<(), Duration> {
        let Some(window) = self.window else { return Ok(()) };
        let mut seen = self.seen.lock();
        seen.forget(window, now);
        if let Some(wait) = seen.at.get(&request).and_then(|&at| remaining(at, window, now)) {
            return Err(wait);
        }
        seen.at.insert(request, now);
        seen.order.push_back((now, request));
        Ok(())
    }
}

impl Seen {
    fn forget(&mut self, window: SignedDuration, now: Timestamp) {
        while let Some(&(at, oldest)) = self.order.front() {
            if remaining(at, window, now).is_some() && self.order.len() < CAPACITY {
                break;
            }
            self.order.pop_front();
            // It can have been let in again since.
            if self.at.get(&oldest) == Some(&at) {
                self.at.remove(&oldest);
            }
        }
    }
}

/// What is left of the window that began at `at`; `None` when it is over. A window that lies in the future belongs to
/// a clock that was set back, and is over.
fn remaining(at: Timestamp, window: SignedDuration, now: Timestamp) -> Option<Duration> {
    let passed = now.duration_since(at);
    if passed.is_negative() {
        return None;
    }
    let left = window.checked_sub(passed)?;
    if left.is_zero() { None } else { left.try_into().ok() }
}

#[cfg(test)]
mod tests {
    use ambient::{Clock, ManualClock};

    use super::*;

    fn request(route: &str, caller: &str, body: &str) -> Fingerprint {
        Fingerprint::new(route, &[caller], body.as_bytes())
    }

    fn guard(ms: u64) -> (Duplicates, ManualClock) {
        (Duplicates::new(Duration::from_millis(ms)), ManualClock::new(Timestamp::UNIX_EPOCH))
    }

    #[test]
    fn the_same_request_waits_for_the_window() {
        let (guard, clock) = guard(1000);
        let same = request("login", "a", "{}");
        assert_eq!(guard.admit(same, clock.now()), Ok(()));
        clock.advance_ms(400);
        assert_eq!(guard.admit(same, clock.now()), Err(Duration::from_millis(600)));
        clock.advance_ms(600);
        assert_eq!(guard.admit(same, clock.now()), Ok(()), "a refusal does not extend the window");
        assert!(guard.admit(same, clock.now()).is_err());
    }

    #[test]
    fn other_routes_callers_and_bodies_do_not_wait() {
        let (guard, clock) = guard(1000);
        for other in [
            request("login", "a", "{}"),
            request("profile", "a", "{}"),
            request("login", "b", "{}"),
            request("login", "a", "{} "),
            request("log", "ina", "{}"),
        ] {
            assert_eq!(guard.admit(other, clock.now()), Ok(()));
        }
    }

    #[test]
    fn a_window_of_zero_lets_everything_in() {
        let (guard, clock) = guard(0);
        for _ in 0..3 {
            assert_eq!(guard.admit(request("login", "a", "{}"), clock.now()), Ok(()));
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_lock_anybody_out() {
        let (guard, clock) = guard(1000);
        clock.advance_ms(3_600_000);
        let same = request("login", "a", "{}");
        assert_eq!(guard.admit(same, clock.now()), Ok(()));
        assert_eq!(guard.admit(same, Timestamp::UNIX_EPOCH), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let (guard, clock) = guard(60_000);
        for number in 0..CAPACITY + 10 {
            assert_eq!(guard.admit(request("login", &number.to_string(), ""), clock.now()), Ok(()));
        }
        let seen = guard.seen.lock();
        assert!(seen.order.len() <= CAPACITY && seen.at.len() == seen.order.len());
    }
}
