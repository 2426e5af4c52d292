use files::{LocalDisk, Properties};
use http_body_util::BodyExt;

use super::*;

struct Stored {
    _directory: tempfile::TempDir,
    blobs: Arc<dyn Blobs>,
}

impl Stored {
    async fn new(key: &str, content_type: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let blobs: Arc<dyn Blobs> = Arc::new(LocalDisk::open(directory.path()).unwrap());
        let properties = Properties { content_type: content_type.into(), original_name: None };
        blobs.put(&Key::parse(key).unwrap(), &"0123456789".into(), &properties).await.unwrap();
        Self { _directory: directory, blobs }
    }

    async fn get(&self, key: &str, headers: &[(http::HeaderName, &str)]) -> (Response<()>, String) {
        self.request(&Method::GET, key, headers).await
    }

    async fn request(
        &self,
        method: &Method,
        key: &str,
        headers: &[(http::HeaderName, &str)],
    ) -> (Response<()>, String) {
        let (path, query) = key.split_once('?').unwrap_or((key, ""));
        let mut request = http::Request::builder().method(method).uri(format!("/?{query}"));
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let (request, ()) = request.body(()).unwrap().into_parts();
        let key = Key::parse(path).unwrap();
        let response = serve_file(&self.blobs, &key, key.name(), &request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (Response::from_parts(parts, ()), String::from_utf8(body.to_vec()).unwrap())
    }
}

/// The headers as lines, in alphabetical order, without the date that cannot be foretold.
fn lines(response: &Response<()>) -> Vec<String> {
    let mut lines: Vec<_> = response
        .headers()
        .iter()
        .filter(|(name, _)| **name != LAST_MODIFIED)
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn a_whole_file_has_all_headers() {
    let stored = Stored::new("c/r/a.png", "image/png").await;
    let (response, body) = stored.get("c/r/a.png", &[]).await;
    assert_eq!((response.status().as_u16(), body.as_str()), (200, "0123456789"));
    assert_eq!(
        lines(&response),
        [
            "accept-ranges: bytes",
            "cache-control: max-age=2592000, stale-while-revalidate=86400",
            "content-disposition: inline; filename=a.png",
            "content-length: 10",
            "content-security-policy: default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
            "content-type: image/png",
        ]
    );
    assert!(response.headers().contains_key(LAST_MODIFIED));

    let (head, body) = stored.request(&Method::HEAD, "c/r/a.png", &[]).await;
    assert_eq!((lines(&head), body.as_str()), (lines(&response), ""));
}

#[tokio::test]
async fn a_part_is_sent() {
    let stored = Stored::new("a.txt", "text/plain").await;
    let (response, body) = stored.get("a.txt", &[(RANGE, "bytes=2-4")]).await;
    assert_eq!((response.status().as_u16(), body.as_str()), (206, "234"));
    assert_eq!(response.headers()[CONTENT_RANGE], "bytes 2-4/10");
    assert_eq!(response.headers()[CONTENT_LENGTH], "3");

    let (response, body) = stored.get("a.txt", &[(RANGE, "bytes=0-6,4-9")]).await;
    assert_eq!((response.status().as_u16(), body.as_str()), (200, "0123456789"));
}

#[tokio::test]
async fn a_range_outside_is_refused() {
    let stored = Stored::new("a.png", "image/png").await;
    let (response, body) = stored.get("a.png", &[(RANGE, "bytes=10-")]).await;
    assert_eq!((response.status().as_u16(), body.as_str()), (416, "invalid range: failed to overlap\n"));
    assert_eq!(
        lines(&response),
        [
            "content-disposition: inline; filename=a.png",
            "content-range: bytes */10",
            "content-security-policy: default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
            "content-type: text/plain; charset=utf-8",
        ]
    );
    let (response, body) = stored.get("a.png", &[(RANGE, "bytes=x")]).await;
    assert_eq!((response.status().as_u16(), body.as_str()), (416, "invalid range\n"));
    assert!(
        !response.headers().contains_key(CONTENT_RANGE) && !response.headers().contains_key(LAST_MODIFIED)
    );
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let stored = Stored::new("a.png", "image/png").await;
    let (first, _) = stored.get("a.png", &[]).await;
    let modified = first.headers()[LAST_MODIFIED].to_str().unwrap();
    let (response, body) = stored.get("a.png", &[(http::header::IF_MODIFIED_SINCE, modified)]).await;
    assert_eq!((response.status().as_u16(), body.as_str()), (304, ""));
    assert_eq!(response.headers()[LAST_MODIFIED], modified);
    assert!(response.headers().contains_key(CACHE_CONTROL));
    assert!(
        !response.headers().contains_key(CONTENT_TYPE) && !response.headers().contains_key(CONTENT_LENGTH)
    );

    let (response, body) = stored.get("a.png", &[(http::header::IF_MATCH, "\"x\"")]).await;
    assert_eq!((response.status().as_u16(), body.as_str()), (412, ""));
}

#[tokio::test]
async fn some_types_go_by_the_extension() {
    for (key, stored_type, sent, kind) in [
        ("a.svg", "text/plain", "image/svg+xml", "attachment"),
        ("a.css", "text/plain; charset=utf-8", "text/css", "attachment"),
        ("a.JS", "text/plain; charset=utf-8", "text/plain; charset=utf-8", "attachment"),
        ("a.html", "text/html; charset=utf-8", "text/html; charset=utf-8", "attachment"),
        ("a.docx", "application/zip", BY_EXTENSION[5].1, "attachment"),
        ("a.js", "image/png", "text/javascript", "inline"),
        ("a.pdf", "application/pdf", "application/pdf", "inline"),
        ("noext", "broken\r\ntype", "application/octet-stream", "attachment"),
    ] {
        let stored = Stored::new(key, stored_type).await;
        let (response, _) = stored.get(key, &[]).await;
        assert_eq!(response.headers()[CONTENT_TYPE], sent, "{key}");
        assert!(response.headers()[CONTENT_DISPOSITION].to_str().unwrap().starts_with(kind), "{key}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let stored = Stored::new("a", "text/plain").await;
    let key = Key::parse("b").unwrap();
    let (request, ()) = http::Request::new(()).into_parts();
    let result = serve_file(&stored.blobs, &key, "b", &request).await;
    assert!(matches!(result, Err(files::Error::NotFound)));
}

#[tokio::test]
async fn a_download_is_never_shown() {
    let stored = Stored::new("a.png", "image/png").await;
    for (key, kind) in [
        ("a.png?download=1", "attachment"),
        ("a.png?x=&download=true", "attachment"),
        ("a.png?download=0", "inline"),
        ("a.png?download=yes", "inline"),
        ("a.png?download", "inline"),
    ] {
        let (response, _) = stored.get(key, &[]).await;
        assert!(response.headers()[CONTENT_DISPOSITION].to_str().unwrap().starts_with(kind), "{key}");
    }
}

#[test]
fn names_cannot_add_headers() {
    assert_eq!(disposition(true, "a_1.tar.gz"), "inline; filename=a_1.tar.gz");
    assert_eq!(
        disposition(false, "a\"b;\r\nSet-Cookie: x\\图.png"),
        "attachment; filename=\"a_b;__Set-Cookie: x__.png\"; filename*=UTF-8''a%22b%3B%0D%0ASet-Cookie%3A%20x%5C%E5%9B%BE.png"
    );
    assert_eq!(disposition(false, ""), "attachment; filename=\"\"; filename*=UTF-8''");
}

#[tokio::test]
async fn several_ranges_are_parts_of_one_reply() {
    let stored = Stored::new("a/b.txt", "text/plain").await;
    let (response, body) = stored.get("a/b.txt", &[(RANGE, "bytes=0-1,4-5")]).await;
    assert_eq!(response.status(), 206);
    let content_type = response.headers()[CONTENT_TYPE].to_str().unwrap();
    let boundary = content_type.strip_prefix("multipart/byteranges; boundary=").unwrap();
    let part = |range: &str, bytes: &str| {
        format!(
            "--{boundary}\r\nContent-Range: bytes {range}/10\r\nContent-Type: text/plain\r\n\r\n{bytes}\r\n"
        )
    };
    assert_eq!(body, format!("{}{}--{boundary}--\r\n", part("0-1", "01"), part("4-5", "45")));
    assert_eq!(response.headers()[CONTENT_LENGTH], body.len().to_string().as_str());
    assert!(!response.headers().contains_key(CONTENT_RANGE));

    let (head, body) = stored.request(&Method::HEAD, "a/b.txt", &[(RANGE, "bytes=0-1,4-5")]).await;
    assert_eq!(head.headers()[CONTENT_LENGTH], response.headers()[CONTENT_LENGTH]);
    assert!(body.is_empty());
}
