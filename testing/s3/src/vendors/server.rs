use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use parking_lot::Mutex;

use super::bucket::{Bucket, Reply, failure};
use super::request::decode;
use super::{Request, Vendor};
use crate::served::Served;

/// A running server, which is a proxy for its clients. It ends with the value.
#[derive(Debug)]
pub struct VendorServer {
    served: Served,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// By the name of their hosts.
    buckets: Mutex<BTreeMap<String, Bucket>>,
    refusals: Mutex<Vec<String>>,
    log: Mutex<Vec<String>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl VendorServer {
    /// Starts a server with nothing in it; a bucket is there when it is asked for.
    ///
    /// # Panics
    /// When there is no port.
    #[expect(clippy::new_without_default, reason = "each is a new one")]
    pub fn new() -> Self {
        let state = Arc::<State>::default();
        let shared = Arc::clone(&state);
        let served = Served::start(move |request| answer(Arc::clone(&shared), request));
        Self { served, state }
    }

    /// What the environment variable `http_proxy` of a client has to be.
    pub fn proxy(&self) -> String {
        format!("http://{}", self.served.address())
    }

    /// The keys in a bucket, in their order.
    pub fn keys(&self, vendor: Vendor, bucket: &str) -> Vec<String> {
        let buckets = self.state.buckets.lock();
        let found = buckets.get(&format!("{bucket}.{}", vendor.endpoint()));
        found.map(|bucket| bucket.objects.keys().cloned().collect()).unwrap_or_default()
    }

    /// What was refused because it was not signed as it has to be.
    pub fn refusals(&self) -> Vec<String> {
        self.state.refusals.lock().clone()
    }

    /// What was asked and found to be signed well, each as `METHOD host/path?query`.
    pub fn log(&self) -> Vec<String> {
        self.state.log.lock().clone()
    }
}

async fn answer(
    state: Arc<State>,
    request: http::Request<Incoming>,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return Ok(failure(StatusCode::BAD_REQUEST, "IncompleteBody").map(Full::new));
    };
    // A proxy is told the host within the line of the request.
    let host = head.uri.host().unwrap_or_default().to_owned();
    let query = head.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    };
    let request = Request {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: query.map(pair).collect(),
        headers: head.headers,
        body: body.to_bytes(),
    };
    let line = format!("{} {host}{}", head.method, head.uri.path_and_query().map_or("/", |all| all.as_str()));
    Ok(state.reply(&host, &request, line).map(Full::new))
}

impl State {
    fn reply(&self, host: &str, request: &Request, line: String) -> Reply {
        let Some((vendor, name)) = Vendor::of_host(host) else {
            self.refusals.lock().push(format!("{line}: no bucket"));
            return failure(StatusCode::NOT_FOUND, "NoSuchBucket");
        };
        if let Err(reason) = vendor.check(name, request) {
            self.refusals.lock().push(format!("{line}: {reason}"));
            return failure(StatusCode::FORBIDDEN, reason.split(':').next().unwrap_or_default());
        }
        self.log.lock().push(line);
        self.buckets.lock().entry(host.to_owned()).or_default().answer(vendor, name, request)
    }
}
