//! What attackers try: PocketBase's published advisories, the security fixes of its releases, and what any server of
//! this kind has to expect.
//!
//! Cases that belong to a subject stand with it: CVE-2024-38351 and CVE-2026-44166 (accounts made in advance for
//! somebody else) in `oauth2_accounts`, forged and foreign tokens in `bad_tokens` and `logins::tokens`, mass assignment
//! in `logins::belongings` and `records`, names of uploads in `bad_uploads`, bombs in `backups`.

mod advisories;
mod headers;
mod ssrf;
mod traversal;
mod uploads;

use baibase_tests::{Reply, Server};
use reqwest::multipart::{Form, Part};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const RECORDS: &str = "/api/collections/papers/records";

/// A server with a collection of files that anybody may write and read.
async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let collection = json!({
        "name": "papers", "type": "base", "listRule": "", "viewRule": "", "createRule": "", "updateRule": "",
        "fields": [
            {"type": "file", "name": "scan", "thumbs": ["10x10"], "maxSize": 20_000_000},
            {"type": "editor", "name": "body", "maxSize": 10_000_000},
        ],
    });
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    (server, token)
}

/// Uploads a file and gives the path to it.
async fn upload(server: &Server, name: &str, bytes: &[u8]) -> String {
    let part = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    path_of(&server.post(RECORDS).form(Form::new().part("scan", part)).send().await.expect(200))
}

fn path_of(record: &Reply) -> String {
    format!("/api/files/papers/{}/{}", record.at("/id"), record.at("/scan"))
}

/// Sends the first line of a request as it is, for clients tidy up, and gives the reply.
async fn raw(server: &Server, line: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let request = format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await.unwrap();
    String::from_utf8_lossy(&reply).into_owned()
}
