//! Changes of collections on a real store.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use engine::ErrorKind;
use serde_json::{Value, json};

use baibase_engine as engine;

mod support;

use support::{create, parsed, start};

fn object(value: Value) -> serde_json::Map<String, Value> {
    let Value::Object(object) = value else { panic!("an object") };
    object
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_cannot_be_made_is_told_by_its_position() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    let posts = json!({"name": "posts", "fields": [{"type": "text", "name": "title"}]});
    engine.create_collection(&posts).await.unwrap();
    for _ in 0..2 {
        let collection = engine.catalog().by_name("posts").unwrap().collection.clone();
        let mut record = engine::Record::new(collection);
        record.set("title", "same");
        create(&engine, &record).await.unwrap();
    }
    for (index, reason) in [
        (
            "create unique index u on posts (title)",
            "constraint failed: UNIQUE constraint failed: posts.title (2067)",
        ),
        (
            "create unique index u on posts (lower(title))",
            "constraint failed: UNIQUE constraint failed: index 'u' (2067)",
        ),
        ("create index u on posts (nope)", "SQL logic error: no such column: nope (1)"),
    ] {
        let change = json!({"indexes": ["create index first on posts (title desc)", index]});
        let error = engine.update_collection("posts", &change).await.unwrap_err();
        assert_eq!((error.kind, &*error.message), (ErrorKind::BadRequest, "Failed to update collection."));
        let expected = json!({"indexes": {"1": {
            "code": "validation_invalid_index_expression",
            "message": format!("Failed to create index u - {reason}."),
        }}});
        assert_eq!(error.data.to_json(), expected);
    }
    assert_eq!(parsed(&engine.view_collection("posts").unwrap())["indexes"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_on_requests_follow_a_renamed_collection() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    engine.create_collection(&json!({"name": "posts"})).await.unwrap();
    // A directory may have lost them.
    let database = rusqlite::Connection::open(dir.path().join("data.db")).unwrap();
    database.execute("DELETE FROM _params", []).unwrap();
    let rule = json!({"label": "posts:create", "duration": 1, "maxRequests": 1});
    engine.update_settings(&object(json!({"rateLimits": {"rules": [rule]}}))).await.unwrap();
    engine.update_collection("posts", &json!({"name": "articles"})).await.unwrap();
    assert_eq!(engine.settings().rate_limits.rules[0].label, "articles:create");
    engine.close().await.unwrap();
    let again = start(dir.path(), Vec::new()).await.unwrap();
    assert_eq!(again.settings().rate_limits.rules[0].label, "articles:create");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_keeps_its_id() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    engine.create_collection(&json!({"name": "posts"})).await.unwrap();
    let error = engine.update_collection("posts", &json!({"id": "another"})).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::BadRequest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_name_of_the_database_itself_is_refused_in_its_words() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    let error = engine.create_collection(&json!({"name": "sqlite_x"})).await.unwrap_err();
    let reason = "SQL logic error: object name reserved for internal use: sqlite_x (1)";
    assert_eq!(error.kind, ErrorKind::BadRequest);
    assert_eq!(error.message, format!("Failed to create collection. Raw error: \n{reason}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_to_log_in_by_is_not_blank() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    let members = json!({"name": "members", "type": "auth", "passwordAuth": {"identityFields": [""]}});
    let error = engine.create_collection(&members).await.unwrap_err();
    let code = &error.data.to_json()["passwordAuth"]["identityFields"]["code"];
    assert_eq!(code, "validation_required");
}
