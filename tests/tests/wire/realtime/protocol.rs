//! The stream itself, and what is refused.

use std::time::{Duration, Instant};

use baibase_tests::{Events, Server};
use serde_json::{Value, json};

use super::{create, post, start};

#[tokio::test]
async fn frames_are_those_that_clients_know() {
    let (server, _) = start().await;
    let mut events = Events::of(&server, "", &["posts/*?x"]).await;
    let headers = events.response().headers();
    for (name, value) in
        [("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no")]
    {
        assert_eq!(headers[name], value);
    }
    create(&server, "a", json!({"title": "<ü>", "secret": "no"})).await;
    let id = events.id().to_owned();
    assert!(id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    let record = format!(
        r#"{{"author":"","collectionId":"pbcposts0000001","collectionName":"posts","id":"{}","parent":"","public":false,"title":"\u003cü\u003e"}}"#,
        post("a")
    );
    let expected =
        format!("id:{id}\nevent:posts/*?x\ndata:{{\"record\":{record},\"action\":\"create\"}}\n\n");
    assert_eq!(events.next().await.text, expected);
}

#[tokio::test]
async fn long_and_short_events_have_the_same_frames() {
    let (server, _) = start().await;
    let mut events = Events::of(&server, "", &["posts/*"]).await;
    let id = events.id().to_owned();
    for (name, length) in [("a", 1), ("b", 4900), ("c", 3700), ("d", 1)] {
        let title = "x".repeat(length);
        create(&server, name, json!({"title": title})).await;
        let text = events.next().await.text;
        let start = format!("id:{id}\nevent:posts/*\ndata:{{\"record\":{{");
        let end = format!(r#""public":false,"title":"{title}"}},"action":"create"}}"#);
        assert!(text.starts_with(&start) && text.ends_with(&format!("{end}\n\n")), "{text}");
    }
}

#[tokio::test]
async fn wrong_requests_are_refused_by_field() {
    let (server, _) = start().await;
    let events = Events::connect(&server).await;
    let subscribe = async |body: Value| server.post("/api/realtime").json(&body).send().await;
    let long = "b".repeat(2501);
    for (body, field, code) in [
        (json!({}), "/data/clientId/code", "validation_required"),
        (json!({"clientId": "x".repeat(256)}), "/data/clientId/code", "validation_length_out_of_range"),
        (
            json!({"clientId": "x", "subscriptions": vec!["a"; 1001]}),
            "/data/subscriptions/code",
            "validation_length_too_long",
        ),
        (
            json!({"clientId": "x", "subscriptions": ["a", long]}),
            "/data/subscriptions/1/code",
            "validation_length_too_long",
        ),
    ] {
        let reply = subscribe(body).await.expect(400);
        assert_eq!(reply.at("/message"), "Something went wrong while processing your request.");
        assert_eq!(reply.at(field), code, "{}", reply.text());
    }
    for body in [json!({"clientId": 1}), json!({"clientId": "x", "subscriptions": "a"})] {
        assert_eq!(subscribe(body).await.expect(400)["data"], json!({}));
    }
    let unknown = subscribe(json!({"clientId": "x"})).await.expect(404);
    assert_eq!(unknown.at("/message"), "Missing or invalid client id.");
    let names: Vec<String> = (0..1000).map(|number| format!("{number:0>2500}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    events.subscribe("", &names).await.expect(204);
    let form = format!("clientId={}&subscriptions=posts&subscriptions=7", events.id());
    server.post("/api/realtime").body("application/x-www-form-urlencoded", form).send().await.expect(204);
}

#[tokio::test]
async fn a_client_is_bound_to_its_address() {
    let (server, token) = start().await;
    let trusted = json!({"trustedProxy": {"headers": ["X-Real-IP"]}});
    server.patch("/api/settings").token(&token).json(&trusted).send().await.expect(200);
    let events = Events::connect(&server).await;
    let body = json!({"clientId": events.id(), "subscriptions": []});
    let reply =
        server.post("/api/realtime").header("X-Real-IP", "10.0.0.1").json(&body).send().await.expect(400);
    assert_eq!(reply.at("/message"), "Invalid realtime client.");
    events.subscribe("", &[]).await.expect(204);
}

#[tokio::test]
async fn a_client_is_gone_when_it_disconnects() {
    let (server, _) = start().await;
    let events = Events::connect(&server).await;
    let id = events.id().to_owned();
    drop(events);
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let reply = server.post("/api/realtime").json(&json!({"clientId": id})).send().await;
        if reply.status == 404 {
            break;
        }
        assert!(Instant::now() < deadline, "{}", reply.text());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_connection_takes_the_place_of_the_one_that_it_names() {
    let (server, _) = start().await;
    let mut first = Events::of(&server, "", &["posts/*"]).await;
    let mut stranger = Events::connect_after(&server, "unknown").await;
    let mut second = Events::connect_after(&server, first.id()).await;
    first.end().await;
    assert_ne!(second.id(), first.id());
    create(&server, "a", json!({})).await;
    second.nothing().await;
    stranger.nothing().await;
}

#[tokio::test]
async fn streams_end_with_the_server() {
    let mut server = Server::with_superuser().await;
    let begun = {
        let mut events = Events::connect(&server).await;
        let begun = Instant::now();
        server.terminate();
        events.end().await;
        begun
    };
    assert!(server.ended().await.success());
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn connects_are_not_logged_and_subscriptions_are() {
    let (server, token) = start().await;
    let mut events = Events::of(&server, "", &["posts/*"]).await;
    create(&server, "a", json!({})).await;
    events.next().await;
    let deadline = Instant::now() + Duration::from_secs(20);
    let urls = loop {
        let filter = [("filter", "data.url ~ '/api/realtime'"), ("perPage", "100")];
        let logs = server.get("/api/logs").token(&token).query(&filter).send().await.expect(200);
        let items = logs["items"].as_array().unwrap().clone();
        if !items.is_empty() {
            break items
                .iter()
                .map(|item| item["data"]["method"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>();
        }
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!(urls, ["POST"]);
}
