use std::{error::Error as _, time::Duration};

use reqwest::{Response, Url, redirect, retry};
use serde_json::Value;

use crate::{Config, ConfigError, Secret};

/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// The longest reply that is read, in bytes. Documented ones stay far below.
const MAX_REPLY: usize = 64 * 1024;

/// How much of an `errmsg` is kept, in characters.
const MAX_ERRMSG: usize = 200;

/// One HTTP connection pool to WeChat, and the reading of its replies.
#[derive(Debug)]
pub(crate) struct Transport {
    http: reqwest::Client,
    pub(crate) config: Config,
}

/// One call. With a body it is a POST, else a GET.
pub(crate) struct Request<'a> {
    pub(crate) path: &'a str,
    pub(crate) query: &'a [(&'a str, &'a str)],
    pub(crate) body: Option<Value>,
    /// The secret that this call carries, which no error may repeat.
    pub(crate) secret: &'a Secret,
}

/// Why a call brought no successful reply.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// WeChat answered with an `errcode`.
    Refused { errcode: i64, errmsg: String },
    /// There was no reply in time, or not one of WeChat's.
    Unanswered(String),
}

impl Fault {
    /// Whether WeChat refused the access token, and would take a newer one.
    pub(crate) fn is_stale_token(&self) -> bool {
        matches!(self, Self::Refused { errcode: 40001 | 40014 | 42001, .. })
    }
}

impl Transport {
    pub(crate) fn new(config: Config) -> Result<Self, ConfigError> {
        let mut http = reqwest::Client::builder()
            .connect_timeout(config.timeouts.connect)
            .timeout(config.timeouts.total)
            // A connection that WeChat closes just as it is used again costs a user their code.
            .pool_idle_timeout(IDLE)
            // A code must not be sent twice, and a secret must not follow a redirect.
            .retry(retry::never())
            .redirect(redirect::Policy::none())
            .user_agent(concat!("baibase/", env!("CARGO_PKG_VERSION")));
        if is_loopback(&config.api_base) {
            http = http.no_proxy();
        }
        if config.api_base.scheme() == "http" {
            // Plain HTTP needs no root certificates, so it must not fail on a system that has none.
            http = http.tls_certs_only([]);
        }
        let http = http.build().map_err(|error| ConfigError::Http(error.without_url()))?;
        Ok(Self { http, config })
    }

    /// Makes the call once, and gives its JSON reply when that carries no `errcode` other than 0.
    pub(crate) async fn call(&self, request: Request<'_>) -> Result<Value, Fault> {
        let mut url = self.config.api_base.clone();
        url.set_path(&format!("{}{}", self.config.api_base.path().trim_end_matches('/'), request.path));
        url.query_pairs_mut().extend_pairs(request.query);
        let call = match &request.body {
            Some(body) => self.http.post(url).json(body),
            None => self.http.get(url),
        };
        let response = call.send().await.map_err(|error| unanswered(error, request.secret))?;
        let status = response.status();
        if !status.is_success() {
            return Err(Fault::Unanswered(format!("HTTP status {}", status.as_u16())));
        }
        let body = read(response, request.secret).await?;
        read_json(&body, request.secret)
    }
}

fn is_loopback(url: &Url) -> bool {
    // An IPv6 host keeps its brackets.
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// Reads the whole reply, up to [`MAX_REPLY`].
async fn read(mut response: Response, secret: &Secret) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unanswered(error, secret))? {
        if body.len() + chunk.len() > MAX_REPLY {
            return Err(Fault::Unanswered(format!("the reply is longer than {MAX_REPLY} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads a reply as JSON whatever content type it claims: WeChat sends `text/plain`.
pub(crate) fn read_json(body: &[u8], secret: &Secret) -> Result<Value, Fault> {
    let reply: Value =
        serde_json::from_slice(body).map_err(|_| Fault::Unanswered("the reply is not JSON".to_owned()))?;
    let errcode = match reply.get("errcode") {
        None => 0,
        Some(errcode) => errcode
            .as_i64()
            .ok_or_else(|| Fault::Unanswered("the errcode of the reply is not an integer".to_owned()))?,
    };
    if errcode == 0 {
        return Ok(reply);
    }
    let errmsg = reply.get("errmsg").and_then(Value::as_str).unwrap_or_default();
    // Redacted before it is cut, so that no part of the secret stays behind.
    let errmsg = secret.redact_in(errmsg).chars().filter(|c| !c.is_control()).take(MAX_ERRMSG).collect();
    Err(Fault::Refused { errcode, errmsg })
}

/// What went wrong below HTTP, without the address: the AppSecret and the token are in its query.
fn unanswered(error: reqwest::Error, secret: &Secret) -> Fault {
    let mut text = if error.is_timeout() { "timed out" } else { "the connection failed" }.to_owned();
    let error = error.without_url();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    Fault::Unanswered(secret.redact_in(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Value, Fault> {
        read_json(json.as_bytes(), &Secret::from("s3cret"))
    }

    #[test]
    fn success_needs_no_errcode() {
        assert!(read(r#"{"openid":"o"}"#).is_ok());
        assert!(read(r#"{"errcode":0,"errmsg":"ok"}"#).is_ok());
    }

    #[test]
    fn an_errmsg_is_cut_cleaned_and_redacted() {
        let json = format!(r#"{{"errcode":40125,"errmsg":"bad\ns3cret {}"}}"#, "x".repeat(500));
        let Err(Fault::Refused { errcode: 40125, errmsg }) = read(&json) else { panic!("a refusal") };
        assert!(errmsg.starts_with("bad[redacted] x"));
        assert_eq!(errmsg.chars().count(), MAX_ERRMSG);
    }

    #[test]
    fn what_is_not_a_reply_of_wechat_is_no_answer() {
        for json in ["", "<html>", r#"{"errcode":"40029"}"#, "\u{feff}{}"] {
            assert!(matches!(read(json), Err(Fault::Unanswered(_))), "{json:?}");
        }
    }

    #[test]
    fn plain_http_needs_no_root_certificates() {
        let config = Config::new("wx1", Secret::from("s"), "http://127.0.0.1:1").unwrap();
        assert!(Transport::new(config).is_ok());
    }

    #[test]
    fn loopback_addresses_are_known() {
        for (base, loopback) in [
            ("http://127.0.0.1:1", true),
            ("http://localhost", true),
            ("http://[::1]:1", true),
            ("https://api.weixin.qq.com", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(base).unwrap()), loopback, "{base}");
        }
    }
}
