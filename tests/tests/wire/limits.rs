//! Limits on the rate of requests.

use std::time::{Duration, Instant};

use baibase_tests::Server;
use serde_json::{Value, json};

/// Replaces the rules. Lists merge by position, so each rule is given whole.
async fn set(server: &Server, token: &str, limits: Value) {
    let empty = json!({"rateLimits": {"enabled": false, "rules": []}});
    server.patch("/api/settings").json(&empty).token(token).send().await.expect(200);
    let body = json!({"rateLimits": limits, "batch": {"enabled": true}});
    server.patch("/api/settings").json(&body).token(token).send().await.expect(200);
}

fn rule(label: &str, max: u32) -> Value {
    json!({"label": label, "audience": "", "duration": 60, "maxRequests": max})
}

async fn statuses(server: &Server, path: &str, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for _ in 0..count {
        statuses.push(server.get(path).send().await.status);
    }
    statuses
}

async fn posts() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let rules = ["listRule", "viewRule", "createRule", "updateRule", "deleteRule"];
    let mut collection =
        json!({"name": "posts", "type": "base", "fields": [{"type": "text", "name": "title"}]});
    for rule in rules {
        collection[rule] = "".into();
    }
    server.post("/api/collections").json(&collection).token(&token).send().await.expect(200);
    (server, token)
}

#[tokio::test]
async fn one_request_too_many_is_refused_under_its_label() {
    let (server, token) = posts().await;
    let list = "/api/collections/posts/records";
    set(&server, &token, json!({"enabled": true, "rules": [rule("posts:list", 2), rule("/api/", 3)]})).await;
    assert_eq!(statuses(&server, list, 3).await, [200, 200, 429]);
    let refused = server.get("/pb/api/collections/POSTS/records?page=2").send().await.expect(429);
    assert_eq!(
        refused.json,
        json!({"code": 429, "data": {}, "message": "Too Many Requests.", "status": 429})
    );
    assert_eq!(refused.header("retry-after"), "");
    server.get(list).token(&token).send().await.expect(200);
    // Below a path all requests count together, whatever they are answered with.
    assert_eq!(statuses(&server, "/api/nope", 2).await, [404, 404]);
    assert_eq!(statuses(&server, "/api/health", 2).await, [200, 429]);
    assert_eq!(statuses(&server, "/nope", 1).await, [404]);

    // A change of the settings forgets what was counted.
    set(&server, &token, json!({"enabled": true, "rules": [rule("*:list", 1)]})).await;
    assert_eq!(statuses(&server, list, 2).await, [200, 429]);
    let crons = server.get("/api/crons").token(&token).send().await.expect(200).text();
    assert!(crons.contains(r#"{"id":"__pbRateLimitersCleanup__","expression":"2 * * * *"}"#), "{crons}");

    let excluded = json!({"enabled": true, "rules": [rule("*:list", 1)], "excludedIPs": ["127.0.0.0/8"]});
    set(&server, &token, excluded).await;
    assert_eq!(statuses(&server, list, 3).await, [200, 200, 200]);
}

#[tokio::test]
async fn rules_are_for_guests_or_for_others() {
    let (server, token) = posts().await;
    let rules = json!([
        {"label": "posts:delete", "audience": "@auth", "duration": 60, "maxRequests": 1},
        {"label": "posts:update", "audience": "@guest", "duration": 60, "maxRequests": 1},
    ]);
    set(&server, &token, json!({"enabled": true, "rules": rules})).await;
    let record = "/api/collections/posts/records/nope";
    for expected in [404, 404] {
        server.delete(record).send().await.expect(expected);
    }
    for expected in [404, 429] {
        server.patch(record).json(&json!({})).send().await.expect(expected);
    }
}

#[tokio::test]
async fn the_proxy_says_who_the_client_is() {
    let (server, token) = posts().await;
    let proxy = json!({"trustedProxy": {"headers": ["X-Forwarded-For"]}});
    server.patch("/api/settings").json(&proxy).token(&token).send().await.expect(200);
    set(&server, &token, json!({"enabled": true, "rules": [rule("/api/health", 1)]})).await;
    let health = |ip: &'static str| server.get("/api/health").header("X-Forwarded-For", ip).send();
    for (ip, status) in [("1.1.1.1", 200), ("9.9.9.9, 1.1.1.1", 429), ("2.2.2.2", 200)] {
        health(ip).await.expect(status);
    }
}

#[tokio::test]
async fn parts_of_a_batch_count() {
    let (server, token) = posts().await;
    set(&server, &token, json!({"enabled": true, "rules": [rule("posts:create", 2)]})).await;
    let create = json!({"method": "POST", "url": "/api/collections/posts/records", "body": {"title": "x"}});
    let upsert =
        json!({"method": "PUT", "url": "/api/collections/posts/records", "body": {"id": "abcdefghijklmno"}});
    let batch = json!({"requests": [create, create, upsert]});
    let refused = server.post("/api/batch").json(&batch).send().await.expect(400);
    assert_eq!(refused.json["data"]["requests"]["2"]["response"]["status"], 429, "{}", refused.text());
    let page = server.get("/api/collections/posts/records").send().await.expect(200);
    assert_eq!(page["totalItems"], 0);
}

/// The answer must not tell by its time whether there is something that only the rule hides.
#[tokio::test]
async fn vain_searches_are_delayed_after_a_while() {
    let (server, token) = posts().await;
    let hidden = json!({"listRule": "title = 'shown'"});
    server.patch("/api/collections/posts").json(&hidden).token(&token).send().await.expect(200);
    let search = || server.get("/api/collections/posts/records?filter=title~'x'").send();
    let started = Instant::now();
    for _ in 0..3 {
        search().await.expect(200);
    }
    let quick = started.elapsed();
    // Twelve random delays of up to half a second: less than a quarter of a second in all is out of the question.
    let started = Instant::now();
    let searches = (0..12).map(|_| search());
    for reply in futures_util::future::join_all(searches).await {
        reply.expect(200);
    }
    let slow = started.elapsed();
    assert!(slow > Duration::from_millis(150) && quick < slow + Duration::from_secs(1), "{quick:?} {slow:?}");
}
