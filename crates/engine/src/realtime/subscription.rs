use std::sync::Arc;

use filter::fields::Fields;
use filter::{Expr, expand};
use query::Context;
use serde_json::{Map, Value};

use crate::{Record, Request};

/// What a client wants to hear of: a topic, and options for what is sent and to whom.
///
/// The topic `<collection>/*` is about all records that the list rule shows, `<collection>/<id>` about a record that
/// the view rule shows, where a collection goes by its name or its id. `<collection>` alone means the first.
/// Everything else is a topic of an extension.
#[derive(Debug)]
pub struct Subscription {
    name: Arc<str>,
    /// The bytes of the name that are the topic.
    topic: usize,
    /// What rules see: a GET request with the options of the subscription, of nobody.
    pub(super) request: Request,
    pub(super) filter: Filter,
    pub(super) fields: Option<Fields>,
}

/// A condition that the records of a subscription have to meet beside the rule.
#[derive(Debug)]
pub(super) enum Filter {
    None,
    Condition {
        expr: Expr,
        /// Whether it looks at more than the record.
        is_far: bool,
        /// Whether it looks at what only superusers may look at.
        is_restricted: bool,
    },
    /// It is no filter: nothing meets it.
    Broken,
}

impl Subscription {
    /// A subscription by its full name, which is also that of its events: the topic, and from the first `?` on
    /// whatever the client added. `query` and `headers` (in lower case, with `_` for `-`) are the options in it, texts
    /// by name: `filter`, `expand` and `fields` as in requests, others for rules to look at.
    pub fn new(name: &str, query: Map<String, Value>, headers: Map<String, Value>) -> Self {
        let request = Request {
            context: Context::Realtime,
            method: "GET".to_owned(),
            query,
            headers: headers.into(),
            ..Request::default()
        };
        let fields = match request.parameter("fields") {
            "" => None,
            // What cannot be understood picks nothing out.
            text => filter::fields::parse(text).ok(),
        };
        let topic = name.find('?').unwrap_or(name.len());
        Self { name: name.into(), topic, filter: Filter::new(&request), fields, request }
    }

    /// The full name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name without options.
    pub fn topic(&self) -> &str {
        self.name.get(..self.topic).unwrap_or_default()
    }

    pub(super) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// The request of a client with this subscription.
    pub(super) fn request_of(&self, auth: Option<Arc<Record>>) -> Request {
        Request { auth, ..self.request.clone() }
    }

    /// Whether other collections than that of the records may decide on what is sent.
    pub(super) fn is_far(&self) -> bool {
        let expands = !expand::parse(self.request.parameter("expand")).is_empty();
        expands || matches!(self.filter, Filter::Condition { is_far: true, .. })
    }
}

impl Filter {
    fn new(request: &Request) -> Self {
        let text = request.parameter("filter");
        if text.is_empty() {
            return Self::None;
        }
        let restricted = |name| query::restricted_root(request.parameter(name)).is_some();
        match filter::parse(text) {
            Ok(expr) => Self::Condition {
                expr,
                // Relations have dots, and so have numbers; to take those for relations costs little.
                is_far: text.contains(['.', '@']),
                is_restricted: restricted("filter") || restricted("sort"),
            },
            Err(error) => {
                tracing::debug!(%error, "the filter of a subscription cannot be read");
                Self::Broken
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn with(query: Value) -> Subscription {
        let Value::Object(query) = query else { panic!("an object") };
        Subscription::new("posts/*?options=x?y", query, Map::new())
    }

    #[test]
    fn the_topic_ends_at_the_first_question_mark() {
        let subscription = with(json!({}));
        assert_eq!((subscription.topic(), subscription.name()), ("posts/*", "posts/*?options=x?y"));
        assert_eq!(Subscription::new("posts", Map::new(), Map::new()).topic(), "posts");
    }

    #[test]
    fn what_looks_at_others_is_far() {
        assert!(!with(json!({"filter": "title = 'x'", "fields": "id"})).is_far());
        assert!(with(json!({"filter": "author.name = 'x'"})).is_far());
        assert!(with(json!({"expand": "author"})).is_far());
        let restricted = with(json!({"filter": "title = 'x' || @request.auth.id = ''"}));
        assert!(matches!(restricted.filter, Filter::Condition { is_restricted: true, is_far: true, .. }));
        assert!(matches!(with(json!({"filter": "title ="})).filter, Filter::Broken));
    }
}
