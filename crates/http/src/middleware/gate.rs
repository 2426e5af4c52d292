//! What is looked at before a route is: where superusers come from, and how often anybody does.

use engine::{Record, Visit};
use http::Method;
use http::request::Parts;
use percent_encoding::percent_decode_str;

use crate::client_ip::client_ip;
use crate::extract::caller;
use crate::{ApiError, App};

/// What the gate has to know.
pub(crate) struct Gate {
    app: App,
    /// What stands before `/api`, for each place where the API is.
    mounts: Vec<String>,
}

impl Gate {
    /// A gate before the API below `prefixes`.
    pub(crate) fn new(app: &App, prefixes: &[String]) -> Self {
        let mount = |prefix: &String| prefix.strip_suffix("/api").unwrap_or_default().to_owned();
        Self { app: app.clone(), mounts: prefixes.iter().map(mount).collect() }
    }

    /// Lets a request in, or refuses it.
    ///
    /// # Errors
    /// 403 for superusers from an address that is not on the list, 429 for one request too many.
    pub(crate) async fn check(&self, parts: &mut Parts) -> Result<(), ApiError> {
        let engine = self.app.engine();
        let settings = engine.settings();
        if settings.superuser_ips.is_empty() && !settings.rate_limits.enabled {
            return Ok(());
        }
        let auth = caller(parts, &self.app).await?;
        let ip = client_ip(parts, &settings.trusted_proxy);
        if auth.as_deref().is_some_and(Record::is_superuser) && !settings.lets_superusers_in_from(&ip) {
            let cause = "a superuser from an address that is not on the list";
            return Err(ApiError::forbidden("").because(cause));
        }
        let below = self.below_mount(parts.uri.path());
        let segments: Vec<_> =
            below.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect();
        let words: Vec<&str> = segments.iter().map(|segment| &**segment).collect();
        let visit = Visit {
            method: parts.method.as_str(),
            path: &words.join("/"),
            action: action(&parts.method, &words),
            in_batch: false,
        };
        Ok(engine.limit(&visit, auth.as_deref(), &ip)?)
    }

    /// A path from the root of the API on.
    fn below_mount<'a>(&self, path: &'a str) -> &'a str {
        let below = |mount: &String| path.strip_prefix(mount).filter(|path| path.starts_with("/api/"));
        self.mounts.iter().find_map(below).unwrap_or(path)
    }
}

/// The collection whose records a path is about, and the names that rules have for what is done to them.
fn action<'a>(method: &Method, path: &[&'a str]) -> Option<(&'a str, &'static [&'static str])> {
    let method = match method.as_str() {
        "HEAD" => "GET",
        method => method,
    };
    let (collection, tags): (_, &[&str]) = match *path {
        ["", "api", "collections", collection, "records"] => match method {
            "GET" => (collection, &["list"]),
            "POST" => (collection, &["create"]),
            _ => return None,
        },
        ["", "api", "collections", collection, "records", id] if !id.is_empty() => match method {
            "GET" => (collection, &["view"]),
            "PATCH" => (collection, &["update"]),
            "DELETE" => (collection, &["delete"]),
            _ => return None,
        },
        ["", "api", "collections", collection, "auth-methods"] if method == "GET" => {
            (collection, &["listAuthMethods"])
        }
        ["", "api", "files", collection, record, name] if method == "GET" => {
            let is_one = !record.is_empty() && !name.is_empty();
            return is_one.then_some((collection, &["file"]));
        }
        ["", "api", "collections", collection, last] if method == "POST" => {
            let tags: &[&str] = match last {
                "auth-refresh" => &["authRefresh"],
                "auth-with-password" => &["authWithPassword", "auth"],
                "auth-with-oauth2" => &["authWithOAuth2", "auth"],
                "auth-with-otp" => &["authWithOTP", "auth"],
                "request-otp" => &["requestOTP"],
                "request-password-reset" => &["requestPasswordReset"],
                "confirm-password-reset" => &["confirmPasswordReset"],
                "request-verification" => &["requestVerification"],
                "confirm-verification" => &["confirmVerification"],
                "request-email-change" => &["requestEmailChange"],
                "confirm-email-change" => &["confirmEmailChange"],
                _ => return None,
            };
            (collection, tags)
        }
        _ => return None,
    };
    Some((collection, tags))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_have_the_names_of_rules() {
        let of = |method: &str, path: &str| {
            let path: Vec<&str> = path.split('/').collect();
            action(&method.parse().unwrap(), &path).map(|(collection, tags)| (collection.to_owned(), tags))
        };
        for (method, path, tags) in [
            ("GET", "/api/collections/a/records", &["list"][..]),
            ("HEAD", "/api/collections/a/records/1", &["view"]),
            ("DELETE", "/api/collections/a/records/1", &["delete"]),
            ("POST", "/api/collections/a/auth-with-password", &["authWithPassword", "auth"]),
            ("GET", "/api/collections/a/auth-methods", &["listAuthMethods"]),
            ("GET", "/api/files/a/1/x.png", &["file"]),
        ] {
            assert_eq!(of(method, path), Some(("a".to_owned(), tags)), "{method} {path}");
        }
        for (method, path) in [
            ("PUT", "/api/collections/a/records"),
            ("POST", "/api/collections/a/records/1"),
            ("GET", "/api/collections/a/records/"),
            ("POST", "/api/collections/a/impersonate/1"),
            ("POST", "/api/files/token"),
            ("GET", "/x/api/collections/a/records"),
        ] {
            assert_eq!(of(method, path), None, "{method} {path}");
        }
    }
}
