use std::convert::Infallible;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;
use parking_lot::Mutex;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tempfile::TempDir;

use crate::served::Served;
use crate::{ACCESS_KEY, SECRET};

/// A running server. It ends with the value.
#[derive(Debug)]
pub struct S3Server {
    served: Served,
    folder: TempDir,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What was asked, each as `METHOD path?query range`.
    log: Mutex<Vec<String>>,
    /// How many of the next requests fail.
    failures: Mutex<usize>,
}

type Body = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

impl S3Server {
    /// Starts a server with nothing in it.
    ///
    /// # Panics
    /// When there is no port or no temporary folder.
    #[expect(clippy::new_without_default, reason = "each is a new one")]
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let files = s3s_fs::FileSystem::new(folder.path()).expect("a store in the folder");
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET));
        let (service, state) = (builder.build(), Arc::<State>::default());
        let shared = Arc::clone(&state);
        let served = Served::start(move |request| answer(service.clone(), Arc::clone(&shared), request));
        Self { served, folder, state }
    }

    /// The address for clients that name the bucket in the path.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.served.address())
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.served.address().port()
    }

    /// Makes a bucket.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn make_bucket(&self, name: &str) {
        fs::create_dir(self.folder.path().join(name)).expect("a new bucket");
    }

    /// The keys of a bucket, in their order.
    pub fn keys(&self, bucket: &str) -> Vec<String> {
        let root = self.folder.path().join(bucket);
        let (mut folders, mut keys) = (vec![root.clone()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                match path.strip_prefix(&root) {
                    _ if path.is_dir() => folders.push(path),
                    Ok(key) => keys.push(key.to_string_lossy().into_owned()),
                    Err(_) => {}
                }
            }
        }
        keys.sort();
        keys
    }

    /// The content of an object, if it is there.
    pub fn object(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.path().join(bucket).join(key)).ok()
    }

    /// Where the object is on the disk.
    pub fn path(&self, bucket: &str, key: &str) -> PathBuf {
        self.folder.path().join(bucket).join(key)
    }

    /// What was asked since the last time, each as `METHOD path?query`, with the range after it where there was one.
    pub fn take_log(&self) -> Vec<String> {
        std::mem::take(&mut *self.state.log.lock())
    }

    /// The next requests, so many, are answered with 503, as a busy store does.
    pub fn fail(&self, requests: usize) {
        *self.state.failures.lock() = requests;
    }
}

async fn answer(
    service: S3Service,
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let range = request.headers().get("range").and_then(|range| range.to_str().ok());
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let line = [request.method().as_str(), target].into_iter().chain(range).collect::<Vec<_>>().join(" ");
    state.log.lock().push(line);
    let fails = {
        let mut failures = state.failures.lock();
        let fails = *failures > 0;
        *failures = failures.saturating_sub(1);
        fails
    };
    if fails {
        return Ok(failure(
            "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
        ));
    }
    match service.call(request.map(s3s::Body::from)).await {
        Ok(response) => Ok(response.map(|body| body.map_err(Into::into).boxed_unsync())),
        Err(_) => Ok(failure("<Error><Code>InternalError</Code></Error>")),
    }
}

fn failure(text: &'static str) -> Response<Body> {
    let body = http_body_util::Full::new(Bytes::from_static(text.as_bytes()));
    let mut response = Response::new(body.map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}
