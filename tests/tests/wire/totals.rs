//! Totals of lists are remembered, and nobody may notice.

use baibase_tests::Server;
use serde_json::{Value, json};

const PATH: &str = "/api/collections";

/// The total of a list whose page is full: it has to be counted.
async fn total(server: &Server, token: &str, collection: &str, filter: &str) -> Value {
    let path = format!("{PATH}/{collection}/records?perPage=1&filter={filter}");
    server.get(&path).token(token).send().await.expect(200)["totalItems"].clone()
}

async fn make(server: &Server, token: &str, body: Value) -> String {
    server.post(PATH).token(token).json(&body).send().await.expect(200).at("/id").to_owned()
}

#[tokio::test]
async fn totals_follow_every_write() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let topics = make(
        &server,
        &token,
        json!({"name": "topics", "type": "base", "fields": [{"type": "text", "name": "name"}]}),
    );
    let topics = topics.await;
    let topic = json!({"type": "relation", "name": "topic", "collectionId": topics, "maxSelect": 1, "cascadeDelete": true});
    make(&server, &token, json!({"name": "posts", "type": "base", "fields": [topic]})).await;
    let view = json!({"name": "seen", "type": "view", "viewQuery": "SELECT id, topic FROM posts"});
    make(&server, &token, view).await;
    let record = async |collection: &str, body: Value| {
        let path = format!("{PATH}/{collection}/records");
        server.post(&path).token(&token).json(&body).send().await.expect(200).at("/id").to_owned()
    };
    let totals = async || {
        let all = total(&server, &token, "posts", "").await;
        let named = total(&server, &token, "posts", "(topic.name='new')").await;
        let seen = total(&server, &token, "seen", "").await;
        json!([all, named, seen])
    };
    let (old, kept) =
        (record("topics", json!({"name": "old"})).await, record("topics", json!({"name": "kept"})).await);
    for topic in [&old, &old, &old, &kept, &kept] {
        record("posts", json!({"topic": topic})).await;
    }
    assert_eq!(totals().await, json!([5, 0, 5]));
    // A write to a table that the filter alone looks at.
    let path = format!("{PATH}/topics/records/{old}");
    server.patch(&path).token(&token).json(&json!({"name": "new"})).send().await.expect(200);
    assert_eq!(totals().await, json!([5, 3, 5]));
    // One that failed, and one in a batch.
    server
        .post("/api/collections/posts/records")
        .token(&token)
        .json(&json!({"topic": "nope"}))
        .send()
        .await
        .expect(400);
    assert_eq!(totals().await, json!([5, 3, 5]));
    let create = json!({"method": "POST", "url": "/api/collections/posts/records", "body": {"topic": kept}});
    server
        .patch("/api/settings")
        .token(&token)
        .json(&json!({"batch": {"enabled": true}}))
        .send()
        .await
        .expect(200);
    server.post("/api/batch").token(&token).json(&json!({"requests": [create]})).send().await.expect(200);
    assert_eq!(totals().await, json!([6, 3, 6]));
    // In a superuser's own words, by a cascade, and all at once.
    let query = format!(
        "UPDATE posts SET topic = '{kept}' WHERE id = (SELECT min(id) FROM posts WHERE topic = '{old}')"
    );
    server.post("/api/sql").token(&token).json(&json!({"query": query})).send().await.expect(200);
    assert_eq!(totals().await, json!([6, 2, 6]));
    server.delete(&path).token(&token).send().await.expect(204);
    assert_eq!(totals().await, json!([4, 0, 4]));
    server.delete("/api/collections/posts/truncate").token(&token).send().await.expect(204);
    assert_eq!(totals().await, json!([0, 0, 0]));
}
