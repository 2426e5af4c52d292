//! Statements that superusers write themselves, on either store.

use baibase_tests::{Reply, Server};
use serde_json::{Value, json};

async fn run(server: &Server, token: &str, query: &str) -> Reply {
    server.post("/api/sql").json(&json!({"query": query})).token(token).send().await
}

fn names(reply: &Reply) -> Vec<&str> {
    reply.json["columns"].as_array().unwrap().iter().map(|column| column["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn superusers_ask_the_database() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let found = run(
        &server,
        &token,
        "SELECT name, type AS kind, NULL AS blank FROM _collections WHERE name = 'users'",
    );
    let found = found.await.expect(200);
    assert_eq!(names(&found), ["name", "kind", "blank"]);
    assert_eq!(found["rows"], json!([["users", "auth", null]]));
    assert_eq!((&found["affectedRows"], &found["columns"][0]["type"]), (&json!(0), &json!("TEXT")));
    assert!(found["execTime"].is_u64() && found["columns"][0]["nullable"] == true);
    // Everything is a text, and the last result is the one that is shown.
    let last = run(&server, &token, "SELECT 1; SELECT 2 AS b, 3 AS c").await.expect(200);
    assert_eq!((names(&last), &last["rows"]), (vec!["b", "c"], &json!([["2", "3"]])));
    let many =
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000) SELECT x FROM n";
    assert_eq!(run(&server, &token, many).await.expect(200)["rows"].as_array().unwrap().len(), 1000);
    let picked = server.post("/api/sql?fields=rows").json(&json!({"query": "SELECT 1 AS a"})).token(&token);
    assert_eq!(picked.send().await.expect(200).json, json!({"rows": [["1"]]}));

    for (query, pointer, text) in [
        ("", "/data/query/code", "validation_required"),
        (&"x".repeat(5001), "/data/query/code", "validation_length_too_long"),
        ("  ", "/message", "Failed to execute query. Raw error:\nempty query."),
    ] {
        assert_eq!(run(&server, &token, query).await.expect(400).at(pointer), text);
    }
    let wrong = run(&server, &token, "SELECT * FROM nope").await.expect(400);
    assert!(wrong.at("/message").starts_with("Failed to execute query. Raw error:\n"), "{}", wrong.text());
    let wrong = server.post("/api/sql").json(&json!({"query": 1})).token(&token).send().await.expect(400);
    assert_eq!(wrong["message"], "An error occurred while loading the submitted data.");
    server.post("/api/sql").json(&json!({"query": "SELECT 1"})).send().await.expect(401);
}

#[tokio::test]
async fn changes_happen_together_or_not_at_all() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let run = async |query: &str| run(&server, &token, query).await;
    run("CREATE TABLE notes (id TEXT PRIMARY KEY, size INTEGER)").await.expect(200);
    let inserted =
        run("INSERT INTO notes VALUES ('a', 1); INSERT INTO notes VALUES ('b', 2), ('c', 3)").await;
    let inserted = inserted.expect(200);
    assert_eq!((&inserted["affectedRows"], &inserted["rows"]), (&json!(2), &json!([])));
    let failed =
        run("INSERT INTO notes VALUES ('d', 4); INSERT INTO notes VALUES ('a', 5)").await.expect(400);
    assert!(failed.at("/message").contains("nique") || failed.at("/message").contains("UNIQUE"));
    let count = async || run("SELECT count(*) AS n FROM notes").await.expect(200)["rows"][0][0].clone();
    assert_eq!(count().await, "3");
    let updated = run("update notes set size = 9 where size > 1 returning id").await.expect(200);
    assert_eq!((&updated["affectedRows"], &updated["columns"]), (&json!(2), &json!([])));
    // What begins like a query can change something as well.
    let deleted =
        run("WITH old AS (SELECT 'a' AS id) DELETE FROM notes WHERE id IN (SELECT id FROM old) RETURNING id");
    assert_eq!(deleted.await.expect(200)["rows"], json!([["a"]]));
    assert_eq!(count().await, "2");
    run("DROP TABLE notes").await.expect(200);
    run("SELECT * FROM notes").await.expect(400);
    // Nothing is left behind for others.
    server.get("/api/collections").token(&token).send().await.expect(200);
}

#[tokio::test]
async fn statements_cannot_leave_the_database() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let outside = server.data().join("outside.db");
    let outside = outside.display();
    for query in [
        format!("ATTACH DATABASE '{outside}' AS o"),
        format!("VACUUM INTO '{outside}'"),
        "CREATE TABLE x (a INTEGER); COMMIT; CREATE TABLE y (a INTEGER)".to_owned(),
    ] {
        let reply = run(&server, &token, &query).await;
        let on_postgres = std::env::var("BAIBASE_TEST_STORE").is_ok_and(|store| store == "postgres");
        assert!(reply.status == 400 || on_postgres, "{query}: {}", reply.text());
    }
    assert!(!server.data().join("outside.db").exists());
    let page: Value = run(&server, &token, "SELECT 1 AS a").await.expect(200).json;
    assert_eq!(page["rows"], json!([["1"]]));
}
