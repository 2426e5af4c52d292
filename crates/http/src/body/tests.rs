use std::path::Path;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::Request;
use proptest::prelude::*;
use serde_json::json;

use super::*;

struct Sent {
    directory: tempfile::TempDir,
    limits: Limits,
}

impl Sent {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), limits: Limits::default() }
    }

    fn limited(total: u64, data: u64) -> Self {
        Self { limits: Limits { total, data }, ..Self::new() }
    }

    async fn read(&self, uri: &str, content_type: &str, body: Body) -> Result<Payload, Error> {
        let request = Request::post(uri).header(CONTENT_TYPE, content_type).body(()).unwrap();
        let (parts, ()) = request.into_parts();
        read(&parts, body, self.limits, &Scratch::new(self.directory.path())).await
    }

    async fn get(&self, content_type: &str, body: &'static str) -> Value {
        let request = Request::get("/?a=2").header(CONTENT_TYPE, content_type).body(()).unwrap();
        let (parts, ()) = request.into_parts();
        let scratch = Scratch::new(self.directory.path());
        Value::Object(read(&parts, body.into(), self.limits, &scratch).await.unwrap().data)
    }

    async fn form(&self, body: impl Into<Body>) -> Result<Payload, Error> {
        self.read("/", "multipart/form-data; boundary=X", body.into()).await
    }

    fn temporary_files(&self) -> usize {
        count(self.directory.path())
    }
}

fn count(directory: &Path) -> usize {
    std::fs::read_dir(directory).unwrap().count()
}

fn part(disposition: &str, content: &str) -> String {
    format!("--X\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
}

/// A body that arrives in chunks of this size.
fn chunked(bytes: &[u8], size: usize) -> Body {
    let chunks: Vec<_> =
        bytes.chunks(size.max(1)).map(|chunk| Ok::<_, Error>(Bytes::copy_from_slice(chunk))).collect();
    Body::from_stream(stream::iter(chunks))
}

async fn content(upload: &Upload) -> Vec<u8> {
    let chunks: Vec<_> = upload.content.stream().await.unwrap().try_collect().await.unwrap();
    chunks.concat()
}

#[tokio::test]
async fn a_request_without_a_body_has_nothing() {
    let sent = Sent::new();
    for content_type in ["application/json", "multipart/form-data", "text/plain"] {
        let payload = sent.read("/?a=1", content_type, Body::empty()).await.unwrap();
        assert!(payload.data.is_empty() && payload.files.is_empty());
    }
}

#[tokio::test]
async fn the_content_type_decides() {
    let sent = Sent::new();
    let data = |payload: Payload| Value::Object(payload.data);
    let payload =
        sent.read("/?a=2", "application/json; charset=utf-8", r#"{"a":"1"}x"#.into()).await.unwrap();
    assert_eq!(data(payload), json!({"a": "1"}));
    let payload = sent.read("/?a=2", "application/x-www-form-urlencoded", "a=1&b=x".into()).await.unwrap();
    assert_eq!(data(payload), json!({"a": [1, 2], "b": "x"}));
    for content_type in ["text/plain", "", "Application/JSON"] {
        let refused = sent.read("/", content_type, "{}".into()).await;
        assert!(matches!(refused, Err(Error::UnsupportedContentType)), "{content_type}");
    }
    for content_type in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-databla",
        "text/xml",
        "application/xml; charset=utf-8",
    ] {
        assert!(
            matches!(sent.read("/", content_type, "x".into()).await, Err(Error::Malformed(_))),
            "{content_type}"
        );
    }
}

#[tokio::test]
async fn a_form_has_values_and_files() {
    let sent = Sent::new();
    let body = [
        &part("name=\"t\"", "007"),
        &part("name=\"n\"", "5"),
        &part("name=\"t\"", "true"),
        &part("name=\"@jsonPayload\"", r#"{"j":{"k":[1]}}"#),
        "--X\r\nContent-Type: text/html\r\ncontent-disposition: form-data; name=f; filename=\"../a b.txt\"\r\n\r\nhi\r\n",
        &part("name=f; filename=empty", ""),
        &part("filename=nameless", "x"),
        &part("name=\"@file\"; filename=x", "\r\n--Y\r\n"),
        "--X--\r\ntrailing",
    ]
    .concat();
    for size in [1, 3, 7, 100, 10_000] {
        let payload = sent
            .read("/?t=q", "multipart/form-data; boundary=\"X\"", chunked(body.as_bytes(), size))
            .await
            .unwrap();
        assert_eq!(Value::Object(payload.data), json!({"t": ["q", "007", true], "n": 5, "j": {"k": [1]}}));
        let [(a, first), (b, empty), (c, last)] = payload.files.as_slice() else {
            panic!("{:?}", payload.files)
        };
        assert_eq!([a, b, c], ["f", "f", "@file"]);
        assert_eq!(
            (first.original_name.as_str(), first.content_type.as_deref()),
            ("a b.txt", Some("text/html"))
        );
        assert_eq!(content(first).await, b"hi");
        assert_eq!((empty.content.size(), empty.content_type.as_deref()), (0, None));
        assert_eq!(content(last).await, b"\r\n--Y\r\n");
    }
}

#[tokio::test]
async fn large_files_are_put_aside_and_removed() {
    let sent = Sent::limited(64 << 20, 1 << 20);
    let large = "0123456789abcdef".repeat(200_000);
    let body =
        [part("name=a; filename=a", &large), part("name=b; filename=b", "small"), "--X--".into()].concat();
    let payload = sent.form(chunked(body.as_bytes(), 50_000)).await.unwrap();
    assert_eq!(sent.temporary_files(), 1);
    assert!(!payload.files[0].1.content.is_in_memory() && payload.files[1].1.content.is_in_memory());
    assert!(content(&payload.files[0].1).await == large.as_bytes());
    drop(payload);
    assert_eq!(sent.temporary_files(), 0);

    let broken_off = part("name=a; filename=a", &large);
    assert!(matches!(sent.form(chunked(broken_off.as_bytes(), 50_000)).await, Err(Error::Malformed(_))));
    assert_eq!(sent.temporary_files(), 0);
}

#[tokio::test]
async fn more_than_allowed_is_refused() {
    let announced = Request::post("/").header(CONTENT_LENGTH, 11).body(()).unwrap().into_parts().0;
    assert!(matches!(check_length(&announced.headers, 10), Err(Error::TooLarge)));
    assert!(check_length(&announced.headers, 11).is_ok());

    let sent = Sent::limited(200, 100);
    let json = format!("{{\"a\":\"{}\"}}", "x".repeat(150));
    assert!(matches!(
        sent.read("/", "application/json", chunked(json.as_bytes(), 9)).await,
        Err(Error::TooLarge)
    ));
    let form = format!("a={}", "x".repeat(150));
    let urlencoded = "application/x-www-form-urlencoded";
    assert!(matches!(sent.read("/", urlencoded, chunked(form.as_bytes(), 9)).await, Err(Error::TooLarge)));

    let file = |size| [part("name=a; filename=a", &"x".repeat(size)), "--X--".into()].concat();
    let sent = Sent::limited(1000, 500);
    assert!(sent.form(chunked(file(600).as_bytes(), 9)).await.is_ok());
    assert!(matches!(sent.form(chunked(file(1000).as_bytes(), 9)).await, Err(Error::TooLarge)));
    let value = [part("name=a", &"x".repeat(400)), "--X--".into()].concat();
    assert!(matches!(sent.form(chunked(value.as_bytes(), 9)).await, Err(Error::TooLarge)));
}

#[tokio::test]
async fn malformed_forms_are_refused() {
    let sent = Sent::new();
    let bodies = [
        "x".to_owned(),
        "--X".to_owned(),
        "--X\r\n".to_owned(),
        part("name=a", "1"),
        "--X\r\nContent-Disposition: form-data; name=a\r\n\r\n1".to_owned(),
        "--X\r\n\u{0}: x\r\n\r\n1\r\n--X--".to_owned(),
        [part("name=\"@jsonPayload\"", "{"), "--X--".into()].concat(),
        [part("name=a", "1").repeat(1001), "--X--".into()].concat(),
    ];
    for body in bodies {
        let start = body.chars().take(80).collect::<String>();
        assert!(matches!(sent.form(body).await, Err(Error::Malformed(_))), "{start}");
    }
    assert!(sent.read("/?a=%zz", "multipart/form-data; boundary=X", "--X--".into()).await.is_err());
}

#[tokio::test]
async fn endless_headers_are_not_collected() {
    let taken = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for start in ["", "--X\r\nContent-Disposition: "] {
        taken.store(0, std::sync::atomic::Ordering::Relaxed);
        let counted = taken.clone();
        let endless = stream::once(async move { Ok::<_, Error>(Bytes::from(start)) }).chain(
            stream::repeat_with(move || {
                counted.fetch_add(1000, std::sync::atomic::Ordering::Relaxed);
                Ok(Bytes::from(vec![b'a'; 1000]))
            }),
        );
        let refused = Sent::new().form(Body::from_stream(endless)).await;
        assert!(matches!(refused, Err(Error::Malformed(_))));
        assert!(taken.load(std::sync::atomic::Ordering::Relaxed) < 32_000);
    }
}

#[test]
fn errors_become_replies() {
    let status = |error: Error| error.with_message("Failed to read.").status().as_u16();
    assert_eq!(status(Error::TooLarge), 413);
    assert_eq!(status(Error::UnsupportedContentType), 400);
    assert_eq!(status(Error::malformed("x")), 400);
    assert_eq!(status(Error::Storage(std::io::Error::other("disk full"))), 500);
    let message = |error: Error| error.with_message("Failed to read.").to_json()["message"].clone();
    assert_eq!(message(Error::UnsupportedContentType), "Unsupported Content-Type.");
    assert_eq!(message(Error::malformed("x")), "Failed to read.");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_body_makes_it_fail(
        pieces in proptest::collection::vec(prop_oneof![
            Just(b"--X".to_vec()), Just(b"\r\n".to_vec()), Just(b"--".to_vec()),
            Just(b"Content-Disposition: form-data; name=a".to_vec()),
            Just(b"; filename=\"b\"".to_vec()), Just(b"\r\n\r\n".to_vec()),
            Just(b"{\"a\":".to_vec()), Just(b"\"\\ud800\"".to_vec()), Just(b"}".to_vec()), Just(b"=%".to_vec()),
            any::<Vec<u8>>(),
        ], 0..24),
        size in 1..40_usize,
        kind in 0..3_usize,
    ) {
        let content_type =
            ["application/json", "multipart/form-data; boundary=X", "application/x-www-form-urlencoded"][kind];
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let sent = Sent::new();
        let result = runtime.block_on(sent.read("/", content_type, chunked(&pieces.concat(), size)));
        prop_assert!(!matches!(result, Err(Error::Storage(_))));
    }
}

#[tokio::test]
async fn a_plain_form_is_read_only_where_something_is_written() {
    let sent = Sent::new();
    assert_eq!(sent.get("application/x-www-form-urlencoded", "a=1&b=x").await, json!({"a": 2}));
    assert_eq!(sent.get("application/json", r#"{"a": 1}"#).await, json!({"a": 1}));
}
