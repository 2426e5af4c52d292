//! The requests.

use std::error::Error;

use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE, HOST, USER_AGENT};
use axum::http::{Request, request::Builder};
use serde_json::Value;

use crate::service::{OWNERS, POSTS, owner_id, post_id};

/// The path of the records.
const RECORDS: &str = "/api/collections/posts/records";

/// How many records a list has.
const PAGE: usize = 30;

/// How many filters return, as an application has some of them.
const FILTERS: u32 = 20;

/// Requests of one kind.
pub(crate) struct Kind {
    /// What it is called on the command line and where its count is recorded.
    pub(crate) name: &'static str,
    /// The request of a round.
    pub(crate) request: fn(u32) -> Result<Request<Body>, axum::http::Error>,
    /// How many records a reply has.
    records: usize,
}

/// The three that matter most.
pub(crate) const KINDS: &[Kind] = &[
    Kind { name: "by_id", request: by_id, records: 1 },
    Kind { name: "list", request: list, records: PAGE },
    Kind { name: "create", request: create, records: 1 },
];

impl Kind {
    /// Fails when a reply has not the records that it should have: what is counted would be something else.
    pub(crate) fn check(&self, reply: &[u8]) -> Result<(), Box<dyn Error>> {
        let reply: Value = serde_json::from_slice(reply)?;
        let records = match reply.get("items") {
            Some(items) => items.as_array().map_or(0, Vec::len),
            None => usize::from(reply.get("title").is_some()),
        };
        if records == self.records {
            return Ok(());
        }
        Err(format!("a reply to {} has {records} records instead of {}", self.name, self.records).into())
    }
}

/// One record by its id; everybody may see it.
fn by_id(round: u32) -> Result<Request<Body>, axum::http::Error> {
    let id = post_id(round * 7 % POSTS);
    from_client().uri(format!("{RECORDS}/{id}")).body(Body::empty())
}

/// A page of a list by an indexed filter and sort, without totals.
fn list(round: u32) -> Result<Request<Body>, axum::http::Error> {
    let least = 20_000 + round % FILTERS * 1_000;
    let filter = format!("published%3Dtrue%26%26views%3E%3D{least}");
    let query = format!("perPage={PAGE}&sort=-views&skipTotal=1&filter={filter}");
    from_client().uri(format!("{RECORDS}?{query}")).body(Body::empty())
}

/// A new record with a relation; everybody may create it.
fn create(round: u32) -> Result<Request<Body>, axum::http::Error> {
    let post = serde_json::json!({
        "title": format!("Post {}", 1_000_000 + round),
        "body": "The harbour was quiet in the morning, and the letter had not come. ".repeat(4),
        "views": 10_000 + round % 10_000,
        "published": true,
        "owner": owner_id(round % OWNERS),
    });
    let body = Body::from(post.to_string());
    from_client().method("POST").uri(RECORDS).header(CONTENT_TYPE, "application/json").body(body)
}

/// What comes with every request.
fn from_client() -> Builder {
    Request::builder().header(HOST, "127.0.0.1:8090").header(USER_AGENT, "counts").header(ACCEPT, "*/*")
}
