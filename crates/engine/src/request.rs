use std::sync::Arc;

use jiff::Timestamp;
use query::{Caller, Context, Headers};
use serde_json::{Map, Value};

use crate::Record;

/// Who asks for what: what rules and filters can look at, and hooks with them.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// On which way the request came; rules see it as `@request.context`.
    pub context: Context,
    /// The HTTP method in capitals.
    pub method: String,
    /// The query parameters; of several of one name the first.
    pub query: Map<String, Value>,
    /// The headers.
    pub headers: Headers,
    /// The fields of the body.
    pub body: Map<String, Value>,
    /// The record whose token came with the request; `None` for a guest.
    pub auth: Option<Arc<Record>>,
    /// The client's address, as far as it is known.
    pub ip: String,
}

impl Request {
    /// A request of the service itself: it may do everything, as a superuser may, but it is nobody.
    pub fn internal() -> Self {
        Self { method: "POST".to_owned(), ..Self::default() }
    }

    /// The same request with another body.
    pub(crate) fn with_body(&self, body: Map<String, Value>) -> Self {
        let Self { context, method, query, headers, body: _, auth, ip } = self;
        Self {
            context: *context,
            method: method.clone(),
            query: query.clone(),
            headers: headers.clone(),
            body,
            auth: auth.clone(),
            ip: ip.clone(),
        }
    }

    /// A query parameter; empty when it is missing.
    pub fn parameter(&self, name: &str) -> &str {
        self.query.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// A header by its name in lower case and with `_` for `-`; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// What rules and filters can know of it, at this time.
    pub(crate) fn for_rules(&self, now: Timestamp) -> query::Request<'_> {
        query::Request {
            context: self.context,
            method: &self.method,
            query: &self.query,
            headers: &self.headers,
            body: &self.body,
            auth: self.auth.as_deref().map(|record| Caller {
                collection: record.collection(),
                id: record.id(),
                email: record.text("email"),
                email_visibility: record.flag("emailVisibility"),
                verified: record.flag("verified"),
            }),
            is_superuser: self.is_superuser(),
            now,
        }
    }

    /// Whether the caller is a superuser.
    pub fn is_superuser(&self) -> bool {
        self.auth.as_deref().is_some_and(Record::is_superuser)
    }
}
