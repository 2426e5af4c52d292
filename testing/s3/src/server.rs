use std::convert::Infallible;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::{ACCESS_KEY, SECRET};

/// A running server. It ends with the value.
#[derive(Debug)]
pub struct S3Server {
    address: SocketAddr,
    folder: TempDir,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
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
        let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        socket.set_nonblocking(true).expect("a socket that does not block");
        let address = socket.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        // A thread of its own: tests have runtimes that stand still when they do something else.
        let thread = std::thread::spawn(move || run(socket, &service, &shared, stopped));
        Self { address, folder, state, stop: Some(stop), thread: Some(thread) }
    }

    /// The address for clients that name the bucket in the path.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
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

impl Drop for S3Server {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn run(
    socket: std::net::TcpListener,
    service: &S3Service,
    state: &Arc<State>,
    mut stopped: oneshot::Receiver<()>,
) {
    let listener = TcpListener::from_std(socket).expect("a listener");
    loop {
        let stream = tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => continue,
            },
        };
        let (service, state) = (service.clone(), Arc::clone(state));
        let handle = service_fn(move |request| answer(service.clone(), Arc::clone(&state), request));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), handle));
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
