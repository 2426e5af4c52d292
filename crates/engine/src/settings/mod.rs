//! The settings of an instance, in the form in which PocketBase stores them.

mod addresses;
mod check;
mod encryption;
mod update;

pub(crate) use addresses::lists;
pub use encryption::{EncryptionError, EncryptionKey};
use schema::load::load_object;
use serde::Serialize;

/// Every setting. Keys that are missing from stored JSON take their defaults: it is read over [`Self::default`] by
/// the rules of [`schema::load`].
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Addresses and subnets from which superusers are let in; empty for any.
    #[serde(rename = "superuserIPs")]
    pub superuser_ips: Vec<String>,
    /// The mail server.
    pub smtp: Smtp,
    /// Automatic backups.
    pub backups: Backups,
    /// Object storage for files.
    pub s3: S3,
    /// Names and addresses of the application.
    pub meta: Meta,
    /// Limits on the rate of requests.
    pub rate_limits: RateLimits,
    /// Where the client's address is found behind a proxy.
    pub trusted_proxy: TrustedProxy,
    /// Several writes in one request.
    pub batch: Batch,
    /// The stored logs.
    pub logs: Logs,
}

/// The mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names of the stored JSON say it")]
pub struct Smtp {
    pub enabled: bool,
    pub port: i64,
    pub host: String,
    pub username: String,
    /// Only `None` in what clients see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub auth_method: String,
    pub tls: bool,
    pub local_name: String,
}

/// An object store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names of the stored JSON say it")]
pub struct S3 {
    pub enabled: bool,
    pub bucket: String,
    pub region: String,
    pub endpoint: String,
    pub access_key: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub secret: String,
    pub force_path_style: bool,
}

/// Automatic backups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names of the stored JSON say it")]
pub struct Backups {
    pub cron: String,
    pub cron_max_keep: i64,
    pub s3: S3,
}

/// Names and addresses of the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names of the stored JSON say it")]
pub struct Meta {
    pub accent_color: String,
    pub app_name: String,
    /// The address under which clients reach the service, without a slash at the end.
    #[serde(rename = "appURL")]
    pub app_url: String,
    pub sender_name: String,
    pub sender_address: String,
    pub hide_controls: bool,
}

/// Limits on the rate of requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names of the stored JSON say it")]
pub struct RateLimits {
    pub rules: Vec<RateLimitRule>,
    #[serde(rename = "excludedIPs")]
    pub excluded_ips: Vec<String>,
    pub enabled: bool,
}

/// One limit: `max_requests` within `duration` seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names of the stored JSON say it")]
pub struct RateLimitRule {
    pub label: String,
    pub audience: String,
    pub duration: i64,
    pub max_requests: i64,
}

/// Where the client's address is found behind a proxy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct TrustedProxy {
    /// Headers to look at, in this order.
    pub headers: Vec<String>,
    /// Take the first address of a list and not the last.
    #[serde(rename = "useLeftmostIP")]
    pub use_leftmost_ip: bool,
}

/// Several writes in one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names of the stored JSON say it")]
pub struct Batch {
    pub enabled: bool,
    pub max_requests: i64,
    pub timeout: i64,
    pub max_body_size: i64,
}

/// The stored logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names of the stored JSON say it")]
pub struct Logs {
    pub max_days: i64,
    pub min_level: i64,
    #[serde(rename = "logIP")]
    pub log_ip: bool,
    pub log_auth_id: bool,
}

load_object!(Settings {
    "superuserIPs" => superuser_ips,
    "smtp" => smtp,
    "backups" => backups,
    "s3" => s3,
    "meta" => meta,
    "rateLimits" => rate_limits,
    "trustedProxy" => trusted_proxy,
    "batch" => batch,
    "logs" => logs,
});

load_object!(Smtp {
    "enabled" => enabled,
    "port" => port,
    "host" => host,
    "username" => username,
    "password" => password,
    "authMethod" => auth_method,
    "tls" => tls,
    "localName" => local_name,
});

load_object!(S3 {
    "enabled" => enabled,
    "bucket" => bucket,
    "region" => region,
    "endpoint" => endpoint,
    "accessKey" => access_key,
    "secret" => secret,
    "forcePathStyle" => force_path_style,
});

load_object!(Backups { "cron" => cron, "cronMaxKeep" => cron_max_keep, "s3" => s3 });

load_object!(Meta {
    "accentColor" => accent_color,
    "appName" => app_name,
    "appURL" => app_url,
    "senderName" => sender_name,
    "senderAddress" => sender_address,
    "hideControls" => hide_controls,
});

load_object!(RateLimits { "rules" => rules, "excludedIPs" => excluded_ips, "enabled" => enabled });

load_object!(RateLimitRule {
    "label" => label,
    "audience" => audience,
    "duration" => duration,
    "maxRequests" => max_requests,
});

load_object!(TrustedProxy { "headers" => headers, "useLeftmostIP" => use_leftmost_ip });

load_object!(Batch {
    "enabled" => enabled,
    "maxRequests" => max_requests,
    "timeout" => timeout,
    "maxBodySize" => max_body_size,
});

load_object!(Logs {
    "maxDays" => max_days,
    "minLevel" => min_level,
    "logIP" => log_ip,
    "logAuthId" => log_auth_id,
});

impl Default for Smtp {
    fn default() -> Self {
        Self {
            enabled: false,
            port: 587,
            host: "smtp.example.com".into(),
            username: String::new(),
            password: Some(String::new()),
            auth_method: String::new(),
            tls: false,
            local_name: String::new(),
        }
    }
}

impl Default for Backups {
    fn default() -> Self {
        Self { cron: String::new(), cron_max_keep: 3, s3: S3::default() }
    }
}

impl Default for Meta {
    fn default() -> Self {
        Self {
            accent_color: "#1055c9".into(),
            app_name: "Acme".into(),
            app_url: "http://localhost:8090".into(),
            sender_name: "Support".into(),
            sender_address: "support@example.com".into(),
            hide_controls: false,
        }
    }
}

impl Default for RateLimits {
    fn default() -> Self {
        let rule = |label: &str, max_requests, duration| RateLimitRule {
            label: label.into(),
            audience: String::new(),
            duration,
            max_requests,
        };
        Self {
            rules: vec![
                rule("*:auth", 2, 3),
                rule("*:create", 20, 5),
                rule("/api/batch", 3, 1),
                rule("/api/", 300, 10),
            ],
            excluded_ips: Vec::new(),
            enabled: false,
        }
    }
}

impl Default for Batch {
    fn default() -> Self {
        Self { enabled: false, max_requests: 50, timeout: 3, max_body_size: 0 }
    }
}

impl Default for Logs {
    fn default() -> Self {
        Self { max_days: 5, min_level: 0, log_ip: true, log_auth_id: false }
    }
}

#[cfg(test)]
mod tests {
    use schema::load::Load;
    use serde_json::json;

    use super::*;

    fn read(json: &serde_json::Value) -> Settings {
        let mut settings = Settings::default();
        settings.load(json).unwrap();
        settings
    }

    #[test]
    fn defaults_are_stored_in_the_documented_order() {
        let text = serde_json::to_string(&Settings::default()).unwrap();
        let smtp =
            r#""smtp":{"enabled":false,"port":587,"host":"smtp.example.com","username":"","password":"","#;
        assert!(text.starts_with(&format!(r#"{{"superuserIPs":[],{smtp}"#)), "{text}");
        assert!(
            text.ends_with(r#""logs":{"maxDays":5,"minLevel":0,"logIP":true,"logAuthId":false}}"#),
            "{text}"
        );
        assert_eq!(read(&serde_json::from_str(&text).unwrap()), Settings::default());
    }

    #[test]
    fn missing_keys_take_their_defaults() {
        let settings = read(&json!({"META": {"appname": "x"}, "rateLimits": {"excludedIPs": null}}));
        assert_eq!(settings.meta.app_name, "x");
        assert_eq!(settings.meta.app_url, "http://localhost:8090");
        assert!(settings.rate_limits.excluded_ips.is_empty() && !settings.rate_limits.rules.is_empty());
    }
}
