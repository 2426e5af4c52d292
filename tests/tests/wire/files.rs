//! Files: upload, stored names, download with its headers, protected files, removal.

use baibase_tests::{Reply, Server};
use reqwest::multipart::{Form, Part};
use serde_json::json;

const PATH: &str = "/api/collections/papers/records";

async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let collection = json!({
        "name": "papers", "type": "base", "listRule": "", "viewRule": "", "createRule": "", "updateRule": "", "deleteRule": "",
        "fields": [
            {"type": "text", "name": "title"},
            {"type": "file", "name": "scan", "maxSize": 1000, "mimeTypes": ["image/png", "text/plain"]},
            {"type": "file", "name": "pages", "maxSelect": 3},
        ],
    });
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    (server, token)
}

fn file(name: &str, bytes: &[u8]) -> Part {
    Part::bytes(bytes.to_vec()).file_name(name.to_owned())
}

async fn upload(server: &Server, form: Form) -> Reply {
    server.post(PATH).form(form).send().await
}

fn url(record: &Reply, name: &str) -> String {
    format!("/api/files/papers/{}/{name}", record.at("/id"))
}

#[tokio::test]
async fn an_upload_gets_a_safe_name() {
    let (server, _) = start().await;
    let cases = [
        ("My Photo (1).PNG", "my_photo_1_", ".png"),
        ("../../etc/passwd.txt", "passwd_", ".txt"),
        ("a.tar.gz", "a", ".tar.gz"),
    ];
    for (original, start, end) in cases {
        let record = upload(&server, Form::new().part("pages", file(original, b"content"))).await.expect(200);
        let name = record["pages"][0].as_str().unwrap();
        assert!(
            name.to_lowercase().starts_with(start) && name.to_lowercase().ends_with(end),
            "{original}: {name}"
        );
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)), "{name}");
        let stem = name.to_lowercase().strip_suffix(end).unwrap().to_owned();
        let random = stem.rsplit('_').next().unwrap();
        assert!(
            random.len() == 10
                && random.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        );
        let stored = server.data().join("storage").join(record.at("/collectionId")).join(record.at("/id"));
        assert_eq!(std::fs::read(stored.join(name)).unwrap(), b"content");
        assert!(stored.join(format!("{name}.attrs")).exists());
    }
}

#[tokio::test]
async fn a_download_has_careful_headers() {
    let (server, _) = start().await;
    let text = upload(&server, Form::new().part("scan", file("a.txt", b"0123456789"))).await.expect(200);
    let path = url(&text, text.at("/scan"));
    let reply = server.get(&path).send().await.expect(200);
    assert_eq!(reply.text(), "0123456789");
    assert_eq!(reply.header("content-type"), "text/plain; charset=utf-8");
    assert!(reply.header("content-disposition").starts_with("attachment;"));
    assert!(reply.header("content-security-policy").contains("sandbox"));
    assert_eq!(reply.header("cache-control"), "max-age=2592000, stale-while-revalidate=86400");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert_eq!(reply.header("x-frame-options"), "");
    assert!(!reply.header("last-modified").is_empty());
    let head = server.call(&reqwest::Method::HEAD, &path).send().await.expect(200);
    assert_eq!((head.header("content-length"), head.bytes.len()), ("10", 0));

    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
    let png = upload(&server, Form::new().part("scan", file("a.png", png))).await.expect(200);
    let path = url(&png, png.at("/scan"));
    let inline = server.get(&path).send().await.expect(200);
    assert_eq!(inline.header("content-type"), "image/png");
    assert!(inline.header("content-disposition").starts_with("inline;"));
    let forced = server.get(&format!("{path}?download=1")).send().await.expect(200);
    assert!(forced.header("content-disposition").starts_with("attachment;"));

    let html = upload(&server, Form::new().part("pages", file("a.html", b"<html><script>1</script>")))
        .await
        .expect(200);
    let html = server.get(&url(&html, html["pages"][0].as_str().unwrap())).send().await.expect(200);
    assert!(html.header("content-disposition").starts_with("attachment;"));
}

#[tokio::test]
async fn a_download_knows_ranges_and_conditions() {
    let (server, _) = start().await;
    let record = upload(&server, Form::new().part("scan", file("a.txt", b"0123456789"))).await.expect(200);
    let path = url(&record, record.at("/scan"));
    for (range, body, content_range) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=5-99", "56789", "bytes 5-9/10"),
    ] {
        let part = server.get(&path).header("Range", range).send().await.expect(206);
        assert_eq!((part.text().as_str(), part.header("content-range")), (body, content_range));
    }
    let beyond = server.get(&path).header("Range", "bytes=10-").send().await.expect(416);
    assert_eq!(beyond.header("content-range"), "bytes */10");
    let modified = server.get(&path).send().await.expect(200).header("last-modified").to_owned();
    let same = server.get(&path).header("If-Modified-Since", &modified).send().await.expect(304);
    assert!(same.bytes.is_empty());
    let old = server.get(&path).header("If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT").send().await;
    old.expect(200);
}

#[tokio::test]
async fn a_record_has_several_files() {
    let (server, _) = start().await;
    let form =
        Form::new().part("pages", file("a.txt", b"a")).part("pages", file("b.txt", b"b")).text("title", "t");
    let record = upload(&server, form).await.expect(200);
    assert_eq!((record["pages"].as_array().unwrap().len(), record.at("/title")), (2, "t"));
    let path = format!("{PATH}/{}", record.at("/id"));
    let first = record["pages"][0].as_str().unwrap();
    let added =
        server.patch(&path).form(Form::new().part("pages+", file("c.txt", b"c"))).send().await.expect(200);
    assert_eq!(added["pages"].as_array().unwrap().len(), 3);
    let removed = server.patch(&path).json(&json!({"pages-": [first]})).send().await.expect(200);
    assert_eq!(removed["pages"].as_array().unwrap().len(), 2);
    gone(&server, &url(&record, first)).await;
    let too_many = Form::new().part("pages+", file("d.txt", b"d")).part("pages+", file("e.txt", b"e"));
    let reply = server.patch(&path).form(too_many).send().await.expect(400);
    assert_eq!(reply.at("/data/pages/code"), "validation_too_many_files");
    server.delete(&path).send().await.expect(204);
    gone(&server, &url(&record, removed["pages"][0].as_str().unwrap())).await;
    let folder = server.data().join("storage").join(record.at("/collectionId")).join(record.at("/id"));
    assert!(!folder.exists());
}

/// A file that is removed after the commit is gone soon.
async fn gone(server: &Server, path: &str) {
    for _ in 0..100 {
        if server.get(path).send().await.status == 404 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{path} is still there");
}

#[tokio::test]
async fn refused_uploads_leave_nothing_behind() {
    let (server, _) = start().await;
    let big = upload(&server, Form::new().part("scan", file("a.txt", &[b'x'; 1001]))).await.expect(400);
    assert_eq!(big.at("/data/scan/code"), "validation_file_size_limit");
    let kind = upload(&server, Form::new().part("scan", file("a.png", b"%PDF-1.4\n"))).await.expect(400);
    assert_eq!(kind.at("/data/scan/code"), "validation_invalid_mime_type");
    let name = server.post(PATH).json(&json!({"scan": "nosuch.txt"})).send().await.expect(400);
    assert_eq!(name.at("/data/scan/code"), "validation_invalid_file");
    let duplicate = |id: &str| Form::new().text("id", id.to_owned()).part("scan", file("a.txt", b"x"));
    upload(&server, duplicate("aaaaaaaaaaaaaaa")).await.expect(200);
    upload(&server, duplicate("aaaaaaaaaaaaaaa")).await.expect(400);
    let storage = server.data().join("storage");
    let mut names = Vec::new();
    for collection in std::fs::read_dir(storage).unwrap() {
        for record in std::fs::read_dir(collection.unwrap().path()).unwrap() {
            names.extend(
                std::fs::read_dir(record.unwrap().path()).unwrap().map(|file| file.unwrap().file_name()),
            );
        }
    }
    assert_eq!(names.len(), 2, "one file and its attributes: {names:?}");
}

#[tokio::test]
async fn protected_files_need_a_file_token() {
    let (server, token) = start().await;
    let fields =
        json!([{"type": "text", "name": "title"}, {"type": "file", "name": "scan", "protected": true}]);
    let change = json!({"fields": fields, "viewRule": "@request.auth.openid != ''"});
    server.patch("/api/collections/papers").token(&token).json(&change).send().await.expect(200);
    let record = upload(&server, Form::new().part("scan", file("a.txt", b"secret"))).await.expect(200);
    let path = url(&record, record.at("/scan"));
    let anna = baibase_tests::login(&server, "anna").await;
    server.get(&path).send().await.expect(404);
    server.get(&path).token(&anna.token).send().await.expect(404);
    server.get(&format!("{path}?token={}", anna.token)).send().await.expect(404);
    server.post("/api/files/token").send().await.expect(401);
    let file_token = server.post("/api/files/token").token(&anna.token).send().await.expect(200);
    let reply = server.get(&format!("{path}?token={}", file_token.at("/token"))).send().await.expect(200);
    assert_eq!(reply.text(), "secret");
    let superuser = server.post("/api/files/token").token(&token).send().await.expect(200);
    server.get(&format!("{path}?token={}", superuser.at("/token"))).send().await.expect(200);
    // A file token is good for files alone.
    server
        .post("/api/wechat/profile")
        .token(file_token.at("/token"))
        .json(&json!({}))
        .send()
        .await
        .expect(401);
}
