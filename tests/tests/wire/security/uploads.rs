//! What browsers would run, uploaded as a file.

use super::{start, upload};

const SCRIPT: &str = "<script>alert(document.domain)</script>";

#[tokio::test]
async fn what_browsers_would_run_is_never_shown() {
    let (server, _) = start().await;
    let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\">{SCRIPT}</svg>");
    let xhtml =
        format!("<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\">{SCRIPT}</html>");
    let html = format!("<!DOCTYPE html><html><body>{SCRIPT}</body></html>");
    let polyglot = format!("GIF89a/*{SCRIPT}*/=1;");
    for (name, content, is_shown) in [
        ("a.svg", &svg, false),
        ("a.SVG", &svg, false),
        ("a.png", &svg, false),
        ("a.svgz", &svg, false),
        ("a.html", &html, false),
        ("a.htm", &html, false),
        ("a.png", &html, false),
        ("a.pdf", &html, false),
        ("a", &html, false),
        ("a.html.png", &html, false),
        ("a.xhtml", &xhtml, false),
        ("a.xml", &xhtml, false),
        ("a.js", &"alert(1)".to_owned(), false),
        ("a.css", &"*{background:url(javascript:alert(1))}".to_owned(), false),
        // An image for every browser that is told not to guess.
        ("a.html", &polyglot, true),
        ("a.gif", &polyglot, true),
    ] {
        let path = upload(&server, name, content.as_bytes()).await;
        for path in [path.clone(), format!("{path}?thumb=10x10"), format!("{path}?download=0")] {
            let reply = server.get(&path).send().await.expect(200);
            assert_eq!(&reply.text(), content, "{name}");
            let kind = if is_shown { "inline;" } else { "attachment;" };
            assert!(reply.header("content-disposition").starts_with(kind), "{name}: {:?}", reply.headers);
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{name}");
            let policy = reply.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{name}: {policy}");
            let shown = reply.header("content-type");
            assert!(!is_shown || shown == "image/gif", "{name}: {shown}");
        }
        let head = server.call(&reqwest::Method::HEAD, &path).send().await.expect(200);
        assert!(head.header("content-security-policy").contains("sandbox"), "{name}");
        let part = server.get(&path).header("range", "bytes=0-3").send().await.expect(206);
        assert!(part.header("content-security-policy").contains("sandbox"), "{name}");
        assert_eq!(part.header("x-content-type-options"), "nosniff", "{name}");
    }
}

/// What is refused for its kind is refused for what it is, whatever it is called and said to be.
#[tokio::test]
async fn a_kind_is_told_by_the_content() {
    let (server, token) = start().await;
    let fields = serde_json::json!([{"type": "file", "name": "scan", "mimeTypes": ["image/png"]}]);
    let change = serde_json::json!({"fields": fields});
    server.patch("/api/collections/papers").token(&token).json(&change).send().await.expect(200);
    for (name, kind) in [("a.png", "image/png"), ("a.html", "image/png"), ("a.svg", "image/svg+xml")] {
        let part = reqwest::multipart::Part::bytes(SCRIPT.as_bytes()).file_name(name).mime_str(kind).unwrap();
        let form = reqwest::multipart::Form::new().part("scan", part);
        let refused = server.post(super::RECORDS).form(form).send().await.expect(400);
        assert_eq!(refused.at("/data/scan/code"), "validation_invalid_mime_type", "{name}");
    }
}
