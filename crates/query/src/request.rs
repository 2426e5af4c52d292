use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use schema::Collection;
use serde_json::{Map, Value};

use crate::Headers;

/// What rules and filters can know of a request.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// On which way it came.
    pub context: Context,
    /// The HTTP method in capitals.
    pub method: &'a str,
    /// The query parameters; of several of one name the first.
    pub query: &'a Map<String, Value>,
    /// The headers.
    pub headers: &'a Headers,
    /// The body. On create and update, the fields of the collection are in it with the values that they will have.
    pub body: &'a Map<String, Value>,
    /// The record whose token came with the request; `None` for a guest.
    pub auth: Option<Caller<'a>>,
    /// Whether rules are skipped and hidden fields can be used.
    pub is_superuser: bool,
    /// What `@now` and its like are.
    pub now: Timestamp,
}

/// The record whose token came with a request. These of its values are bound; all others are read in the query.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// The auth collection.
    pub collection: &'a Arc<Collection>,
    /// The record's id.
    pub id: &'a str,
    /// Its e-mail address.
    pub email: &'a str,
    /// Whether everybody may see the address.
    pub email_visibility: bool,
    /// Whether the address is confirmed.
    pub verified: bool,
}

/// On which way a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Context {
    /// Any other.
    #[default]
    Default,
    /// A record is expanded in a reply.
    Expand,
    /// A change is sent to subscribers.
    Realtime,
    /// A protected file is downloaded.
    ProtectedFile,
    /// A part of a batch.
    Batch,
    /// A login through another service.
    OAuth2,
    /// A login by a one-time password.
    Otp,
    /// A login by password.
    Password,
}

impl Context {
    /// What `@request.context` is.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Expand => "expand",
            Self::Realtime => "realtime",
            Self::ProtectedFile => "protectedFile",
            Self::Batch => "batch",
            Self::OAuth2 => "oauth2",
            Self::Otp => "otp",
            Self::Password => "password",
        }
    }
}

static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
static NO_HEADERS: LazyLock<Headers> = LazyLock::new(Headers::default);

/// A guest's request without a query, headers and body, at the Unix epoch.
impl Default for Request<'_> {
    fn default() -> Self {
        Self {
            context: Context::Default,
            method: "",
            query: &EMPTY,
            headers: &NO_HEADERS,
            body: &EMPTY,
            auth: None,
            is_superuser: false,
            now: Timestamp::UNIX_EPOCH,
        }
    }
}

/// What only superusers may name in a client's `filter` or `sort`: the first of `@collection.` and `@request.` that
/// the text holds anywhere, in quotes too.
pub fn restricted_root(text: &str) -> Option<&'static str> {
    ["@collection.", "@request."].into_iter().find(|root| text.contains(root))
}
