//! What the stored logs say about a request, in PocketBase's keys.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::response::Response;
use engine::{Engine, LogEntry, LogLevel, Record};
use http::header::{HeaderName, REFERER, USER_AGENT};
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use crate::client_ip::{self, client_ip};

/// The longest URL and the longest header in an entry, in characters.
const MAX_URL: usize = 3000;
const MAX_HEADER: usize = 2000;

/// Who asked, once a handler has found out.
#[derive(Clone, Default)]
pub(crate) struct Witness(Arc<OnceLock<Who>>);

struct Who {
    collection: String,
    id: String,
}

/// Marks replies of routes whose successes are of no interest to anybody.
#[derive(Clone)]
pub(crate) struct Quiet;

/// Marks error replies with what they say.
#[derive(Clone)]
pub(crate) struct Refusal {
    pub(crate) message: String,
    /// Its data, or what lies behind it where there is none.
    pub(crate) details: Value,
}

/// A request that is under way.
pub(super) struct Activity {
    witness: Witness,
    url: String,
    data: Map<String, Value>,
}

impl Witness {
    /// Notes who asks.
    pub(crate) fn saw(&self, record: &Record) {
        let collection = record.collection().name.clone();
        // The first one to find out is as right as any other.
        let _ = self.0.set(Who { collection, id: record.id().to_owned() });
    }
}

/// A layer for routes whose successes are not logged.
pub(crate) async fn quiet(mut response: Response) -> Response {
    response.extensions_mut().insert(Quiet);
    response
}

impl Activity {
    /// Takes down what is known before the request is handled; `None` when nothing about it would be kept.
    pub(super) fn begin(engine: &Engine, parts: &mut Parts) -> Option<Self> {
        if !engine.keeps_logs(LogLevel::Error) {
            return None;
        }
        let witness = Witness::default();
        parts.extensions.insert(witness.clone());
        let url = cut(&without_token(parts.uri.path_and_query().map_or("/", |url| url.as_str())), MAX_URL);
        let header = |name: HeaderName| {
            let value = parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
            cut(&value.unwrap_or_default(), MAX_HEADER)
        };
        let mut data = Map::new();
        data.insert("type".into(), "request".into());
        data.insert("url".into(), url.as_str().into());
        data.insert("method".into(), parts.method.as_str().into());
        data.insert("referer".into(), header(REFERER).into());
        data.insert("userAgent".into(), header(USER_AGENT).into());
        let settings = engine.settings();
        if settings.logs.log_ip {
            let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
            let remote = peer.map(|ConnectInfo(peer)| client_ip::text(peer.ip()));
            data.insert("remoteIP".into(), remote.unwrap_or_default().into());
            data.insert("userIP".into(), client_ip(parts, &settings.trusted_proxy).into());
        }
        Some(Self { witness, url, data })
    }

    /// Stores what became of it.
    pub(super) fn end(self, engine: &Engine, response: &Response, duration: Duration) {
        let Self { witness, url, mut data } = self;
        let status = response.status();
        let failed = status.is_client_error() || status.is_server_error();
        if !failed && response.extensions().get::<Quiet>().is_some() {
            return;
        }
        let level = if failed { LogLevel::Error } else { LogLevel::Info };
        if !engine.keeps_logs(level) {
            return;
        }
        data.insert("status".into(), status.as_u16().into());
        data.insert("execTime".into(), json!(duration.as_secs_f64() * 1000.0));
        let who = witness.0.get();
        data.insert("auth".into(), who.map_or("", |who| &who.collection).into());
        if let Some(who) = who.filter(|_| engine.settings().logs.log_auth_id) {
            data.insert("authId".into(), who.id.as_str().into());
        }
        if let Some(Refusal { message, details }) = response.extensions().get().cloned() {
            data.insert("error".into(), message.into());
            data.insert("details".into(), details);
        }
        let method = data.get("method").and_then(Value::as_str).unwrap_or_default();
        let message = format!("{method} {}", percent_decode_str(&url).decode_utf8_lossy());
        engine.log(LogEntry { level, message, data });
    }
}

fn cut(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

/// A URL with its file token made unreadable: whoever reads the logs should not be able to use it.
fn without_token(url: &str) -> String {
    let Some((path, query)) = url.split_once('?') else { return url.to_owned() };
    let hide = |pair: &str| if pair.starts_with("token=") { "token=***".to_owned() } else { pair.to_owned() };
    let pairs: Vec<String> = query.split('&').map(hide).collect();
    format!("{path}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_not_stored() {
        assert_eq!(without_token("/a?x=1&token=abc.def&y"), "/a?x=1&token=***&y");
        assert_eq!(without_token("/a?tokens=1"), "/a?tokens=1");
        assert_eq!(without_token("/token=1"), "/token=1");
    }

    #[test]
    fn long_texts_are_cut_by_characters() {
        assert_eq!(cut("äöü", 2), "äö");
    }
}
