use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use ambient::Clock;
use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use tokio::sync::Notify;

/// For how long a wrong password counts.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// Wrong passwords that one phone number may have within the window.
const PER_PHONE: usize = 10;

/// Wrong passwords that may come from one address within the window.
const PER_ADDRESS: usize = 100;

/// The most phone numbers and the most addresses that are remembered.
const CAPACITY: usize = 50_000;

/// Counts wrong passwords by phone number and by address, and makes both wait once they had too many.
///
/// Checking a password takes time. An attempt therefore takes one of the places that are left before it is checked:
/// a thousand guesses at once get no more of them than a thousand in a row. When only attempts under way take up the
/// rest, further ones wait for their outcome.
#[derive(Default)]
pub(crate) struct PasswordThrottle {
    counts: Mutex<Counts>,
    ended: Notify,
}

#[derive(Default)]
struct Counts {
    phones: HashMap<String, Count>,
    addresses: HashMap<String, Count>,
}

#[derive(Default)]
struct Count {
    /// When wrong passwords came, the oldest first.
    wrong: VecDeque<Timestamp>,
    /// Attempts whose password is being checked.
    under_way: usize,
}

/// An attempt whose password is being checked. Dropped without an outcome, it counts for nothing.
pub(crate) struct Attempt<'a> {
    throttle: &'a PasswordThrottle,
    phone: String,
    address: String,
}

enum Admission {
    Granted,
    Full,
    Refused(Duration),
}

impl PasswordThrottle {
    /// Lets an attempt in, or tells how long the phone number or the address has to wait.
    pub(crate) async fn attempt(
        &self,
        clock: &dyn Clock,
        phone: &str,
        address: &str,
    ) -> Result<Attempt<'_>, Duration> {
        let (phone, address) = (phone.to_owned(), network(address));
        loop {
            // Listening begins before looking, so that no end of an attempt is missed in between.
            let ended = self.ended.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            match self.counts.lock().admit(&phone, &address, clock.now()) {
                Admission::Granted => return Ok(Attempt { throttle: self, phone, address }),
                Admission::Refused(wait) => return Err(wait),
                Admission::Full => {}
            }
            ended.await;
        }
    }
}

impl Attempt<'_> {
    /// The password was wrong.
    pub(crate) fn wrong(self, now: Timestamp) {
        let mut counts = self.throttle.counts.lock();
        let Counts { phones, addresses } = &mut *counts;
        for (map, key) in [(phones, &self.phone), (addresses, &self.address)] {
            map.entry(key.clone()).or_default().wrong.push_back(now);
            if map.len() > CAPACITY {
                make_room(map, now);
            }
        }
    }

    /// The password was right: the phone number starts again from nothing.
    pub(crate) fn right(self) {
        if let Some(count) = self.throttle.counts.lock().phones.get_mut(&self.phone) {
            count.wrong.clear();
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut counts = self.throttle.counts.lock();
        let Counts { phones, addresses } = &mut *counts;
        for (map, key) in [(phones, &self.phone), (addresses, &self.address)] {
            if let Some(count) = map.get_mut(key) {
                count.under_way = count.under_way.saturating_sub(1);
                if count.is_idle() {
                    map.remove(key);
                }
            }
        }
        drop(counts);
        self.throttle.ended.notify_waiters();
    }
}

impl Counts {
    fn admit(&mut self, phone: &str, address: &str, now: Timestamp) -> Admission {
        let mut wait = None;
        let mut full = false;
        let limits = [(&mut self.phones, phone, PER_PHONE), (&mut self.addresses, address, PER_ADDRESS)];
        for (map, key, limit) in limits {
            if let Some(count) = map.get_mut(key) {
                count.forget(now);
                wait = wait.max(count.wait(limit, now));
                full |= count.is_full(limit);
            }
        }
        if let Some(wait) = wait {
            return Admission::Refused(wait);
        }
        if full {
            return Admission::Full;
        }
        for (map, key) in [(&mut self.phones, phone), (&mut self.addresses, address)] {
            map.entry(key.to_owned()).or_default().under_way += 1;
        }
        Admission::Granted
    }
}

impl Count {
    fn forget(&mut self, now: Timestamp) {
        // One from the future belongs to a clock that was set back.
        self.wrong.retain(|&at| at <= now && now.duration_since(at) < WINDOW);
    }

    /// How long it takes until fewer than `limit` count; `None` when that is so already.
    fn wait(&self, limit: usize, now: Timestamp) -> Option<Duration> {
        let decisive = self.wrong.get(self.wrong.len().checked_sub(limit)?)?;
        WINDOW.checked_sub(now.duration_since(*decisive))?.try_into().ok()
    }

    fn is_full(&self, limit: usize) -> bool {
        self.wrong.len() + self.under_way >= limit
    }

    fn is_idle(&self) -> bool {
        self.wrong.is_empty() && self.under_way == 0
    }
}

/// Drops what counts no more and, when that is nothing, what comes to its end first.
fn make_room(map: &mut HashMap<String, Count>, now: Timestamp) {
    map.retain(|_, count| {
        count.forget(now);
        !count.is_idle()
    });
    if map.len() > CAPACITY {
        let idle = map.iter().filter(|(_, count)| count.under_way == 0);
        let oldest = idle.min_by_key(|(_, count)| count.wrong.back().copied()).map(|(key, _)| key.clone());
        oldest.and_then(|key| map.remove(&key));
    }
}

/// What counts as one address: an IPv4 address, or the first 64 bits of an IPv6 address, of which everybody has many.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => format!("{:x}/64", address.to_bits() >> 64),
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ambient::ManualClock;

    use super::*;

    const HERE: &str = "192.0.2.1";

    fn clock() -> Arc<ManualClock> {
        Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH))
    }

    async fn guess(
        throttle: &PasswordThrottle,
        clock: &ManualClock,
        phone: &str,
        address: &str,
    ) -> Result<(), Duration> {
        let attempt = throttle.attempt(clock, phone, address).await?;
        attempt.wrong(clock.now());
        Ok(())
    }

    #[tokio::test]
    async fn ten_wrong_passwords_close_a_phone_until_the_window_has_passed() {
        let (throttle, clock) = (PasswordThrottle::default(), clock());
        for _ in 0..10 {
            guess(&throttle, &clock, "1", HERE).await.unwrap();
            clock.advance_ms(1000);
        }
        // The first one is 10 s old.
        assert_eq!(guess(&throttle, &clock, "1", HERE).await, Err(Duration::from_secs(590)));
        assert!(guess(&throttle, &clock, "2", HERE).await.is_ok(), "another phone is open");
        clock.advance_ms(589_999);
        assert!(guess(&throttle, &clock, "1", HERE).await.is_err());
        clock.advance_ms(1);
        assert!(guess(&throttle, &clock, "1", HERE).await.is_ok());
    }

    #[tokio::test]
    async fn a_right_password_starts_the_phone_again() {
        let (throttle, clock) = (PasswordThrottle::default(), clock());
        for _ in 0..9 {
            guess(&throttle, &clock, "1", HERE).await.unwrap();
        }
        throttle.attempt(&*clock, "1", HERE).await.unwrap_or_else(|_| panic!("one is left")).right();
        for _ in 0..10 {
            guess(&throttle, &clock, "1", HERE).await.unwrap();
        }
        assert!(guess(&throttle, &clock, "1", HERE).await.is_err());
    }

    #[tokio::test]
    async fn a_hundred_wrong_passwords_close_an_address() {
        let (throttle, clock) = (PasswordThrottle::default(), clock());
        for number in 0..100 {
            guess(&throttle, &clock, &number.to_string(), HERE).await.unwrap();
        }
        assert_eq!(guess(&throttle, &clock, "new", HERE).await, Err(Duration::from_secs(600)));
        assert!(guess(&throttle, &clock, "new", "192.0.2.2").await.is_ok());
    }

    #[tokio::test]
    async fn guesses_at_once_get_no_more_places_than_in_a_row() {
        let (throttle, clock) = (Arc::new(PasswordThrottle::default()), clock());
        let guesses = (0..50).map(|_| {
            let (throttle, clock) = (throttle.clone(), clock.clone());
            tokio::spawn(async move {
                let attempt = throttle.attempt(&*clock, "1", HERE).await?;
                tokio::task::yield_now().await;
                attempt.wrong(clock.now());
                Ok::<_, Duration>(())
            })
        });
        let mut checked = 0;
        for guess in guesses.collect::<Vec<_>>() {
            checked += usize::from(guess.await.unwrap().is_ok());
        }
        assert_eq!(checked, PER_PHONE);
    }

    #[tokio::test]
    async fn many_right_passwords_at_once_all_pass() {
        let (throttle, clock) = (Arc::new(PasswordThrottle::default()), clock());
        let logins = (0..50).map(|_| {
            let (throttle, clock) = (throttle.clone(), clock.clone());
            tokio::spawn(async move {
                let attempt = throttle.attempt(&*clock, "1", HERE).await?;
                tokio::task::yield_now().await;
                attempt.right();
                Ok::<_, Duration>(())
            })
        });
        for login in logins.collect::<Vec<_>>() {
            assert_eq!(login.await.unwrap(), Ok(()));
        }
        assert!(throttle.counts.lock().phones.is_empty(), "nothing is remembered of them");
    }

    #[tokio::test]
    async fn an_attempt_without_an_outcome_counts_for_nothing() {
        let (throttle, clock) = (PasswordThrottle::default(), clock());
        for _ in 0..20 {
            drop(throttle.attempt(&*clock, "1", HERE).await);
        }
        let counts = throttle.counts.lock();
        assert!(counts.phones.is_empty() && counts.addresses.is_empty());
    }

    #[test]
    fn addresses_of_one_network_are_one() {
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network(""), "");
    }

    #[test]
    fn memory_is_bounded() {
        let now = Timestamp::UNIX_EPOCH;
        let count = |at| Count { wrong: VecDeque::from([at]), under_way: 0 };
        let mut map: HashMap<String, Count> = (0..=CAPACITY).map(|n| (n.to_string(), count(now))).collect();
        make_room(&mut map, now);
        assert_eq!(map.len(), CAPACITY);
        make_room(&mut map, now + WINDOW);
        assert!(map.is_empty(), "none of them counts any more");
    }
}
