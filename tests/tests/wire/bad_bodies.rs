//! Bodies that are malformed, missing, oversized, wrongly typed or wrongly encoded; paths and parameters likewise.

use baibase_tests::{Server, login, validate};
use reqwest::Method;
use serde_json::json;

const COMPANIES: &str = "/api/collections/tbl_company/records";

/// The limit of a business body, and of a native one whose collection has no fields with a size of their own.
const LIMIT: usize = 32 << 20;

async fn companies(server: &Server) -> i64 {
    server.get(COMPANIES).send().await.expect(200)["totalItems"].as_i64().unwrap()
}

#[tokio::test]
async fn malformed_json_is_400() {
    let server = Server::start().await;
    let deep = "[".repeat(100_000);
    for body in
        ["{", "{\"company_name\":", "nonsense", "{\"a\":1,}", "{'a':1}", "\"text\"", "5", "[1]", &deep]
    {
        let reply = server.post(COMPANIES).body("application/json", body.to_owned()).send().await.expect(400);
        validate("native-error", &reply.json);
        let business =
            server.post("/api/wechat/login").body("application/json", body.to_owned()).send().await;
        validate("error", &business.expect(400).json);
    }
    assert_eq!(companies(&server).await, 0);
}

#[tokio::test]
async fn a_missing_body_is_an_empty_one_for_records() {
    let server = Server::start().await;
    server.post(COMPANIES).send().await.expect(200);
    server.post(COMPANIES).body("application/json", "").send().await.expect(200);
    assert_eq!(companies(&server).await, 2);
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let server = Server::start().await;
    for content_type in ["text/plain", "application/octet-stream", "image/png"] {
        let reply = server.post(COMPANIES).body(content_type, "{}").send().await.expect(400);
        validate("native-error", &reply.json);
    }
    let form = server
        .post(COMPANIES)
        .body("application/x-www-form-urlencoded", "company_name=%E4%B8%80&company_level=1");
    let record = form.send().await.expect(200);
    assert_eq!((record.at("/company_name"), record.at("/company_level")), ("一", "1"));
}

#[tokio::test]
async fn wrongly_encoded_text_is_no_panic() {
    let server = Server::start().await;
    // Latin-1 in a JSON text, a lone surrogate, a NUL.
    let bodies: [&[u8]; 3] =
        [b"{\"company_name\":\"\xe9\"}", br#"{"company_name":"\ud800"}"#, br#"{"company_name":"a\u0000b"}"#];
    for body in bodies {
        let reply = server.post(COMPANIES).body("application/json", body.to_vec()).send().await;
        assert!([200, 400].contains(&reply.status), "{}", reply.text());
        assert!(std::str::from_utf8(&reply.bytes).is_ok());
        let business = server.post("/api/wechat/login").body("application/json", body.to_vec()).send().await;
        validate("error", &business.expect(400).json);
    }
    let list = server.get(COMPANIES).send().await.expect(200);
    assert!(std::str::from_utf8(&list.bytes).is_ok());
}

#[tokio::test]
async fn an_oversized_body_is_413() {
    let server = Server::start().await;
    let body = format!(r#"{{"company_name":"{}"}}"#, "x".repeat(LIMIT + 1));
    // The server may close the connection before all is sent.
    if let Ok(reply) = server.post(COMPANIES).body("application/json", body.clone()).try_send().await {
        validate("native-error", &reply.expect(413).json);
    }
    if let Ok(reply) = server.post("/api/wechat/login").body("application/json", body).try_send().await {
        assert_eq!(reply.status, 413, "{}", reply.text());
    }
    // Without a length the limit is found out on the way.
    let chunk = vec![b' '; 1 << 20];
    let chunks = futures_util::stream::iter((0..40).map(move |_| Ok::<_, std::io::Error>(chunk.clone())));
    let stream = reqwest::Body::wrap_stream(chunks);
    if let Ok(reply) = server.post(COMPANIES).body("application/json", stream).try_send().await {
        reply.expect(413);
    }
    assert_eq!(companies(&server).await, 0);
    let long = json!({"company_name": "x".repeat(1 << 20)});
    let reply = server.post(COMPANIES).json(&long).send().await.expect(400);
    assert_eq!(reply.at("/data/company_name/code"), "validation_max_text_constraint");
}

#[tokio::test]
async fn unknown_collections_and_routes_are_404() {
    let server = Server::start().await;
    for name in [
        "nosuch",
        "tbl_company%00",
        "%2e%2e",
        "tbl_company'--",
        "tbl_company%20",
        "%ff",
        "_collections",
        "sqlite_master",
    ] {
        for (method, path) in [
            (Method::GET, format!("/api/collections/{name}/records")),
            (Method::GET, format!("/api/collections/{name}/records/aaaaaaaaaaaaaaa")),
            (Method::POST, format!("/api/collections/{name}/records")),
            (Method::PATCH, format!("/api/collections/{name}/records/aaaaaaaaaaaaaaa")),
            (Method::DELETE, format!("/api/collections/{name}/records/aaaaaaaaaaaaaaa")),
            (Method::POST, format!("/api/collections/{name}/auth-with-password")),
        ] {
            let reply = server.call(&method, &path).json(&json!({})).send().await;
            assert!([400, 404].contains(&reply.status), "{method} {path}: {} {}", reply.status, reply.text());
            validate("native-error", &reply.json);
        }
    }
    for path in ["/api", "/api/", "/", "/api/wechat", "/api/wechat/login/x", "/api//health"] {
        let reply = server.get(path).send().await;
        assert!([301, 307, 308, 404].contains(&reply.status), "{path}: {}", reply.status);
    }
}

#[tokio::test]
async fn ids_are_looked_for_and_not_interpreted() {
    let server = Server::start().await;
    let manager = baibase_tests::register(&server, "13800138000").await;
    server.post(COMPANIES).json(&json!({})).send().await.expect(200);
    let long = "a".repeat(2000);
    for id in ["x'%20OR%20'1'='1", "%25", "_______________", "..%2f..%2fdata.db", "%00", "%ff", "*", &long] {
        for method in [Method::GET, Method::PATCH, Method::DELETE] {
            let call = server.call(&method, &format!("{COMPANIES}/{id}")).token(manager.at("/token"));
            let reply = call.json(&json!({"company_name": "x"})).send().await;
            assert!([400, 404].contains(&reply.status), "{method} {id}: {} {}", reply.status, reply.text());
        }
    }
    assert_eq!(companies(&server).await, 1);
    assert_eq!(server.get(COMPANIES).send().await.expect(200)["items"][0]["company_name"], "");
}

#[tokio::test]
async fn invalid_utf8_in_a_query_is_no_panic() {
    let server = Server::start().await;
    for query in [
        "filter=%ff",
        "filter=company_name='%ff'",
        "sort=%ff",
        "fields=%ff",
        "expand=%ff",
        "%ff=%ff",
        "&&==&",
        "page=%00",
    ] {
        let reply = server.get(&format!("{COMPANIES}?{query}")).send().await;
        assert!([200, 400].contains(&reply.status), "{query}: {}", reply.status);
        assert!(std::str::from_utf8(&reply.bytes).is_ok());
    }
    server.get("/api/health").send().await.expect(200);
}

#[tokio::test]
async fn nothing_of_the_inside_leaks() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let replies = [
        server.get(&format!("{COMPANIES}?filter=(((")).send().await,
        server.post(COMPANIES).body("application/json", "{").send().await,
        server.post("/api/wechat/login").body("application/json", "{").send().await,
        anna.edit(&server, json!({"users_phone": 5})).await,
        server.get("/api/files/tbl_company/x/y").send().await,
    ];
    let data = server.data().display().to_string();
    for reply in replies {
        assert!((400..500).contains(&reply.status));
        let text = reply.text().to_lowercase();
        for word in ["sqlite", "select ", "panicked", "src/", ".rs:", data.as_str()] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
    assert!(!server.log().contains("panicked"), "{}", server.log());
}
