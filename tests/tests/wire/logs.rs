//! The stored logs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use baibase_tests::{Home, Server, Setup};
use serde_json::{Value, json};

/// Entries are written a moment after the reply.
async fn entries(server: &Server, token: &str, filter: &str) -> Vec<Value> {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let page = server.get("/api/logs").query(&[("filter", filter), ("sort", "@rowid")]).token(token);
        let items = page.send().await.expect(200).json["items"].as_array().unwrap().clone();
        if !items.is_empty() || Instant::now() > deadline {
            return items;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn superusers_remove_all_of_them() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    server.get("/api/collections/nope/records?n=1").send().await.expect(404);
    assert_eq!(entries(&server, &token, "data.status = 404").await.len(), 1);
    let refused = server.delete("/api/logs").send().await.expect(401);
    assert_eq!(refused["message"], "The request requires valid record authorization token.");
    // This one waits to be written, and is removed as well.
    server.get("/api/collections/nope/records?n=2").send().await.expect(404);
    let removed = server.delete("/api/logs").token(&token).send().await.expect(204);
    assert!(removed.bytes.is_empty());
    server.get("/api/collections/nope/records?n=3").send().await.expect(404);
    let left = entries(&server, &token, "data.status = 404").await;
    let [entry] = left.as_slice() else { panic!("{left:?}") };
    assert_eq!(entry["data"]["url"], "/api/collections/nope/records?n=3");
    let all = server.get("/api/logs").token(&token).send().await.expect(200);
    assert_eq!(all["totalItems"], 1);
}

#[tokio::test]
async fn requests_can_be_looked_up() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let refused = server.get("/api/collections/nope/records?x=%E4%BD%A0&token=secret").token(&token);
    refused.header("user-agent", "test/1").header("referer", "https://example.com/").send().await.expect(404);

    let found = entries(&server, &token, "data.status = 404 && message ~ 'nope'").await;
    let [entry] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(entry["message"], "GET /api/collections/nope/records?x=你&token=***");
    assert_eq!(entry["level"], 8);
    assert_eq!(entry["id"].as_str().unwrap().len(), 15);
    let data = &entry["data"];
    assert_eq!(data["url"], "/api/collections/nope/records?x=%E4%BD%A0&token=***");
    assert!(data["execTime"].as_f64().unwrap() > 0.0);
    for (key, value) in [
        ("type", json!("request")),
        ("method", json!("GET")),
        ("status", json!(404)),
        ("auth", json!("_superusers")),
        ("error", json!("Missing collection context.")),
        ("referer", json!("https://example.com/")),
        ("userAgent", json!("test/1")),
        ("userIP", json!("127.0.0.1")),
        ("remoteIP", json!("127.0.0.1")),
    ] {
        assert_eq!(data[key], value, "{key}");
    }
    assert_eq!(data.get("authId"), None);

    let id = entry["id"].as_str().unwrap();
    let view = server.get(&format!("/api/logs/{id}")).token(&token).send().await.expect(200);
    assert_eq!(view.json, *entry);
    server.get("/api/logs/nope").token(&token).send().await.expect(404);
    server.get("/api/logs").send().await.expect(401);

    let stats = server.get("/api/logs/stats").query(&[("filter", "data.userAgent = 'test/1'")]).token(&token);
    let stats = stats.send().await.expect(200).json;
    let hour = format!("{}:00:00.000Z", entry["created"].as_str().unwrap().split_at(13).0);
    assert_eq!(stats, json!([{"date": hour, "total": 1}]));
    let bad = server.get("/api/logs/stats").query(&[("filter", "level >")]).token(&token).send().await;
    assert_eq!(bad.expect(400).json["message"], "Invalid filter format.");
}

#[tokio::test]
async fn the_settings_say_what_is_kept() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let set = |logs: Value| server.patch("/api/settings").json(&json!({"logs": logs})).token(&token);
    set(json!({"minLevel": 8, "logIP": false, "logAuthId": true})).send().await.expect(200);
    server.get("/api/collections?page=quiet").token(&token).send().await.expect(400);
    let kept = entries(&server, &token, "data.status = 400").await;
    assert_eq!(kept[0]["data"].get("userIP"), None);
    assert_eq!(kept[0]["data"]["authId"].as_str().unwrap().len(), 15);
    // Requests that went well are below the level, those from before the change included.
    assert_eq!(entries(&server, &token, "level >= 0").await.len(), kept.len());

    set(json!({"maxDays": 0})).send().await.expect(200);
    server.get("/api/collections?page=silent").token(&token).send().await.expect(400);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let all = server.get("/api/logs").token(&token).send().await.expect(200);
    assert_eq!(all.json["totalItems"], 0, "{}", all.json);
}

#[tokio::test]
async fn logs_that_are_turned_off_take_no_room() {
    let server = Setup::new().home(Arc::new(Home::on_sqlite())).superuser().start().await;
    let token = server.superuser().await;
    let path = server.data().join("auxiliary.db");
    let size = || path.metadata().unwrap().len();
    let logs = rusqlite::Connection::open(&path).unwrap();
    logs.busy_timeout(Duration::from_secs(10)).unwrap();
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
                INSERT INTO _logs (id, level, message, data, created)
                SELECT 'log' || i, 0, printf('%.*c', 10000, 'x'), '{}', strftime('%Y-%m-%d %H:%M:%fZ') FROM n";
    logs.execute_batch(many).unwrap();
    logs.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(logs);
    assert!(size() > 3_000_000, "{}", size());
    let off = json!({"logs": {"maxDays": 0}});
    server.patch("/api/settings").json(&off).token(&token).send().await.expect(200);
    let deadline = Instant::now() + Duration::from_secs(10);
    while size() > 500_000 {
        assert!(Instant::now() < deadline, "{}", size());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn what_waits_is_written_before_the_end() {
    let mut server = Server::with_superuser().await;
    server.get("/api/collections/last/records").send().await.expect(404);
    server.terminate();
    assert!(server.ended().await.success());
    let server = Setup::new().home(server.home()).start().await;
    let token = server.superuser().await;
    assert_eq!(entries(&server, &token, "message ~ '/last/'").await.len(), 1);
}
