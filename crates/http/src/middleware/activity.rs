//! What the stored logs say about a request, in PocketBase's keys.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::response::Response;
use engine::{Engine, LogEntry, LogLevel, Record};
use http::header::{REFERER, USER_AGENT};
use http::request::Parts;
use http::{HeaderValue, Method, Uri};
use percent_encoding::percent_decode_str;
use schema::value::go_json;
use serde_json::Value;

use crate::client_ip::{self, client_ip};

/// The longest URL and the longest header in an entry, in characters.
const MAX_URL: usize = 3000;
const MAX_HEADER: usize = 2000;

/// How many bytes an entry usually has at most.
const USUAL_SIZE: usize = 512;

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
    referer: Option<HeaderValue>,
    user_agent: Option<HeaderValue>,
    /// When it is to be kept.
    addresses: Option<Addresses>,
}

struct Addresses {
    remote: String,
    user: String,
}

/// What is stored: an object of JSON, key by key.
struct Data(Vec<u8>);

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
        let settings = engine.settings();
        let addresses = settings.logs.log_ip.then(|| {
            let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
            let remote = peer.map(|ConnectInfo(peer)| client_ip::text(peer.ip()));
            Addresses { remote: remote.unwrap_or_default(), user: client_ip(parts, &settings.trusted_proxy) }
        });
        let header = |name| parts.headers.get(name).cloned();
        let (referer, user_agent) = (header(REFERER), header(USER_AGENT));
        Some(Self { witness, referer, user_agent, addresses })
    }

    /// Stores what became of it.
    pub(super) fn end(
        self,
        engine: &Engine,
        method: &Method,
        uri: &Uri,
        response: &Response,
        duration: Duration,
    ) {
        let status = response.status();
        let failed = status.is_client_error() || status.is_server_error();
        if !failed && response.extensions().get::<Quiet>().is_some() {
            return;
        }
        let level = if failed { LogLevel::Error } else { LogLevel::Info };
        if !engine.keeps_logs(level) {
            return;
        }
        let url = without_token(uri.path_and_query().map_or("/", |url| url.as_str()));
        let url = cut(&url, MAX_URL);
        let who = self.witness.0.get();
        let refusal = response.extensions().get::<Refusal>();
        let method = method.as_str();
        let settings = engine.settings();
        let auth_id = who.filter(|_| settings.logs.log_auth_id).map(|who| who.id.as_str());
        let addresses = self.addresses.as_ref();
        let mut data = Data(Vec::with_capacity(USUAL_SIZE));
        data.text("auth", who.map_or("", |who| &who.collection));
        data.optional("authId", auth_id);
        if let Some(details) = refusal.and_then(|refusal| schema::json::to_string(&refusal.details).ok()) {
            data.key("details").extend_from_slice(details.as_bytes());
        }
        data.optional("error", refusal.map(|refusal| refusal.message.as_str()));
        go_json::write_f64(duration.as_secs_f64() * 1000.0, data.key("execTime"));
        data.text("method", method);
        data.text("referer", &text(self.referer.as_ref()));
        data.optional("remoteIP", addresses.map(|addresses| addresses.remote.as_str()));
        go_json::write_integer(status.as_u16().into(), data.key("status"));
        data.text("type", "request");
        data.text("url", url);
        data.text("userAgent", &text(self.user_agent.as_ref()));
        data.optional("userIP", addresses.map(|addresses| addresses.user.as_str()));
        let message = format!("{method} {}", percent_decode_str(url).decode_utf8_lossy());
        engine.log(LogEntry { level, message, data: data.end() });
    }
}

impl Data {
    /// Writes a key; its value is to follow.
    fn key(&mut self, key: &str) -> &mut Vec<u8> {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        go_json::write_string(key, &mut self.0);
        self.0.push(b':');
        &mut self.0
    }

    fn text(&mut self, key: &str, text: &str) {
        go_json::write_string(text, self.key(key));
    }

    fn optional(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    fn end(mut self) -> String {
        self.0.push(b'}');
        go_json::into_string(self.0)
    }
}

/// As much of a header as is kept.
fn text(header: Option<&HeaderValue>) -> Cow<'_, str> {
    match header.map(|value| String::from_utf8_lossy(value.as_bytes())) {
        Some(Cow::Borrowed(text)) => Cow::Borrowed(cut(text, MAX_HEADER)),
        Some(Cow::Owned(text)) => Cow::Owned(cut(&text, MAX_HEADER).to_owned()),
        None => Cow::Borrowed(""),
    }
}

/// The first so many characters.
fn cut(text: &str, length: usize) -> &str {
    if text.len() <= length {
        return text;
    }
    text.char_indices().nth(length).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// A URL with its file token made unreadable: whoever reads the logs should not be able to use it.
fn without_token(url: &str) -> Cow<'_, str> {
    let Some((path, query)) = url.split_once('?').filter(|(_, query)| query.contains("token=")) else {
        return Cow::Borrowed(url);
    };
    let hide = |pair: &str| if pair.starts_with("token=") { "token=***".to_owned() } else { pair.to_owned() };
    let pairs: Vec<String> = query.split('&').map(hide).collect();
    Cow::Owned(format!("{path}?{}", pairs.join("&")))
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
