//! TLS with a certificate of one's own, and plain HTTP beside it. Fetching certificates needs an ACME server.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use baibase_tests::{Output, SUPERUSER, SUPERUSER_PASSWORD, Setup, run};
use h2::RecvStream;
use h2::client::SendRequest;
use reqwest::{Certificate, Client, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// A certificate for `localhost` and its key, in files.
struct Identity {
    folder: TempDir,
    certificate: String,
}

impl Identity {
    fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let folder = TempDir::new().unwrap();
        let certificate = made.cert.pem();
        fs::write(folder.path().join("cert.pem"), &certificate).unwrap();
        fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        Self { folder, certificate }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A server that shows the certificate on this port.
    fn setup(&self, port: u16) -> Setup {
        Setup::new()
            .arg(&format!("--https=localhost:{port}"))
            .arg(&format!("--tls-cert={}", self.file("cert.pem").display()))
            .arg(&format!("--tls-key={}", self.file("key.pem").display()))
    }

    fn client(&self) -> Client {
        let root = Certificate::from_pem(self.certificate.as_bytes()).unwrap();
        Client::builder().no_proxy().tls_certs_only([root]).build().unwrap()
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn the_api_is_served_over_tls_and_plain_http_leads_there() {
    let identity = Identity::new();
    let port = free_port();
    let server = identity.setup(port).start().await;
    let url = format!("https://localhost:{port}/api/health");
    let client = identity.client();
    let reply = client.get(&url).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
    assert_eq!(reply.json::<serde_json::Value>().await.unwrap()["message"], "API is healthy.");

    let plain = server.get("/api/health?a=1").send().await;
    assert_eq!(plain.status, 302);
    assert_eq!(plain.header("location"), "https://127.0.0.1/api/health?a=1");
    assert_eq!(server.post("/api/collections").send().await.status, 400);

    // Somebody who does not know the certificate, and somebody who speaks no TLS at all.
    assert!(Client::builder().no_proxy().build().unwrap().get(&url).send().await.is_err());
    assert!(client.get(url.replace("https", "http")).send().await.is_err());
    assert_eq!(client.get(&url).send().await.unwrap().status(), StatusCode::OK);
}

/// A connection that speaks HTTP/2 over TLS.
struct Http2 {
    requests: SendRequest<Bytes>,
    base: String,
}

impl Http2 {
    async fn connect(identity: &Identity, port: u16) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(identity.certificate.as_bytes()).unwrap()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let stream = TcpStream::connect(("localhost", port)).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (requests, connection) = h2::client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        Self { requests, base: format!("https://localhost:{port}") }
    }

    /// Sends a request and waits for the head of the reply.
    async fn send(&self, method: &str, path: &str, token: &str, body: &Value) -> Stream {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("authorization", token)
            .header("content-type", "application/json");
        let mut requests = self.requests.clone().ready().await.unwrap();
        let (reply, mut sent) = requests.send_request(request.body(()).unwrap(), body.is_null()).unwrap();
        if !body.is_null() {
            sent.send_data(body.to_string().into(), true).unwrap();
        }
        let (head, body) = reply.await.unwrap().into_parts();
        assert!(head.status.is_success(), "{method} {path}: {}", head.status);
        Stream { body, read: String::new() }
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> Value {
        let text = self.send("POST", path, token, &body).await.all().await;
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }
}

/// The body of a reply as it comes.
struct Stream {
    body: RecvStream,
    read: String,
}

impl Stream {
    async fn more(&mut self) -> bool {
        let Some(bytes) = self.body.data().await else { return false };
        let bytes = bytes.unwrap();
        self.body.flow_control().release_capacity(bytes.len()).unwrap();
        self.read.push_str(std::str::from_utf8(&bytes).unwrap());
        true
    }

    async fn all(mut self) -> String {
        while self.more().await {}
        self.read
    }

    /// What comes until `end`.
    async fn until(&mut self, end: &str, patience: Duration) -> String {
        let came = timeout(patience, async {
            while !self.read.contains(end) {
                assert!(self.more().await, "the stream ended after {:?}", self.read);
            }
        });
        came.await.unwrap_or_else(|_| panic!("no {end:?} within {patience:?}"));
        let rest = self.read.split_off(self.read.find(end).unwrap() + end.len());
        std::mem::replace(&mut self.read, rest)
    }
}

/// Requests share one connection with a stream of events, which stays alive while nothing happens.
#[tokio::test]
async fn events_come_over_http2() {
    const SOON: Duration = Duration::from_secs(10);
    let identity = Identity::new();
    let port = free_port();
    let _server = identity.setup(port).superuser().start().await;
    let connection = Http2::connect(&identity, port).await;
    let credentials = json!({"identity": SUPERUSER, "password": SUPERUSER_PASSWORD});
    let login = connection.post("/api/collections/_superusers/auth-with-password", "", credentials).await;
    let token = login["token"].as_str().unwrap();
    let posts = json!({"name": "posts", "type": "base", "fields": [{"name": "title", "type": "text"}]});
    connection.post("/api/collections", token, posts).await;

    let mut events = connection.send("GET", "/api/realtime", "", &Value::Null).await;
    let hello = events.until("\n\n", SOON).await;
    let id = hello.lines().next().and_then(|line| line.strip_prefix("id:")).unwrap();
    assert!(hello.contains("event:PB_CONNECT"), "{hello}");
    let wanted = json!({"clientId": id, "subscriptions": ["posts/*"]});
    connection.post("/api/realtime", token, wanted).await;
    connection.post("/api/collections/posts/records", token, json!({"title": "over h2"})).await;
    let event = events.until("\n\n", SOON).await;
    assert!(event.starts_with(&format!("id:{id}\nevent:posts/*\ndata:{{")), "{event}");
    assert!(event.contains("over h2") && event.contains(r#""action":"create""#), "{event}");
    // A comment every 30 seconds.
    assert_eq!(events.until("\n", Duration::from_secs(40)).await, ":\n");
}

fn refused(args: &[&str]) -> Output {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("pb_data");
    let mut all = vec!["serve", "--http", "127.0.0.1:0", "--dir", data.to_str().unwrap()];
    all.extend(args);
    let output = run(&all, &[]);
    assert!(output.code.is_some_and(|code| code != 0), "{output:?}");
    output
}

#[test]
fn what_is_missing_for_tls_is_said() {
    assert!(refused(&["--https", "127.0.0.1:0"]).stderr.contains("needs the names"));
    assert!(refused(&["--https", "127.0.0.1:0", "--tls-cert", "a.pem"]).stderr.contains("--tls-key"));
    let identity = Identity::new();
    let (certificate, key) = (identity.file("cert.pem"), identity.file("missing.pem"));
    let files = ["--tls-cert", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let output = refused(&[&["--https", "127.0.0.1:0"], &files[..]].concat());
    assert!(output.stderr.contains("missing.pem cannot be used for TLS"), "{output:?}");
}
