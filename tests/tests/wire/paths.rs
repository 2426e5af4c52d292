//! What happens to a request before its route is known, and where there is no route.

use baibase_tests::{Server, Setup};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Sends a path as it is: clients tidy up.
async fn raw(server: &Server, line: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    let request = format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    reply.to_lowercase()
}

#[tokio::test]
async fn paths_in_a_longer_form_are_redirected() {
    let server = Server::start().await;
    for (line, location) in [
        ("GET //api//health?a=b", "location: /api/health?a=b\r\n"),
        ("GET /api/../api/./health", "location: /api/health\r\n"),
        ("POST /x/../../api/batch", "location: /api/batch\r\n"),
        ("GET //evil.example/..", "location: /\r\n"),
    ] {
        let reply = raw(&server, line).await;
        assert!(reply.starts_with("http/1.1 307 ") && reply.contains(location), "{line}: {reply}");
        assert_eq!(line.starts_with("GET"), reply.contains("<a href="), "{reply}");
    }
    let health = raw(&server, "HEAD /api/health").await;
    assert!(health.starts_with("http/1.1 200 ") && health.ends_with("\r\n\r\n"), "{health}");
}

#[tokio::test]
async fn where_there_is_no_route_there_are_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let dir = folder.path().to_str().unwrap();
    let strict = Setup::bare().arg("--publicDir").arg(dir).arg("--indexFallback=false").start().await;
    let missing = strict.get("/api/nope").send().await.expect(404);
    assert_eq!(missing["message"], "File not found.");
    // For other methods there is no file to look for.
    let missing = strict.post("/api/nope").send().await.expect(404);
    assert_eq!(missing["message"], "The requested resource wasn't found.");

    let server = Setup::bare().arg("--publicDir").arg(dir).start().await;
    assert_eq!(server.get("/").send().await.expect(404)["message"], "File not found.");
    // The folder is looked at for each request.
    write("index.html", "<p>home</p>");
    write("app.js", &"console.log('a long line of a script');\n".repeat(50));
    write("_/index.html", "<p>dashboard</p>");
    write("_/main.js", &"console.log('a long line of a script');\n".repeat(50));
    for path in ["/", "/some/view", "/api/nope", "/api/collections/nope/truncate"] {
        let page = server.get(path).send().await.expect(200);
        assert_eq!(page.text(), "<p>home</p>", "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("x-frame-options"), "SAMEORIGIN");
    }
    server.get("/api/health").send().await.expect(200);
    let part = server.get("/app.js").header("range", "bytes=0-6").send().await.expect(206);
    assert_eq!(part.text(), "console");
    let whole = server.get("/app.js").header("accept-encoding", "gzip").send().await.expect(200);
    assert_eq!(whole.header("content-encoding"), "");
    let since = whole.header("last-modified").to_owned();
    server.get("/app.js").header("if-modified-since", &since).send().await.expect(304);
    let moved = server.get("/index.html").send().await.expect(301);
    assert_eq!(moved.header("location"), "/");

    let page = server.get("/_/").send().await.expect(200);
    assert_eq!(page.text(), "<p>dashboard</p>");
    assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
    assert_eq!(page.header("cache-control"), "");
    let script = server.get("/_/main.js").header("accept-encoding", "gzip").send().await.expect(200);
    assert_eq!(script.header("content-encoding"), "gzip");
    assert_eq!(script.header("cache-control"), "max-age=1209600, stale-while-revalidate=86400");
    server.get("/_/nope.js").send().await.expect(404);

    let outside = format!("GET /%2e%2e{}/secret", folder.path().display());
    assert!(!raw(&server, &outside).await.contains("secret\r\n"));
}

#[tokio::test]
async fn a_post_can_be_any_change() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let collection = json!({
        "name": "posts", "type": "base", "createRule": "", "viewRule": "",
        // The rule sees the method that was meant.
        "updateRule": "@request.method = 'PATCH'", "deleteRule": "@request.method = 'DELETE'",
        "fields": [{"type": "text", "name": "title"}, {"type": "file", "name": "cover"}],
    });
    server.post("/api/collections").json(&collection).token(&token).send().await.expect(200);
    let records = "/api/collections/posts/records";
    let record = server.post(records).json(&json!({"title": "a"})).send().await.expect(200);
    let path = format!("{records}/{}", record.at("/id"));
    let post = |method: &str| server.post(&path).header("X-HTTP-Method-Override", method);

    let changed = post("PATCH").json(&json!({"title": "b"})).send().await.expect(200);
    assert_eq!(changed["title"], "b");
    let form = Form::new().text("title", "c").part("cover", Part::text("x").file_name("x.txt"));
    let changed = post("patch").form(form).send().await.expect(200);
    assert!(changed["title"] == "c" && changed.at("/cover").starts_with('x'), "{}", changed.text());

    for method in ["POST", "GET", "", "PATCH, DELETE", "OPTIONS"] {
        let refused = post(method).json(&json!({"title": "d"})).send().await.expect(400);
        assert_eq!(refused["message"], "X-HTTP-Method-Override must be PATCH, PUT or DELETE.");
        assert_eq!(refused.header("vary"), "Origin");
    }
    // Only a POST is something else than it seems.
    let read = server.get(&path).header("X-HTTP-Method-Override", "DELETE").send().await.expect(200);
    assert_eq!(read["title"], "c");
    // What exists under no other method does not exist under this one.
    let create = server.post(records).header("X-HTTP-Method-Override", "DELETE");
    create.json(&json!({})).send().await.expect(404);

    let limits = json!({"rateLimits": {"enabled": true, "rules": [
        {"label": "posts:delete", "audience": "", "duration": 60, "maxRequests": 1}]}});
    server.patch("/api/settings").json(&limits).token(&token).send().await.expect(200);
    post("DELETE").send().await.expect(204);
    post("DELETE").send().await.expect(429);
    server.call(&Method::DELETE, &path).send().await.expect(429);
}
