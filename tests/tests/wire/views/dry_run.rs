use serde_json::json;

use super::{Notes, PATH, id};

#[tokio::test]
async fn a_query_is_tried_out() {
    let notes = Notes::start().await;
    let tried =
        notes.dry_run("SELECT id, title, (size * 2) AS twice FROM notes ORDER BY id").await.expect(200);
    let kinds: Vec<_> = tried["fields"].as_array().unwrap().iter().map(|field| &field["type"]).collect();
    assert_eq!(kinds, ["text", "text", "json"]);
    let sample = tried["sample"].as_array().unwrap();
    assert_eq!(sample.len(), 3);
    assert_eq!((&sample[1]["id"], &sample[1]["twice"]), (&json!(id("note", 1)), &json!(5)));
    assert!(sample[0]["collectionName"].as_str().unwrap().starts_with("temp_view_"));

    let all =
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 40) SELECT n AS id FROM n";
    let tried = notes.dry_run(all).await.expect(200);
    assert_eq!(tried["sample"].as_array().unwrap().len(), 10);
    assert_eq!(tried["sample"][9]["id"], "10");
    assert_eq!(notes.dry_run("SELECT id FROM notes WHERE false").await.expect(200)["sample"], json!([]));
}

#[tokio::test]
async fn only_superusers_try_queries_out_and_the_form_is_checked() {
    let notes = Notes::start().await;
    let path = format!("{PATH}/meta/dry-run-view");
    notes.server.post(&path).json(&json!({"query": "SELECT 1 AS id"})).send().await.expect(401);
    for (body, code) in [
        (json!({}), "validation_required"),
        (json!({"query": ""}), "validation_required"),
        (json!({"query": format!("SELECT 1 AS id{}", " ".repeat(5000))}), "validation_length_too_long"),
    ] {
        let refused = notes.server.post(&path).token(&notes.token).json(&body).send().await.expect(400);
        assert_eq!(refused.at("/message"), "An error occurred while validating the submitted data.");
        assert_eq!(refused.at("/data/query/code"), code);
    }
    let wrong =
        notes.server.post(&path).token(&notes.token).json(&json!({"query": 1})).send().await.expect(400);
    assert_eq!(wrong.at("/message"), "An error occurred while loading the submitted data.");
}

#[tokio::test]
async fn nothing_is_changed() {
    let notes = Notes::start().await;
    for query in [
        "DELETE FROM notes",
        "DROP TABLE notes",
        "SELECT id FROM notes; DELETE FROM notes",
        "SELECT id FROM (DELETE FROM notes RETURNING id)",
        "WITH gone AS (DELETE FROM notes RETURNING id) SELECT id FROM gone",
        "SELECT id FROM notes) /* ' */; DELETE FROM notes; /* ' */ SELECT (1",
        "SELECT id FROM notes); DELETE FROM notes; --",
        "SELECT 1 AS id) AS x; DROP TABLE notes; SELECT * FROM (SELECT 1 AS id",
        "PRAGMA user_version = 7",
        "ATTACH 'other.db' AS other",
        "SELECT id, load_extension('nothing') AS x FROM notes",
        "SELECT id, setval('x', 1) AS x FROM notes",
        "SELECT id, pg_read_file('PG_VERSION') AS x FROM notes",
        "SELECT id INTO other FROM notes",
        "CREATE VIEW other AS SELECT id FROM notes",
    ] {
        let refused = notes.dry_run(query).await.expect(400);
        assert!(refused.at("/message").starts_with("Invalid view query. Raw error: \n"), "{query}");
    }
    notes.dry_run("SELECT id, title FROM notes").await.expect(200);
    assert_eq!(notes.values("notes", "title").await, ["alpha", "Beta", "10"]);
    // Neither a view nor a collection is left behind.
    let list = notes.server.get(PATH).token(&notes.token).query(&[("filter", "type = 'view'")]);
    assert_eq!(list.send().await.expect(200)["totalItems"], 0);
    notes.view("temporary", "SELECT id FROM notes").await.expect(200);
    notes.delete("temporary").await.expect(204);
    notes.delete("notes").await.expect(204);
}
