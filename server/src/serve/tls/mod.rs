//! TLS: certificates from files or from an ACME server, and the way of plain HTTP to it.

mod acme;
mod files;
mod redirect;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use self::acme::Certificates;
pub(super) use self::redirect::{Names, to_https, without_www};
use crate::cli::Serve;
use crate::error::Error;

/// The protocols that are spoken over TLS, the preferred one first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// How long a client may take to agree on keys; with certificates that are only fetched then, the time for that comes
/// on top.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// What a connection with TLS needs.
#[derive(Clone)]
pub(super) enum Tls {
    /// A certificate that somebody provides.
    Provided(Arc<ServerConfig>),
    /// Certificates that are fetched, one for each name of the server.
    Fetched(Arc<Certificates>),
}

impl Tls {
    /// What the options ask for. Fetched certificates are kept in `cache`.
    pub(super) fn new(options: &Serve, names: &Names, cache: &Path) -> Result<Self, Error> {
        match (&options.tls_cert, &options.tls_key) {
            (Some(certificate), Some(key)) => Ok(Self::Provided(files::config(certificate, key)?)),
            _ => Ok(Self::Fetched(Arc::new(Certificates::new(names, &options.acme_directory, cache)?))),
        }
    }

    /// Agrees on keys with a client. `None` for one that only wanted to see who has a name.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<Option<TlsStream<TcpStream>>> {
        let hello = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream);
        let hello = within(HANDSHAKE, hello).await?;
        let config = match self {
            Self::Provided(config) => Arc::clone(config),
            Self::Fetched(certificates) => {
                let name = hello.client_hello().server_name().map(str::to_ascii_lowercase);
                let of_name = certificates.of(name.as_deref())?;
                if rustls_acme::is_tls_alpn_challenge(&hello.client_hello()) {
                    let mut stream = within(HANDSHAKE, hello.into_stream(of_name.challenge())).await?;
                    stream.shutdown().await?;
                    return Ok(None);
                }
                of_name.ready().await?
            }
        };
        within(HANDSHAKE, hello.into_stream(config)).await.map(Some)
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Whether the client chose HTTP/2.
pub(super) fn speaks_http2(stream: &TlsStream<TcpStream>) -> bool {
    stream.get_ref().1.alpn_protocol() == Some(b"h2")
}
