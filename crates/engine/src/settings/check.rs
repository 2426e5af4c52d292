//! What settings may hold.

use std::net::IpAddr;
use std::sync::LazyLock;

use ipnet::IpNet;
use regex::Regex;
use schema::checks::{Checks, at_least, each, length, matches, one_of, required};
use schema::{FieldError, FieldErrors};

use super::{Backups, Batch, Meta, RateLimitRule, RateLimits, S3, Settings, Smtp};
use crate::crons::Schedule;

/// A word, `collection:action`, a path, or a method and a path.
static LABEL: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?-u:\w+ /[\w/-]*|/[\w/-]*|\w+:\w+|\*:\w+|\w+)$"));

static DNS_NAME: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}(?:\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*[._]?$"));

static HEX_COLOR: LazyLock<Regex> = LazyLock::new(|| regex("^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"));

#[expect(clippy::expect_used, reason = "only called on the constant patterns above, which tests compile")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

impl Settings {
    /// What is wrong with them, by key.
    pub(super) fn check(&self) -> FieldErrors {
        let mut logs = Checks::default();
        logs.key("maxDays", at_least(self.logs.max_days, 0));
        let mut checks = Checks::default();
        checks
            .nested("superuserIPs", each(&self.superuser_ips, |ip| address(ip)))
            .nested("meta", meta(&self.meta))
            .nested("logs", logs.into_errors())
            .nested("smtp", smtp(&self.smtp))
            .nested("s3", object_store(&self.s3))
            .nested("backups", backups(&self.backups))
            .nested("batch", batch(&self.batch))
            .nested("rateLimits", rate_limits(&self.rate_limits));
        checks.into_errors()
    }
}

fn meta(meta: &Meta) -> FieldErrors {
    let mut checks = Checks::default();
    checks
        .key("accentColor", color(&meta.accent_color))
        .key("appName", required(!meta.app_name.is_empty()).or_else(|| length(&meta.app_name, 1, 255)))
        .key("appURL", required(!meta.app_url.is_empty()).or_else(|| url(&meta.app_url)))
        .key(
            "senderName",
            required(!meta.sender_name.is_empty()).or_else(|| length(&meta.sender_name, 1, 255)),
        )
        .key(
            "senderAddress",
            required(!meta.sender_address.is_empty()).or_else(|| email(&meta.sender_address)),
        );
    checks.into_errors()
}

fn smtp(smtp: &Smtp) -> FieldErrors {
    let mut checks = Checks::default();
    checks
        .key("host", required(!smtp.enabled || !smtp.host.is_empty()).or_else(|| host(&smtp.host)))
        .key("port", required(!smtp.enabled || smtp.port != 0).or_else(|| at_least(smtp.port, 0)))
        .key("authMethod", one_of(&smtp.auth_method, &["LOGIN", "PLAIN"]))
        .key("localName", host(&smtp.local_name));
    checks.into_errors()
}

fn object_store(s3: &S3) -> FieldErrors {
    let given = |text: &str| required(!s3.enabled || !text.is_empty());
    let mut checks = Checks::default();
    checks
        .key("endpoint", url(&s3.endpoint).or_else(|| given(&s3.endpoint)))
        .key("bucket", given(&s3.bucket))
        .key("region", given(&s3.region))
        .key("accessKey", given(&s3.access_key))
        .key("secret", given(&s3.secret));
    checks.into_errors()
}

fn backups(backups: &Backups) -> FieldErrors {
    let invalid = if backups.cron.is_empty() { None } else { Schedule::parse(&backups.cron).err() };
    let schedule = invalid.map(|error| FieldError::new("validation_invalid_cron", error.to_string()));
    let keeps_some = backups.cron.is_empty() || backups.cron_max_keep != 0;
    let mut checks = Checks::default();
    checks
        .nested("s3", object_store(&backups.s3))
        .key("cron", schedule)
        .key("cronMaxKeep", required(keeps_some).or_else(|| at_least(backups.cron_max_keep, 1)));
    checks.into_errors()
}

fn batch(batch: &Batch) -> FieldErrors {
    let given = |value: i64| required(!batch.enabled || value != 0).or_else(|| at_least(value, 0));
    let mut checks = Checks::default();
    checks
        .key("maxRequests", given(batch.max_requests))
        .key("timeout", given(batch.timeout))
        .key("maxBodySize", at_least(batch.max_body_size, 0));
    checks.into_errors()
}

fn rate_limits(limits: &RateLimits) -> FieldErrors {
    let mut rules = conflicts(&limits.rules);
    if rules.is_empty() {
        for (position, rule) in limits.rules.iter().enumerate() {
            rules.push_nested(position.to_string(), rate_limit(rule));
        }
    }
    let mut checks = Checks::default();
    checks
        .key("rules", required(!limits.enabled || !limits.rules.is_empty()))
        .nested("rules", rules)
        .nested("excludedIPs", each(&limits.excluded_ips, |ip| address(ip)));
    checks.into_errors()
}

fn rate_limit(rule: &RateLimitRule) -> FieldErrors {
    let positive = |value: i64| required(value != 0).or_else(|| at_least(value, 1));
    let mut checks = Checks::default();
    checks
        .key("label", required(!rule.label.is_empty()).or_else(|| matches(&rule.label, &LABEL)))
        .key("maxRequests", positive(rule.max_requests))
        .key("duration", positive(rule.duration))
        .key("audience", one_of(&rule.audience, &["@guest", "@auth"]));
    checks.into_errors()
}

/// The first rule that means the same requests as one before it. A rule for everybody includes those for some.
fn conflicts(rules: &[RateLimitRule]) -> FieldErrors {
    let mut keys: Vec<String> = Vec::new();
    for (position, RateLimitRule { label, audience, .. }) in rules.iter().enumerate() {
        let key = format!("{label}@@{audience}");
        if keys.iter().any(|other| other.starts_with(&key) || key.starts_with(other)) {
            let message = format!(
                "Rate limit rule configuration with label {label} already exists or conflicts with another rule."
            );
            let error = FieldError::new("validation_conflicting_rate_limit_rule", message);
            let error = error.with_param("label", label.as_str());
            return FieldErrors::single("label", error).under(position.to_string());
        }
        keys.push(key);
    }
    FieldErrors::new()
}

/// An address or a subnet; the code is spelled as PocketBase spells it.
fn address(text: &str) -> Option<FieldError> {
    let is_one = || text.parse::<IpNet>().is_ok() || text.parse::<IpAddr>().is_ok();
    required(!text.is_empty()).or_else(|| {
        let error = FieldError::new("validation_invlaid_ip_or_subnet", "invalid IP or CIDR subnet");
        (!is_one()).then_some(error)
    })
}

fn host(text: &str) -> Option<FieldError> {
    let is_name = || text.replace('.', "").len() <= 255 && DNS_NAME.is_match(text);
    let fails = !text.is_empty() && text.parse::<IpAddr>().is_err() && !is_name();
    fails.then(|| FieldError::new("validation_is_host", "must be a valid IP address or DNS name"))
}

fn url(text: &str) -> Option<FieldError> {
    let fails = !text.is_empty() && !schema::value::is_url(text);
    fails.then(|| FieldError::new("validation_is_url", "must be a valid URL"))
}

fn email(text: &str) -> Option<FieldError> {
    let fails = !text.is_empty() && !schema::value::is_email(text);
    fails.then(|| FieldError::new("validation_is_email", "must be a valid email address"))
}

fn color(text: &str) -> Option<FieldError> {
    if text.is_empty() {
        return None;
    }
    if text.len() != 7 {
        let error = FieldError::new("validation_length_invalid", "the length must be exactly 7");
        return Some(error.with_param("min", 7).with_param("max", 7));
    }
    let fails = !HEX_COLOR.is_match(text);
    fails.then(|| FieldError::new("validation_is_hex_color", "must be a valid hexadecimal color code"))
}

#[cfg(test)]
mod tests {
    use schema::load::Load;
    use serde_json::{Value, json};

    use super::*;

    fn errors(patch: &Value) -> Value {
        let mut settings = Settings::default();
        settings.load(patch).unwrap();
        settings.check().to_json()
    }

    #[test]
    fn the_defaults_are_right() {
        assert_eq!(errors(&json!({})), json!({}));
    }

    #[test]
    fn each_setting_is_checked() {
        for (patch, pointer, code) in [
            (json!({"meta": {"appName": ""}}), "/meta/appName", "validation_required"),
            (
                json!({"meta": {"appName": "测".repeat(86)}}),
                "/meta/appName",
                "validation_length_out_of_range",
            ),
            (json!({"meta": {"appURL": "no url"}}), "/meta/appURL", "validation_is_url"),
            (json!({"meta": {"senderAddress": "x"}}), "/meta/senderAddress", "validation_is_email"),
            (json!({"meta": {"accentColor": "#fff"}}), "/meta/accentColor", "validation_length_invalid"),
            (json!({"meta": {"accentColor": "#fffffg"}}), "/meta/accentColor", "validation_is_hex_color"),
            (json!({"smtp": {"enabled": true, "host": ""}}), "/smtp/host", "validation_required"),
            (json!({"smtp": {"localName": "a b"}}), "/smtp/localName", "validation_is_host"),
            (json!({"smtp": {"authMethod": "X"}}), "/smtp/authMethod", "validation_in_invalid"),
            (json!({"s3": {"enabled": true}}), "/s3/bucket", "validation_required"),
            (
                json!({"s3": {"enabled": true, "bucket": "b", "region": "r", "endpoint": "no url",
                "accessKey": "k", "secret": "s"}}),
                "/s3/endpoint",
                "validation_is_url",
            ),
            (json!({"backups": {"cron": "x"}}), "/backups/cron", "validation_invalid_cron"),
            (
                json!({"backups": {"cron": "@daily", "cronMaxKeep": 0}}),
                "/backups/cronMaxKeep",
                "validation_required",
            ),
            (json!({"batch": {"enabled": true, "timeout": 0}}), "/batch/timeout", "validation_required"),
            (json!({"superuserIPs": ["1.2.3.4", "x"]}), "/superuserIPs/1", "validation_invlaid_ip_or_subnet"),
            (
                json!({"rateLimits": {"excludedIPs": ["10.0.0.0/40"]}}),
                "/rateLimits/excludedIPs/0",
                "validation_invlaid_ip_or_subnet",
            ),
        ] {
            let found = errors(&patch);
            assert_eq!(
                found.pointer(pointer).and_then(|error| error.get("code")),
                Some(&json!(code)),
                "{found}"
            );
        }
    }

    #[test]
    fn rules_that_mean_the_same_requests_conflict() {
        let rules = |labels: &[(&str, &str)]| {
            let rules = labels.iter().map(|(label, audience)| {
                json!({"label": label, "audience": audience, "duration": 1, "maxRequests": 1})
            });
            errors(&json!({"rateLimits": {"rules": rules.collect::<Vec<_>>()}}))
        };
        assert_eq!(
            rules(&[("x", "@guest"), ("x", "@auth"), ("GET /api/a-b", ""), ("*:auth", "")]),
            json!({})
        );
        let found = rules(&[("x", ""), ("x", "@guest")]);
        assert_eq!(found["rateLimits"]["rules"]["1"]["label"]["params"]["label"], "x");
        let found = rules(&[("/api/{x}", "@nobody")]);
        let rule = &found["rateLimits"]["rules"]["0"];
        assert_eq!(rule["label"]["code"], "validation_match_invalid");
        assert_eq!(rule["audience"]["code"], "validation_in_invalid");
    }
}
