//! Broken multipart bodies, tricks in file names, and paths that want out of the storage.

use baibase_tests::{Reply, Server, register, validate};
use reqwest::multipart::{Form, Part};
use serde_json::json;

const ATTACHMENTS: &str = "/api/collections/tbl_attachments/records";

async fn start() -> (Server, String) {
    let server = Server::start().await;
    let token = register(&server, "13800138000").await.at("/token").to_owned();
    (server, token)
}

async fn raw(server: &Server, token: &str, content_type: &str, body: impl Into<reqwest::Body>) -> Reply {
    server.post(ATTACHMENTS).token(token).body(content_type, body).send().await
}

#[tokio::test]
async fn broken_multipart_is_400() {
    let (server, token) = start().await;
    let part =
        "--B\r\nContent-Disposition: form-data; name=\"attachments_link\"; filename=\"a.txt\"\r\n\r\nhello";
    let bodies = [
        ("multipart/form-data; boundary=B", part.to_owned()),
        ("multipart/form-data; boundary=B", format!("{part}\r\n--B")),
        ("multipart/form-data; boundary=B", format!("{part}\r\n--OTHER--\r\n")),
        ("multipart/form-data; boundary=B", "--B\r\nnonsense\r\n\r\nx\r\n--B--\r\n".to_owned()),
        ("multipart/form-data; boundary=B", "nonsense".to_owned()),
        ("multipart/form-data", format!("{part}\r\n--B--\r\n")),
        ("multipart/form-data; boundary=", format!("{part}\r\n--B--\r\n")),
        (
            "multipart/form-data; boundary=B",
            format!("--B\r\n{}\r\n\r\nx\r\n--B--\r\n", "X-Header: y\r\n".repeat(2_000)),
        ),
    ];
    for (content_type, body) in bodies {
        let reply = raw(&server, &token, content_type, body.clone()).await;
        let shown: String = body.chars().take(80).collect();
        assert_eq!(reply.status, 400, "{content_type} {shown:?}: {}", reply.text());
        validate("native-error", &reply.json);
    }
    let list = server.get(ATTACHMENTS).send().await.expect(200);
    assert_eq!(list["totalItems"], 0);
    assert!(stored(&server).is_empty(), "{:?}", stored(&server));
}

/// Everything in the storage.
fn stored(server: &Server) -> Vec<std::path::PathBuf> {
    fn walk(folder: &std::path::Path, into: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, into) } else { into.push(path) }
        }
    }
    let mut files = Vec::new();
    walk(&server.data().join("storage"), &mut files);
    files
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let (server, token) = start().await;
    let start =
        b"--B\r\nContent-Disposition: form-data; name=\"attachments_link\"; filename=\"a.bin\"\r\n\r\n"
            .to_vec();
    let chunks = vec![Ok(start), Ok(vec![b'x'; 1 << 20]), Err(std::io::Error::other("the client is gone"))];
    let stream = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    let call = server.post(ATTACHMENTS).token(&token).body("multipart/form-data; boundary=B", stream);
    assert!(call.try_send().await.is_err());
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(stored(&server).is_empty(), "{:?}", stored(&server));
    assert_eq!(server.get(ATTACHMENTS).send().await.expect(200)["totalItems"], 0);
}

#[tokio::test]
async fn file_names_stay_inside_the_storage() {
    let (server, token) = start().await;
    let long = format!("{}.txt", "x".repeat(5000));
    let names = [
        "../../../evil.txt",
        "..\\..\\evil.txt",
        "/etc/passwd",
        "C:\\evil.txt",
        "a\u{0}b.txt",
        ".",
        "..",
        ".hidden",
        "名字.txt",
        "a/b/c",
        "a\"b.txt",
        "%2e%2e%2fevil",
        "con",
        &long,
    ];
    for name in names {
        let part = Part::bytes(b"x".to_vec()).file_name(name.to_owned());
        let upload = server
            .post(ATTACHMENTS)
            .token(&token)
            .form(Form::new().part("attachments_link", part))
            .send()
            .await;
        // A name of 5000 characters does not fit the field that keeps it.
        assert!([200, 400].contains(&upload.status), "{name:?}: {}", upload.text());
        if upload.status == 200 {
            let stored = upload.at("/attachments_link");
            let safe = stored.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
            assert!(safe && !stored.starts_with('.') && stored.len() < 150, "{name:?} became {stored:?}");
            let path = format!("/api/files/tbl_attachments/{}/{stored}", upload.at("/id"));
            assert_eq!(server.get(&path).send().await.expect(200).text(), "x");
        }
    }
    let storage = server.data().join("storage");
    assert!(stored(&server).iter().all(|path| path.starts_with(&storage)));
    for place in ["evil.txt", "../evil.txt", "../../evil.txt"] {
        assert!(!server.data().join(place).exists());
    }
}

#[tokio::test]
async fn downloads_stay_inside_the_storage() {
    let (server, token) = start().await;
    let part = Part::bytes(b"x".to_vec()).file_name("a.txt");
    let upload =
        server.post(ATTACHMENTS).token(&token).form(Form::new().part("attachments_link", part)).send().await;
    let upload = upload.expect(200);
    let (id, name) = (upload.at("/id"), upload.at("/attachments_link"));
    let collection = upload.at("/collectionId");
    for path in [
        format!("tbl_attachments/{id}/..%2f..%2f..%2fdata.db"),
        format!("tbl_attachments/{id}/%2e%2e%2f{id}%2f{name}"),
        format!("tbl_attachments/..%2f..%2fdata.db/{name}"),
        format!("tbl_attachments/{id}/{name}.attrs"),
        format!("tbl_attachments/{id}/%2fetc%2fpasswd"),
        format!("tbl_attachments/{id}/{name}%00"),
        format!("tbl_attachments/{id}/%ff"),
        format!("tbl_attachments/{id}/"),
        format!("tbl_attachments/{id}/."),
        format!("tbl_company/{id}/{name}"),
        format!("{collection}/aaaaaaaaaaaaaaa/{name}"),
        format!("nosuch/{id}/{name}"),
    ] {
        let reply = server.get(&format!("/api/files/{path}")).send().await;
        assert!([400, 404].contains(&reply.status), "{path}: {} {}", reply.status, reply.text());
    }
    server.get(&format!("/api/files/{collection}/{id}/{name}")).send().await.expect(200);
}

#[tokio::test]
async fn a_json_body_cannot_name_another_records_file() {
    let (server, token) = start().await;
    let part = Part::bytes(b"x".to_vec()).file_name("a.txt");
    let first =
        server.post(ATTACHMENTS).token(&token).form(Form::new().part("attachments_link", part)).send().await;
    let first = first.expect(200);
    for name in [first.at("/attachments_link"), "../x", "x"] {
        let reply =
            server.post(ATTACHMENTS).token(&token).json(&json!({"attachments_link": name})).send().await;
        assert_eq!(reply.expect(400).at("/data/attachments_link/code"), "validation_invalid_file");
    }
}
