//! The names of Apple's users, which come along with the redirect of the first login alone.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use serde::Deserialize;

/// The service that sends names in this way.
const APPLE: &str = "apple";
/// How long a name is kept.
const LIFE: SignedDuration = SignedDuration::from_mins(1);
/// The longest code that a name is kept for, in bytes.
const MAX_CODE: usize = 1000;
/// The longest name that is kept, in characters.
const MAX_NAME: usize = 150;
/// How many names are kept at most. The oldest go first.
const CAPACITY: usize = 1000;

/// Names by the code that came with them, until the login with that code.
#[derive(Debug, Default)]
pub(crate) struct Names(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    by_code: HashMap<String, (Timestamp, String)>,
    by_age: VecDeque<(Timestamp, String)>,
}

#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    name: Parts,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Parts {
    first_name: String,
    last_name: String,
}

impl Names {
    /// Keeps the name that came with a code, in Apple's JSON. What is no name is not kept.
    pub(crate) fn keep(&self, code: &str, sent: &str, now: Timestamp) {
        let Ok(Sent { name }) = serde_json::from_str(sent) else { return };
        let full = format!("{} {}", name.first_name, name.last_name);
        let full: String = full.trim().chars().take(MAX_NAME).collect();
        if full.is_empty() || code.len() > MAX_CODE {
            return;
        }
        let mut kept = self.0.lock();
        kept.forget_old(now);
        kept.by_code.insert(code.to_owned(), (now, full));
        kept.by_age.push_back((now, code.to_owned()));
    }

    /// The name that came with a code, once.
    pub(crate) fn take(&self, provider: &str, code: &str, now: Timestamp) -> Option<String> {
        if provider != APPLE {
            return None;
        }
        let mut kept = self.0.lock();
        kept.forget_old(now);
        kept.by_code.remove(code).map(|(_, name)| name)
    }
}

impl Kept {
    fn forget_old(&mut self, now: Timestamp) {
        while self.by_age.len() >= CAPACITY
            || self.by_age.front().is_some_and(|(at, _)| now.duration_since(*at) >= LIFE)
        {
            let Some((at, code)) = self.by_age.pop_front() else { return };
            // A code that came again is younger than its first mention.
            if self.by_code.get(&code).is_some_and(|(kept, _)| *kept == at) {
                self.by_code.remove(&code);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = r#"{"name":{"firstName":"Anna","lastName":"Li"},"email":"a@x.io"}"#;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_name_is_there_once_for_a_minute() {
        let names = Names::default();
        names.keep("a", SENT, at(0));
        names.keep("b", SENT, at(0));
        assert_eq!(names.take("google", "a", at(1)), None);
        assert_eq!(names.take(APPLE, "a", at(59)).as_deref(), Some("Anna Li"));
        assert_eq!(names.take(APPLE, "a", at(59)), None);
        assert_eq!(names.take(APPLE, "b", at(60)), None);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let names = Names::default();
        for number in 0..CAPACITY + 5 {
            names.keep(&number.to_string(), SENT, at(0));
        }
        names.keep(&"x".repeat(MAX_CODE + 1), SENT, at(0));
        for junk in ["", "{}", "[]", r#"{"name":{"firstName":" "}}"#, r#"{"name":1}"#] {
            names.keep("junk", junk, at(0));
        }
        let kept = names.0.lock();
        assert!(kept.by_code.len() <= CAPACITY && kept.by_age.len() <= CAPACITY);
        assert!(!kept.by_code.contains_key("junk") && !kept.by_code.contains_key("0"));
    }
}
