//! Files in a bucket of an S3-compatible store, by settings that change while the server runs.

use std::io::Cursor;
use std::path::Path;

use baibase_tests::{Reply, Server, Setup, run};
use image::{DynamicImage, ImageFormat, RgbImage};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use test_s3::{ACCESS_KEY, S3Server, SECRET};

const PATH: &str = "/api/collections/papers/records";

fn bucket(store: &S3Server) -> Value {
    json!({
        "enabled": true, "bucket": "files", "region": "us-east-1", "endpoint": store.endpoint(),
        "accessKey": ACCESS_KEY, "secret": SECRET, "forcePathStyle": true,
    })
}

async fn start() -> (Server, S3Server, String) {
    let store = S3Server::new();
    store.make_bucket("files");
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let collection = json!({
        "name": "papers", "type": "base", "listRule": "", "viewRule": "", "createRule": "", "updateRule": "", "deleteRule": "",
        "fields": [
            {"type": "file", "name": "scan", "thumbs": ["30x20"], "maxSize": 20_000_000},
            {"type": "file", "name": "secret", "protected": true},
        ],
    });
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    let settings =
        server.patch("/api/settings").token(&token).json(&json!({"s3": bucket(&store)})).send().await;
    assert_eq!(settings.expect(200)["s3"]["secret"], Value::Null, "the secret is not told");
    (server, store, token)
}

async fn upload(server: &Server, field: &'static str, name: &str, bytes: &[u8]) -> Reply {
    let part = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    server.post(PATH).form(Form::new().part(field, part)).send().await.expect(200)
}

fn url(record: &Reply, field: &str) -> String {
    format!("/api/files/papers/{}/{}", record.at("/id"), record.at(&format!("/{field}")))
}

fn key(record: &Reply, field: &str) -> String {
    format!("{}/{}/{}", record.at("/collectionId"), record.at("/id"), record.at(&format!("/{field}")))
}

fn png() -> Vec<u8> {
    let image = RgbImage::from_fn(90, 60, |x, y| image::Rgb([(x % 256) as u8, (y % 256) as u8, 80]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn files_live_and_die_in_the_bucket() {
    let (server, store, _) = start().await;
    let record = upload(&server, "scan", "My Scan.txt", b"0123456789").await;
    assert_eq!(store.object("files", &key(&record, "scan")).unwrap(), b"0123456789");
    assert!(!server.data().join("storage").join(record.at("/collectionId")).exists());
    let path = url(&record, "scan");
    let whole = server.get(&path).send().await.expect(200);
    assert_eq!((&*whole.text(), whole.header("content-type")), ("0123456789", "text/plain; charset=utf-8"));
    let part = server.get(&path).header("Range", "bytes=3-5").send().await.expect(206);
    assert_eq!((&*part.text(), part.header("content-range")), ("345", "bytes 3-5/10"));
    let known = whole.header("last-modified").to_owned();
    server.get(&path).header("If-Modified-Since", &known).send().await.expect(304);
    let head = server.call(&Method::HEAD, &path).send().await.expect(200);
    assert_eq!(head.header("content-length"), "10");
    store.take_log();
    server.get(&path).header("Range", "bytes=3-5").send().await.expect(206);
    let asked = store.take_log();
    assert!(asked.iter().any(|line| line.ends_with("bytes=3-5")), "only the range is fetched: {asked:?}");

    let form = Form::new().part("scan", Part::bytes(b"new".to_vec()).file_name("new.txt"));
    let changed = server.patch(&format!("{PATH}/{}", record.at("/id"))).form(form).send().await.expect(200);
    assert!(store.object("files", &key(&record, "scan")).is_none(), "the replaced one is gone");
    assert_eq!(store.object("files", &key(&changed, "scan")).unwrap(), b"new");
    server.delete(&format!("{PATH}/{}", record.at("/id"))).send().await.expect(204);
    assert_eq!(store.keys("files"), [""; 0]);
}

#[tokio::test]
async fn thumbs_are_made_in_the_bucket() {
    let (server, store, _) = start().await;
    let record = upload(&server, "scan", "a.png", &png()).await;
    let thumb = server.get(&format!("{}?thumb=30x20", url(&record, "scan"))).send().await.expect(200);
    let size = image::load_from_memory(&thumb.bytes).unwrap();
    assert_eq!((size.width(), size.height()), (30, 20));
    let name = record.at("/scan");
    let place = key(&record, "scan").replace(name, &format!("thumbs_{name}/30x20_{name}"));
    assert_eq!(store.object("files", &place).unwrap(), thumb.bytes);
}

#[tokio::test]
async fn a_protected_file_needs_its_token_there_too() {
    let (server, store, token) = start().await;
    let record = upload(&server, "secret", "a.txt", b"secret").await;
    store.take_log();
    server.get(&url(&record, "secret")).send().await.expect(200);
    let rule = json!({"viewRule": null});
    server.patch("/api/collections/papers").token(&token).json(&rule).send().await.expect(200);
    store.take_log();
    server.get(&url(&record, "secret")).send().await.expect(404);
    assert_eq!(store.take_log(), [""; 0], "the bucket is not even asked");
    let file = server.post("/api/files/token").token(&token).send().await.expect(200);
    let with_token = server.get(&format!("{}?token={}", url(&record, "secret"), file.at("/token")));
    assert_eq!(with_token.send().await.expect(200).text(), "secret");
}

#[tokio::test]
async fn files_stay_where_they_were_when_the_settings_change() {
    let (server, store, token) = start().await;
    let remote = upload(&server, "scan", "a.txt", b"remote").await;
    let turn = async |on: bool| {
        let patch = json!({"s3": {"enabled": on}});
        server.patch("/api/settings").token(&token).json(&patch).send().await.expect(200);
    };
    turn(false).await;
    server.get(&url(&remote, "scan")).send().await.expect(404);
    let local = upload(&server, "scan", "b.txt", b"local").await;
    assert!(store.object("files", &key(&local, "scan")).is_none());
    assert_eq!(server.get(&url(&local, "scan")).send().await.expect(200).text(), "local");
    turn(true).await;
    assert_eq!(server.get(&url(&remote, "scan")).send().await.expect(200).text(), "remote");
}

#[tokio::test]
async fn the_bucket_of_the_settings_is_used_after_a_start() {
    let (mut server, store, _) = start().await;
    let record = upload(&server, "scan", "a.txt", b"remote").await;
    server.terminate();
    assert!(server.ended().await.success());
    let server = Setup::new().home(server.home()).start().await;
    assert_eq!(server.get(&url(&record, "scan")).send().await.expect(200).text(), "remote");
    drop(store);
    let reply = server.get(&url(&record, "scan")).send().await;
    assert!(reply.status >= 500, "a store that is away is not a missing file: {}", reply.status);
    let part = Part::bytes(b"x".to_vec()).file_name("x.txt");
    let refused = server.post(PATH).form(Form::new().part("scan", part)).send().await;
    assert!(refused.status >= 400, "{}", refused.status);
    assert_eq!(server.get(PATH).send().await.expect(200)["totalItems"], 1, "nothing was written");
    assert!(!server.log().contains(SECRET), "the secret is in the log");
}

#[tokio::test]
async fn a_bucket_is_tried() {
    let (server, store, token) = start().await;
    let try_it =
        async |body: Value| server.post("/api/settings/test/s3").token(&token).json(&body).send().await;
    try_it(json!({"filesystem": "storage"})).await.expect(204);
    assert_eq!(store.keys("files"), [""; 0]);
    let off = try_it(json!({"filesystem": "backups"})).await.expect(400);
    assert_eq!(
        off.at("/message"),
        "Failed to test the S3 filesystem. Raw error: \nS3 storage filesystem is not enabled."
    );
    for (body, code) in
        [(json!({}), "validation_required"), (json!({"filesystem": "x"}), "validation_in_invalid")]
    {
        let reply = try_it(body).await.expect(400);
        assert_eq!(reply.at("/message"), "Failed to test the S3 filesystem.");
        assert_eq!(reply.at("/data/filesystem/code"), code);
    }
    assert_eq!(
        try_it(json!({"filesystem": 5})).await.expect(400).at("/message"),
        "An error occurred while loading the submitted data."
    );
    server.post("/api/settings/test/s3").send().await.expect(401);
    let wrong = json!({"s3": {"secret": "another-secret"}});
    server.patch("/api/settings").token(&token).json(&wrong).send().await.expect(200);
    let refused = try_it(json!({"filesystem": "storage"})).await.expect(400);
    assert!(
        refused.at("/message").starts_with("Failed to test the S3 filesystem. Raw error: \nfailed to upload")
    );
    assert!(!refused.text().contains("another-secret") && !server.log().contains("another-secret"));
}

/// The address of a folder of a bucket, for the command line.
fn address(store: &S3Server, folder: &str) -> String {
    let secret = SECRET.replace('+', "%2B").replace('/', "%2F");
    let port = store.port();
    format!("s3://{ACCESS_KEY}:{secret}@127.0.0.1:{port}/files/{folder}?tls=false&path-style=true")
}

/// A server whose operator keeps files in a bucket.
async fn start_on_bucket(store: &S3Server) -> (Server, String) {
    let files = address(store, "own/place");
    let server = Setup::new().env("BAIBASE_FILES", &files).superuser().start().await;
    let token = server.superuser().await;
    let collection = json!({
        "name": "papers", "type": "base", "listRule": "", "viewRule": "", "createRule": "",
        "fields": [{"type": "file", "name": "scan"}],
    });
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    (server, token)
}

#[tokio::test]
async fn an_operator_can_name_the_store() {
    let store = S3Server::new();
    store.make_bucket("files");
    let (server, token) = start_on_bucket(&store).await;
    let record = upload(&server, "scan", "a.txt", b"text").await;
    assert_eq!(store.object("files", &format!("own/place/{}", key(&record, "scan"))).unwrap(), b"text");
    assert_eq!(server.get(&url(&record, "scan")).send().await.expect(200).text(), "text");
    // The settings go before it.
    let settings = json!({"s3": bucket(&store)});
    server.patch("/api/settings").token(&token).json(&settings).send().await.expect(200);
    let record = upload(&server, "scan", "b.txt", b"text").await;
    assert!(store.object("files", &key(&record, "scan")).is_some());
    assert!(!server.log().contains(SECRET) && !server.log().contains("%2B"), "the secret is in the log");
}

#[test]
fn an_address_that_is_none_is_refused_without_telling_it() {
    for address in ["gs://key:geheim@host/bucket", "s3://key:geheim@host", "oss://key:geheim@host/b?x=y"] {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("pb_data");
        let args = ["superuser", "upsert", "a@example.com", "1234567890", "--dir", data.to_str().unwrap()];
        let output = run(&args, &[("BAIBASE_FILES", address)]);
        assert_eq!(output.code, Some(1), "{output:?}");
        assert!(output.stderr.starts_with("error: ") && !output.stderr.contains("geheim"), "{output:?}");
    }
}

#[tokio::test]
async fn copies_take_files_from_and_to_buckets() {
    let store = S3Server::new();
    store.make_bucket("files");
    let (mut server, _) = start_on_bucket(&store).await;
    let record = upload(&server, "scan", "a.txt", b"text").await;
    server.terminate();
    assert!(server.ended().await.success());
    let home = server.home();
    let env = home.env();
    let data = server.data();
    let from = env
        .iter()
        .find(|(name, _)| *name == "BAIBASE_DATABASE")
        .map_or(data.to_str().unwrap(), |(_, url)| url);
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    let (bucket, other) = (address(&store, "own/place"), address(&store, "copy"));
    let copy = |from: &str, to: &Path, files: &[(&str, &str)]| {
        run(&["copy", "--from", from, "--to", to.to_str().unwrap()], files)
    };
    let out = copy(from, &one, &[("BAIBASE_COPY_FROM_FILES", &bucket)]);
    assert_eq!(out.code, Some(0), "{out:?}");
    let file = one.join("storage").join(key(&record, "scan"));
    assert_eq!(std::fs::read(&file).unwrap(), b"text");
    assert!(std::fs::read_to_string(format!("{}.attrs", file.display())).unwrap().contains("a.txt"));
    let out = copy(one.to_str().unwrap(), &two, &[("BAIBASE_COPY_TO_FILES", &other)]);
    assert_eq!(out.code, Some(0), "{out:?}");
    assert_eq!(store.object("files", &format!("copy/{}", key(&record, "scan"))).unwrap(), b"text");
    let again =
        copy(one.to_str().unwrap(), &folder.path().join("three"), &[("BAIBASE_COPY_TO_FILES", &other)]);
    assert_eq!(again.code, Some(1), "a bucket with files in it is no target: {again:?}");
    assert!(again.stderr.contains("is not empty") && !again.stderr.contains(SECRET), "{again:?}");
}
