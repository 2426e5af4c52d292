//! Limits on the rate of requests, by the rules of the settings.

mod counters;

use std::hash::Hash;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::to_string;

pub(crate) use counters::Limit;

use crate::settings::{RateLimitRule, RateLimits, lists};
use crate::{Action, Engine, Error, ErrorKind, Record, Request, Result};
use counters::Counters;

/// The job that forgets clients who have not come for long. It is there once anything was counted.
const CLEANING: &str = "__pbRateLimitersCleanup__";

/// How often somebody may search for what is not there before the time of the answer tells nothing any more.
const SEARCHES: Limit = Limit { times: 3, seconds: 3 };

/// What is counted since the settings were last changed.
#[derive(Default)]
pub(crate) struct Limits {
    counters: Counters,
    used: AtomicBool,
}

/// A request, as far as it matters to limits.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// In capitals.
    pub method: &'a str,
    /// From the root of the API on, decoded.
    pub path: &'a str,
    /// The id or the name of the collection whose records it is about, and what is done to them: `["list"]`,
    /// `["authWithPassword", "auth"]`.
    pub action: Option<(&'a str, &'a [&'a str])>,
    /// Whether it is a part of a batch: those are counted apart from others.
    pub in_batch: bool,
}

impl Engine {
    /// Counts a request of this client, by the first rule that names it: superusers and excluded addresses are not
    /// limited, and a client without an address cannot be.
    ///
    /// # Errors
    /// 429 when it is one too many.
    pub fn limit(&self, visit: &Visit<'_>, auth: Option<&Record>, ip: &str) -> Result<()> {
        let settings = self.settings();
        let limits = &settings.rate_limits;
        let is_exempt = || auth.is_some_and(Record::is_superuser) || lists(&limits.excluded_ips, ip);
        if !limits.enabled || is_exempt() {
            return Ok(());
        }
        let audience = if auth.is_some() { "@auth" } else { "@guest" };
        let path = [format!("{} {}", visit.method, visit.path), visit.path.to_owned()];
        let found = match visit.action {
            None => limits.find(&path, audience).map(|rule| {
                (rule, self.consume(("path", &rule.label, &rule.audience, ip), rule.limit(), ip))
            }),
            Some((collection, tags)) => {
                // What is not there is nobody's to limit: its absence is the answer.
                let Some(entry) = self.catalog().find(collection).cloned() else { return Ok(()) };
                let name = &entry.collection.name;
                let own = tags.iter().map(|tag| format!("{name}:{tag}"));
                let any = tags.iter().map(|tag| format!("*:{tag}"));
                let labels: Vec<String> = own.chain(any).chain(path).collect();
                limits.find(&labels, audience).map(|rule| {
                    // Each action of each collection counts for itself, whatever the rule names.
                    let bucket = (visit.in_batch, &entry.collection.id, tags, &rule.audience, ip);
                    (rule, self.consume(bucket, rule.limit(), ip))
                })
            }
        };
        match found {
            Some((rule, false)) => {
                let rule = to_string(rule).unwrap_or_default();
                let cause = format!("triggered rate limit rule: {rule}");
                Err(Error::new(ErrorKind::TooManyRequests, "").because(cause))
            }
            _ => Ok(()),
        }
    }

    /// Counts a part of a batch as if it had come alone.
    pub(crate) fn limit_part(&self, request: &Request, collection: &str, action: &Action) -> Result<()> {
        let (method, tag, id) = match action {
            Action::Create => ("POST", "create", None),
            Action::Update(id) => ("PATCH", "update", Some(id)),
            Action::Delete(id) => ("DELETE", "delete", Some(id)),
            // It is one of the others, which shows later.
            Action::Upsert => return Ok(()),
        };
        let records = format!("/api/collections/{collection}/records");
        let path = id.map_or_else(|| records.clone(), |id| format!("{records}/{id}"));
        let visit = Visit { method, path: &path, action: Some((collection, &[tag])), in_batch: true };
        self.limit(&visit, request.auth.as_deref(), &request.ip)
    }

    /// Whether a client searches too often for what is not there.
    pub(crate) fn searches_too_often(&self, collection: &str, ip: &str) -> bool {
        !self.consume(("searches", collection, ip), SEARCHES, ip)
    }

    /// Whether one more of `what`, which has to name the client as well, is within a limit. Who has no address cannot
    /// be told from others.
    pub(crate) fn consume(&self, what: impl Hash, limit: Limit, ip: &str) -> bool {
        if ip.is_empty() {
            tracing::warn!("a client without an address cannot be limited");
            return true;
        }
        let limits = self.limits();
        if !limits.used.swap(true, Ordering::Relaxed) {
            let clean = |engine: Self| async move {
                engine.limits().counters.clean(engine.clock().now().as_second());
                Ok(())
            };
            if let Err(error) = self.crons().add(CLEANING, "2 * * * *", clean) {
                tracing::error!(%error, "the counters of clients are not cleaned");
            }
        }
        limits.counters.consume(what, limit, self.clock().now().as_second())
    }

    /// Forgets all counts.
    pub(crate) fn reset_limits(&self) {
        let limits = self.limits();
        limits.counters.clear();
        if limits.used.swap(false, Ordering::Relaxed) {
            self.crons().remove(CLEANING);
        }
    }
}

impl RateLimits {
    /// The rule for a request: that of the first label that has one. For each label a rule of that very label counts
    /// before those of the paths above it.
    fn find(&self, labels: &[String], audience: &str) -> Option<&RateLimitRule> {
        let rules = || self.rules.iter().filter(|rule| ["", audience].contains(&rule.audience.as_str()));
        labels.iter().find_map(|label| {
            let below = format!("{label}/");
            let exact = rules().find(|rule| rule.label == *label);
            exact.or_else(|| rules().find(|rule| rule.label.ends_with('/') && below.starts_with(&rule.label)))
        })
    }
}

impl RateLimitRule {
    fn limit(&self) -> Limit {
        Limit { times: self.max_requests, seconds: self.duration }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_label_with_a_rule_decides() {
        let rule = |label: &str, audience: &str| RateLimitRule {
            label: label.into(),
            audience: audience.into(),
            ..RateLimitRule::default()
        };
        let rules = vec![
            rule("/api/", "@auth"),
            rule("/api/", ""),
            rule("*:list", ""),
            rule("GET /api/x", "@guest"),
            rule("/api/x", ""),
            rule("posts:list", "@auth"),
            rule("GET /api/", ""),
        ];
        let limits = RateLimits { rules, excluded_ips: Vec::new(), enabled: true };
        let find = |labels: &[&str], audience: &str| {
            let labels: Vec<String> = labels.iter().map(|&label| label.to_owned()).collect();
            let found = limits.find(&labels, audience)?;
            limits.rules.iter().position(|rule| std::ptr::eq(rule, found))
        };
        assert_eq!(find(&["posts:list", "*:list", "GET /api/x", "/api/x"], "@auth"), Some(5));
        assert_eq!(find(&["posts:list", "*:list", "GET /api/x", "/api/x"], "@guest"), Some(2));
        assert_eq!(find(&["GET /api/x", "/api/x"], "@guest"), Some(3));
        assert_eq!(find(&["GET /api/x", "/api/x"], "@auth"), Some(6));
        assert_eq!(find(&["POST /api/x", "/api/x"], "@auth"), Some(4));
        assert_eq!(find(&["POST /api/y", "/api/y"], "@auth"), Some(0));
        assert_eq!(find(&["POST /api", "/api"], "@guest"), Some(1));
        assert_eq!(find(&["POST /apis", "/apis"], "@guest"), None);
    }
}
