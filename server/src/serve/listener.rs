//! Connections: accepted until the server stops, then finished within a bound.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt;

use super::impatient::Impatient;
use super::tls::{self, Tls};
use crate::cli::ListenAddress;
use crate::error::Error;

/// How long the head of a request may take to arrive, and a connection may stay without a request. Proxies keep
/// theirs for 60 s: who gives up first must not be the server, or a request on its way would be lost.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// How long to wait when the system cannot take more connections: it has no files left, for example.
const EXHAUSTED: Duration = Duration::from_secs(1);

/// How long a client may take nothing of what is sent to it.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Says once and for all that the server stops.
pub(super) type Stop = watch::Receiver<bool>;

/// Why a connection ended before its time.
type Broken = Box<dyn std::error::Error + Send + Sync>;

/// An address that is listened on. Connections wait until they are [served](Self::serve).
pub(super) struct Listener {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Listens on an address; on any free port for port 0.
    pub(super) async fn bind(address: &ListenAddress) -> Result<Self, Error> {
        let bind = async || {
            let socket = address.bind().await?;
            let address = socket.local_addr()?;
            Ok(Self { socket, address })
        };
        bind().await.map_err(|cause| Error::Bind { address: address.clone(), cause })
    }

    /// The address with the port that was found.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same address once more: connections wait for whoever serves first, until both are gone.
    #[cfg(unix)]
    pub(super) fn duplicate(&self) -> io::Result<Self> {
        use std::os::fd::AsFd;

        let socket = std::net::TcpListener::from(self.socket.as_fd().try_clone_to_owned()?);
        Ok(Self { socket: TcpListener::from_std(socket)?, address: self.address })
    }

    /// Always an error.
    #[cfg(not(unix))]
    pub(super) fn duplicate(&self) -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Serves until `stop`, then until the requests that are under way have been answered, for at most `grace`.
    ///
    /// With `tls`, connections are encrypted.
    pub(super) async fn serve(self, router: Router, tls: Option<Tls>, stop: Stop, grace: Duration) {
        let mut connections = JoinSet::new();
        let mut stopped = pin!(stopped(stop.clone()));
        loop {
            tokio::select! {
                () = &mut stopped => break,
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, peer)) => {
                        connections.spawn(connection(stream, peer, tls.clone(), router.clone(), stop.clone()));
                    }
                    Err(error) => recover(&error).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
        drop(self.socket);
        let finished = async { while connections.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, finished).await.is_err() {
            tracing::warn!(
                connections = connections.len(),
                "requests were cut off: they took too long to finish"
            );
            connections.shutdown().await;
        }
    }
}

async fn stopped(mut stop: Stop) {
    // That nobody is left who could say it means the same.
    let _ = stop.wait_for(|stopped| *stopped).await;
}

/// A client that gave up is nobody's problem; anything else passes when others close connections.
async fn recover(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "a connection could not be accepted");
        tokio::time::sleep(EXHAUSTED).await;
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, tls: Option<Tls>, router: Router, stop: Stop) {
    // Replies are written in one piece: to hold the last packet back would only delay it.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, %peer, "TCP_NODELAY");
    }
    let ended = match tls {
        None => speak(stream, false, peer, router, stop).await,
        Some(tls) => match tls.accept(stream).await {
            Ok(Some(stream)) => speak_encrypted(stream, peer, router, stop).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error.into()),
        },
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection broke off");
    }
}

async fn speak_encrypted(
    stream: TlsStream<TcpStream>,
    peer: SocketAddr,
    router: Router,
    stop: Stop,
) -> Result<(), Broken> {
    let http2 = tls::speaks_http2(&stream);
    speak(stream, http2, peer, router, stop).await
}

/// Answers the requests of a connection.
async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    http2: bool,
    peer: SocketAddr,
    router: Router,
    stop: Stop,
) -> Result<(), Broken> {
    let service = service_fn(move |request| answer(router.clone(), peer, request));
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEAD_TIMEOUT);
    let builder = if http2 { builder.http2_only() } else { builder.http1_only() };
    let mut connection =
        pin!(builder.serve_connection(TokioIo::new(Impatient::new(stream, READ_TIMEOUT)), service));
    tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopped(stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    }
}

fn answer(
    router: Router,
    peer: SocketAddr,
    mut request: hyper::Request<Incoming>,
) -> impl Future<Output = Result<axum::response::Response, std::convert::Infallible>> {
    request.extensions_mut().insert(ConnectInfo(peer));
    let request: Request = request.map(Body::new);
    router.oneshot(request)
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::task::JoinHandle;
    use tokio::time::Instant;

    use super::*;

    const GRACE: Duration = Duration::from_millis(500);

    struct Server {
        address: SocketAddr,
        stop: watch::Sender<bool>,
        task: JoinHandle<()>,
    }

    async fn start() -> Server {
        let router = Router::new()
            .route(
                "/",
                get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
            )
            .route("/slow", get(|| tokio::time::sleep(GRACE / 2)))
            .route("/stuck", get(std::future::pending::<()>));
        let listener = Listener::bind(&"127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = listener.address();
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(listener.serve(router, None, stopped, GRACE));
        Server { address, stop, task }
    }

    async fn ask(server: &Server, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
        // The request is under way when the server is told to stop.
        tokio::time::sleep(GRACE / 10).await;
        stream
    }

    async fn rest(mut stream: TcpStream) -> String {
        let mut text = String::new();
        // A connection that was cut off may end with an error.
        let _ = stream.read_to_string(&mut text).await;
        text
    }

    /// How long the server takes to end once it is told to.
    async fn end(server: Server) -> Duration {
        let asked = Instant::now();
        server.stop.send(true).unwrap();
        server.task.await.unwrap();
        asked.elapsed()
    }

    #[tokio::test]
    async fn handlers_know_the_address_of_the_client() {
        let server = start().await;
        let stream = ask(&server, "/").await;
        assert!(end(server).await < GRACE / 2, "an idle connection is not waited for");
        assert!(rest(stream).await.ends_with("127.0.0.1"));
    }

    #[tokio::test]
    async fn a_running_request_is_finished_and_a_stuck_one_cut_off() {
        let server = start().await;
        let (slow, stuck) = (ask(&server, "/slow").await, ask(&server, "/stuck").await);
        let address = server.address;
        let took = end(server).await;
        assert!(took >= GRACE && took < GRACE * 3, "{took:?}");
        assert!(rest(slow).await.starts_with("HTTP/1.1 200 OK"));
        assert_eq!(rest(stuck).await, "");
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn a_connection_without_a_request_is_not_waited_for() {
        let server = start().await;
        let stream = TcpStream::connect(server.address).await.unwrap();
        tokio::time::sleep(GRACE / 10).await;
        assert!(end(server).await < GRACE / 2);
        drop(stream);
    }

    #[tokio::test]
    async fn a_port_is_taken_once() {
        let first = Listener::bind(&"127.0.0.1:0".parse().unwrap()).await.unwrap();
        let error = Listener::bind(&first.address().into()).await.err().unwrap();
        assert!(error.to_string().ends_with("the port is in use"), "{error}");
    }
}
