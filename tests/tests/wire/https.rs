//! TLS with a certificate of one's own, and plain HTTP beside it. Fetching certificates needs an ACME server.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

use baibase_tests::{Output, Setup, run};
use reqwest::{Certificate, Client, StatusCode};
use tempfile::TempDir;

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
    let (certificate, key) = (identity.file("cert.pem"), identity.file("key.pem"));
    let port = free_port();
    let server = Setup::new()
        .arg(&format!("--https=localhost:{port}"))
        .arg(&format!("--tls-cert={}", certificate.display()))
        .arg(&format!("--tls-key={}", key.display()))
        .start()
        .await;
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
