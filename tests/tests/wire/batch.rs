//! Batches over the wire: what is sent, what comes back, and what is left behind.

use baibase_tests::{Reply, Server};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const POSTS: &str = "/api/collections/posts/records";

async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    for collection in [
        json!({
            "name": "posts", "listRule": "", "viewRule": "", "createRule": "", "updateRule": "", "deleteRule": "",
            "fields": [
                {"type": "text", "name": "title", "required": true},
                {"type": "number", "name": "n"},
                {"type": "file", "name": "scan"},
            ],
        }),
        json!({
            "name": "guarded",
            "createRule": "@request.context = 'batch' && @request.method = 'POST' && @request.headers.x_key = 'k'",
            "updateRule": "@request.method = 'PATCH' && @request.query.k = 'v' && @request.auth.id = ''",
            "fields": [{"type": "text", "name": "title"}],
        }),
    ] {
        server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    }
    switch_on(&server, &token, json!({})).await;
    (server, token)
}

async fn switch_on(server: &Server, token: &str, options: Value) {
    let mut batch = json!({"enabled": true});
    batch.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let patch = json!({"batch": batch});
    server.patch("/api/settings").token(token).json(&patch).send().await.expect(200);
}

async fn batch(server: &Server, requests: Value) -> Reply {
    server.post("/api/batch").json(&json!({"requests": requests})).send().await
}

async fn total(server: &Server) -> i64 {
    server.get(POSTS).send().await.expect(200)["totalItems"].as_i64().unwrap()
}

#[tokio::test]
async fn batches_are_off_until_they_are_switched_on() {
    let server = Server::with_superuser().await;
    let reply = batch(&server, json!([])).await.expect(403);
    assert_eq!(reply["message"], "Batch requests are not allowed.");
    let token = server.superuser().await;
    switch_on(&server, &token, json!({})).await;
    let reply = batch(&server, json!([])).await.expect(400);
    assert_eq!(reply["message"], "Invalid batch request data.");
    assert_eq!(reply.at("/data/requests/code"), "validation_required");
}

#[tokio::test]
async fn replies_have_the_order_of_the_requests() {
    let (server, _) = start().await;
    let id = "aaaaaaaaaaaaaaa";
    let requests = json!([
        {"method": "POST", "url": POSTS, "body": {"id": id, "title": "One", "n": 1}},
        {"method": "PATCH", "url": format!("{POSTS}/{id}?fields=title,n"), "body": {"n+": 2}},
        {"method": "PUT", "url": POSTS, "body": {"id": id, "title": "Two"}},
        {"method": "PUT", "url": format!("{POSTS}?fields=n&n=7"), "body": {"title": "Three"}},
        {"method": "DELETE", "url": format!("{POSTS}/{id}")},
    ]);
    let reply = batch(&server, requests).await.expect(200);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.json[0]["body"]["title"], "One");
    assert_eq!(reply.json[1], json!({"body": {"title": "One", "n": 3}, "status": 200}));
    assert_eq!(reply.json[2]["body"]["title"], "Two");
    assert_eq!(reply.json[3], json!({"body": {"n": 7}, "status": 200}));
    assert_eq!(reply.json[4], json!({"body": null, "status": 204}));
    assert_eq!(total(&server).await, 1);
}

#[tokio::test]
async fn the_mount_may_be_part_of_the_addresses() {
    let (server, _) = start().await;
    for url in [POSTS.to_owned(), format!("/pb{POSTS}")] {
        let requests = json!([{"method": "POST", "url": url, "body": {"title": "One"}}]);
        server.post("/pb/api/batch").json(&json!({"requests": requests})).send().await.expect(200);
    }
    assert_eq!(total(&server).await, 2);
    // There is none here.
    let requests = json!([{"method": "POST", "url": format!("/pb{POSTS}"), "body": {"title": "One"}}]);
    batch(&server, requests).await.expect(400);
}

#[tokio::test]
async fn one_refusal_refuses_all() {
    let (server, _) = start().await;
    let good = json!({"method": "POST", "url": POSTS, "body": {"title": "One"}});
    let invalid = json!({"title": {"code": "validation_required", "message": "Cannot be blank."}});
    let generic = "Something went wrong while processing your request.";
    for (bad, response) in [
        (
            json!({"method": "POST", "url": POSTS, "body": {"n": 1}}),
            json!({"data": invalid, "message": "Failed to create record.", "status": 400}),
        ),
        (
            json!({"method": "DELETE", "url": format!("{POSTS}/nothing")}),
            json!({"data": {}, "message": "The requested resource wasn't found.", "status": 404}),
        ),
        (
            json!({"method": "POST", "url": "/api/collections/nothing/records"}),
            json!({"data": {}, "message": "Missing collection context.", "status": 404}),
        ),
        (json!({"method": "GET", "url": POSTS}), json!({"data": {}, "message": generic, "status": 500})),
    ] {
        let reply = batch(&server, json!([good, bad, good])).await.expect(400);
        let failure = json!({
            "code": "batch_request_failed", "message": "Batch request failed.", "response": response,
        });
        assert_eq!(reply["data"], json!({"requests": {"1": failure}}));
        assert_eq!(reply["message"], "Batch transaction failed.");
    }
    assert_eq!(total(&server).await, 0);
}

#[tokio::test]
async fn batches_are_checked_before_anything_is_done() {
    let (server, token) = start().await;
    switch_on(&server, &token, json!({"maxRequests": 2})).await;
    let good = json!({"method": "POST", "url": POSTS, "body": {"title": "One"}});
    let reply = batch(&server, json!([good, good, good])).await.expect(400);
    assert_eq!(reply.at("/data/requests/message"), "The length must be no more than 2.");
    let reply = batch(&server, json!([good, {"method": "TRACE"}])).await.expect(400);
    assert_eq!(reply.at("/data/requests/1/method/code"), "validation_in_invalid");
    assert_eq!(reply.at("/data/requests/1/url/code"), "validation_required");
    for body in ["[]", "{\"requests\":1}", "{\"requests\":[1]}", "{\"requests\":[{\"url\":1}]}", "{"] {
        let reply = server.post("/api/batch").body("application/json", body).send().await.expect(400);
        assert_eq!(reply["message"], "Failed to read the submitted batch data.", "{body}");
    }
    let reply = server.post("/api/batch").body("text/plain", "x").send().await.expect(400);
    assert_eq!(reply["message"], "Failed to read the submitted batch data.");
    assert_eq!(total(&server).await, 0);
}

#[tokio::test]
async fn a_batch_has_limits() {
    let (server, token) = start().await;
    switch_on(&server, &token, json!({"maxBodySize": 1000})).await;
    let post = |title: String| json!([{"method": "POST", "url": POSTS, "body": {"title": title}}]);
    batch(&server, post("x".repeat(500))).await.expect(200);
    batch(&server, post("x".repeat(1000))).await.expect(413);
    switch_on(&server, &token, json!({"maxBodySize": 0})).await;
    let commas = format!("{{\"requests\":[{}{{}}]}}", "{},".repeat(600_000));
    server.post("/api/batch").body("application/json", commas).send().await.expect(413);
}

#[tokio::test]
async fn rules_see_each_request_as_its_own() {
    let (server, token) = start().await;
    let url = "/api/collections/guarded/records";
    let id = "aaaaaaaaaaaaaaa";
    let create =
        |headers: Value| json!({"method": "POST", "url": url, "headers": headers, "body": {"id": id}});
    batch(&server, json!([create(json!({}))])).await.expect(400);
    batch(&server, json!([create(json!({"x-key": "other"}))])).await.expect(400);
    let as_root = json!({"X-Key": "k", "Authorization": token});
    let update = json!({
        "method": "PATCH", "url": format!("{url}/{id}?k=v"), "headers": as_root, "body": {"title": "T"},
    });
    let reply = batch(&server, json!([create(as_root), update])).await.expect(200);
    assert_eq!(reply.json[1]["body"]["title"], "T");
    // The rule is for batches alone.
    server.post(url).header("X-Key", "k").json(&json!({})).send().await.expect(400);
}

#[tokio::test]
async fn files_come_with_their_requests() {
    let (server, _) = start().await;
    let id = "aaaaaaaaaaaaaaa";
    let file = |text: &str| Part::bytes(text.as_bytes().to_vec()).file_name("scan.txt");
    let send = async |last: Value| {
        let requests = json!([
            {"method": "PUT", "url": POSTS, "body": {"id": id, "title": "One", "scan": "not this"}},
            {"method": "POST", "url": POSTS, "body": {"id": "bbbbbbbbbbbbbbb", "title": "Two"}},
            last,
        ]);
        let form = Form::new().text("@jsonPayload", json!({"requests": requests}).to_string());
        let form = form.part("requests.0.scan", file("first")).part("requests[1].scan", file("second"));
        server.post("/api/batch").form(form).send().await
    };
    send(json!({"method": "POST", "url": POSTS, "body": {}})).await.expect(400);
    let storage = server.data().join("storage");
    assert_eq!(std::fs::read_dir(&storage).map_or(0, Iterator::count), 0, "no file is left");
    let delete = json!({"method": "DELETE", "url": format!("{POSTS}/bbbbbbbbbbbbbbb")});
    let reply = send(delete).await.expect(200);
    let name = reply.json[0]["body"]["scan"].as_str().unwrap();
    let url = format!("/api/files/posts/{id}/{name}");
    assert_eq!(server.get(&url).send().await.expect(200).text(), "first");
    let gone = reply.json[1]["body"]["scan"].as_str().unwrap();
    server.get(&format!("/api/files/posts/bbbbbbbbbbbbbbb/{gone}")).send().await.expect(404);
}
