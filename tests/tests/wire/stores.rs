//! What the stores do not do alike.

use std::sync::Arc;

use baibase_tests::{Home, Server, Setup};
use serde_json::json;

/// A server with records that have a code, which is unique.
async fn start(home: Home) -> (Server, String) {
    let server = Setup::bare().superuser().home(Arc::new(home)).start().await;
    let token = server.superuser().await;
    let collection = json!({
        "name": "goods", "type": "base", "createRule": "",
        "fields": [{"id": "code1", "name": "code", "type": "text"}, {"id": "name1", "name": "name", "type": "text"}],
        "indexes": ["CREATE UNIQUE INDEX idx_code ON goods (code)"],
    });
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    (server, token)
}

#[tokio::test]
async fn of_two_keys_that_are_there_one_is_told() {
    for (home, field) in [(Home::on_sqlite(), "code"), (Home::on_postgres(), "id")] {
        let (server, _) = start(home).await;
        let post = || server.post("/api/collections/goods/records");
        let record = json!({"id": "goods0000000001", "code": "a"});
        post().json(&record).send().await.expect(200);
        let refused = post().json(&record).send().await.expect(400);
        let told: Vec<_> = refused.json["data"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(told, [field]);
        // One of them alone is told everywhere.
        for (key, other) in [("id", json!({"id": "goods0000000001"})), ("code", json!({"code": "a"}))] {
            let refused = post().json(&other).send().await.expect(400);
            assert_eq!(refused.at(&format!("/data/{key}/code")), "validation_not_unique");
        }
    }
}

#[tokio::test]
async fn a_field_that_a_view_with_calculated_ids_shows_gets_another_name() {
    for (home, status) in [(Home::on_sqlite(), 400), (Home::on_postgres(), 200)] {
        let (server, token) = start(home).await;
        let record = json!({"code": "a", "name": "x"});
        server.post("/api/collections/goods/records").json(&record).send().await.expect(200);
        let query = "SELECT ('g' || a.id) AS id, a.\"name\", count(a.id) AS n FROM goods a \
                     LEFT JOIN goods b ON b.id = a.code GROUP BY a.id";
        let view = json!({"name": "shown", "type": "view", "listRule": "", "viewQuery": query});
        server.post("/api/collections").token(&token).json(&view).send().await.expect(200);
        let fields = json!({"fields": [
            {"id": "code1", "name": "code", "type": "text"}, {"id": "name1", "name": "title", "type": "text"},
        ]});
        let change = server.patch("/api/collections/goods").token(&token).json(&fields).send().await;
        let changed = change.expect(status);
        if status == 400 {
            assert!(changed.at("/message").contains("failed to rename column name - "), "{}", changed.text());
        }
        let shown = server.get("/api/collections/shown/records").send().await.expect(200);
        assert_eq!(shown.at("/items/0/name"), "x");
    }
}
