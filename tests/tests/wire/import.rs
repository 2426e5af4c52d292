//! Many collections at once: what is laid over what, what goes, and what is refused, all of it or nothing.

use baibase_tests::{Reply, Server, login};
use serde_json::{Value, json};

const PATH: &str = "/api/collections";

async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    (server, token)
}

async fn import(server: &Server, token: &str, collections: Value, delete_missing: bool) -> Reply {
    let body = json!({"collections": collections, "deleteMissing": delete_missing});
    server.call(&reqwest::Method::PUT, &format!("{PATH}/import")).token(token).json(&body).send().await
}

async fn view(server: &Server, token: &str, name: &str) -> Reply {
    server.get(&format!("{PATH}/{name}")).token(token).send().await
}

async fn records(server: &Server, token: &str, name: &str) -> Value {
    let path = format!("{PATH}/{name}/records");
    let list = server.get(&path).token(token).query(&[("sort", "id")]).send().await;
    list.expect(200)["items"].clone()
}

fn names(collection: &Reply) -> Vec<&str> {
    collection["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect()
}

/// Tags, and posts that point to them.
fn blog() -> Value {
    json!([
        {
            "id": "pbc_posts", "name": "posts", "type": "base", "listRule": "tags.label != ''",
            "fields": [
                {"type": "text", "name": "title"},
                {"type": "select", "name": "kind", "values": ["a", "b"]},
                {"type": "relation", "name": "tags", "collectionId": "pbc_tags", "maxSelect": 9},
            ],
            "indexes": ["create unique index idx_title on wrong (title)"],
        },
        {"id": "pbc_tags", "name": "tags", "fields": [{"type": "text", "name": "label", "required": true}]},
        {"id": "pbc_stats", "name": "stats", "type": "view", "viewQuery": "select id, title from posts"},
    ])
}

async fn with_blog() -> (Server, String) {
    let (server, token) = start().await;
    import(&server, &token, blog(), false).await.expect(204);
    for (collection, record) in [
        ("tags", json!({"id": "tag100000000000", "label": "one"})),
        ("posts", json!({"id": "post10000000000", "title": "A", "kind": "a", "tags": ["tag100000000000"]})),
    ] {
        server
            .post(&format!("{PATH}/{collection}/records"))
            .token(&token)
            .json(&record)
            .send()
            .await
            .expect(200);
    }
    (server, token)
}

/// What the reply to a refused import says.
fn failure(reply: &Reply) -> &str {
    assert_eq!(reply.at("/message"), "Failed to import collections.");
    assert_eq!(reply.at("/data/collections/code"), "validation_collections_import_failure");
    reply.at("/data/collections/message")
}

#[tokio::test]
async fn collections_refer_to_each_other_in_any_order() {
    let (server, token) = with_blog().await;
    let posts = view(&server, &token, "pbc_posts").await.expect(200);
    assert_eq!(names(&posts), ["id", "title", "kind", "tags"]);
    assert_eq!(posts["indexes"], json!(["CREATE UNIQUE INDEX `idx_title` ON `posts` (`title`)"]));
    assert_eq!(names(&view(&server, &token, "stats").await.expect(200)), ["id", "title"]);
    assert_eq!(records(&server, &token, "stats").await[0]["title"], "A");
}

#[tokio::test]
async fn an_export_can_be_imported_again_and_changes_nothing() {
    let (server, token) = with_blog().await;
    let export = async || {
        let all = [("perPage", "500"), ("sort", "id")];
        let list = server.get(PATH).token(&token).query(&all).send().await.expect(200);
        let mut items = list["items"].clone();
        for item in items.as_array_mut().unwrap() {
            item.as_object_mut().unwrap().remove("updated");
            if item["type"] == "view" {
                // The fields of a view are made anew each time.
                item["fields"] = json!([]);
            }
        }
        items
    };
    let before = export().await;
    for delete_missing in [false, true] {
        import(&server, &token, before.clone(), delete_missing).await.expect(204);
        assert_eq!(export().await, before);
    }
    assert_eq!(records(&server, &token, "posts").await[0]["tags"], json!(["tag100000000000"]));
    // Superusers still are who they were.
    server.get(PATH).token(&token).send().await.expect(200);
}

#[tokio::test]
async fn what_is_not_mentioned_stays_or_goes() {
    let (server, token) = with_blog().await;
    let title = json!([{"name": "posts", "viewRule": "", "fields": [
        {"type": "text", "name": "title"},
        {"type": "number", "name": "size"},
    ]}]);
    import(&server, &token, title.clone(), false).await.expect(204);
    let posts = view(&server, &token, "posts").await.expect(200);
    assert_eq!(names(&posts), ["title", "size", "id", "kind", "tags"]);
    assert_eq!((&posts["viewRule"], &posts["listRule"]), (&json!(""), &json!("tags.label != ''")));
    assert_eq!(records(&server, &token, "posts").await[0]["title"], "A");

    // The list rule needs what would go.
    let refused = import(&server, &token, title.clone(), true).await.expect(400);
    assert!(failure(&refused).starts_with(
        "Data validations failed for collection \"posts\" (pbc_posts):\n{\n  \"listRule\": \"Invalid rule."
    ));
    assert_eq!(records(&server, &token, "tags").await[0]["label"], "one");

    let mut open = title;
    open[0]["listRule"] = json!("");
    import(&server, &token, open, true).await.expect(204);
    let posts = view(&server, &token, "posts").await.expect(200);
    assert_eq!(names(&posts), ["title", "size", "id"]);
    assert_eq!(records(&server, &token, "posts").await[0]["title"], "A");
    for gone in ["tags", "stats", "users", "tbl_company"] {
        view(&server, &token, gone).await.expect(404);
    }
    view(&server, &token, "_superusers").await.expect(200);
    // The names are free.
    import(&server, &token, blog(), false).await.expect(204);
    assert_eq!(records(&server, &token, "tags").await, json!([]));
}

#[tokio::test]
async fn collections_are_matched_by_id_then_by_name() {
    let (server, token) = with_blog().await;
    import(&server, &token, json!([{"name": "TAGS", "listRule": ""}]), false).await.expect(204);
    let tags = view(&server, &token, "pbc_tags").await.expect(200);
    assert_eq!((tags.at("/name"), tags.at("/listRule")), ("TAGS", ""));
    import(&server, &token, json!([{"id": "pbc_tags", "name": "labels"}]), false).await.expect(204);
    assert_eq!(records(&server, &token, "labels").await[0]["label"], "one");
    // One after the other they cannot take each other's names.
    let swap = json!([{"id": "pbc_tags", "name": "posts"}, {"id": "pbc_posts", "name": "labels"}]);
    let refused = import(&server, &token, swap, false).await.expect(400);
    assert!(failure(&refused).contains("UNIQUE constraint failed: _collections.name (2067)"));
    for (item, reason) in [
        (json!({"id": "another", "name": "posts"}), "UNIQUE constraint failed: _collections.name (2067)."),
        (json!({"id": "posts", "name": "other"}), "primary key change is not allowed."),
        (json!({"id": "", "name": "posts"}), "sql: no rows in result set."),
    ] {
        let refused = import(&server, &token, json!([item]), false).await.expect(400);
        let reason = format!("failed to save collection \"{}\": {reason}", item["name"].as_str().unwrap());
        assert!(failure(&refused).contains(reason.split(": ").next().unwrap()), "{}", refused.text());
        assert!(failure(&refused).ends_with(reason.rsplit(": ").next().unwrap()), "{}", refused.text());
    }
}

#[tokio::test]
async fn rows_are_kept_when_fields_change() {
    let (server, token) = with_blog().await;
    let several = json!([{"name": "posts", "fields": [
        {"type": "select", "name": "kind", "values": ["a", "b"], "maxSelect": 2},
        {"type": "relation", "name": "tags", "collectionId": "pbc_tags", "maxSelect": 1},
    ]}]);
    import(&server, &token, several, false).await.expect(204);
    let row = &records(&server, &token, "posts").await[0];
    assert_eq!((&row["kind"], &row["tags"]), (&json!(["a"]), &json!("tag100000000000")));
    // Another type under the same name is another field, for which there is no room.
    let number = json!([{"name": "posts", "fields": [{"type": "number", "name": "title"}]}]);
    let refused = import(&server, &token, number, false).await.expect(400);
    assert!(failure(&refused).starts_with("Failed to import the collections configuration. Raw error:\n"));
    let title = view(&server, &token, "posts").await.expect(200)["fields"]
        .as_array()
        .unwrap()
        .iter()
        .find(|field| field["name"] == "title")
        .unwrap()["id"]
        .clone();
    let by_id = json!([{"name": "posts", "fields": [{"type": "number", "name": "title", "id": title}]}]);
    let refused = import(&server, &token, by_id, false).await.expect(400);
    assert!(failure(&refused).contains("Field type cannot be changed."), "{}", refused.text());
    assert_eq!(records(&server, &token, "posts").await[0]["title"], "A");
}

#[tokio::test]
async fn the_first_wrong_collection_undoes_the_others() {
    let (server, token) = with_blog().await;
    let all = json!([
        {"name": "fine", "fields": [{"type": "text", "name": "x"}]},
        {"name": "posts", "fields": [{"type": "text", "name": "more"}]},
        {"name": "not fine", "fields": [{"type": "select", "name": "a"}], "createRule": "b ="},
    ]);
    let refused = import(&server, &token, all, false).await.expect(400);
    let message = failure(&refused);
    for part in [
        "Data validations failed for collection \"not fine\" (pbc_",
        "\"fields\": {\n    \"1\": {\n      \"values\": \"cannot be blank\"\n    }\n  }",
        "\"name\": \"must be in a valid format\"",
        "\"createRule\": \"Invalid rule. Raw error: position 4 (line 1, column 4): expected a field",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    view(&server, &token, "fine").await.expect(404);
    assert_eq!(names(&view(&server, &token, "posts").await.expect(200)), ["id", "title", "kind", "tags"]);
    let indexes =
        json!([{"name": "fine"}, {"name": "posts", "indexes": ["create index a on posts (nosuch)"]}]);
    let refused = import(&server, &token, indexes, false).await.expect(400);
    assert_eq!(refused.at("/data/indexes/0/code"), "validation_invalid_index_expression");
    view(&server, &token, "fine").await.expect(404);
    // The index that was dropped for it is back.
    let twice = server.post(&format!("{PATH}/posts/records")).token(&token).json(&json!({"title": "A"}));
    assert_eq!(twice.send().await.expect(400).at("/data/title/code"), "validation_not_unique");
}

#[tokio::test]
async fn limits_on_requests_follow_renamed_collections() {
    let (server, token) = with_blog().await;
    let rules = json!([
        {"label": "posts:create", "maxRequests": 5, "duration": 3},
        {"label": "tags:list", "maxRequests": 5, "duration": 3},
    ]);
    let settings = json!({"rateLimits": {"enabled": false, "rules": rules}});
    server.patch("/api/settings").token(&token).json(&settings).send().await.expect(200);
    let renames = json!([{"id": "pbc_posts", "name": "articles"}, {"id": "pbc_tags", "name": "labels"}]);
    import(&server, &token, renames, false).await.expect(204);
    let settings = server.get("/api/settings").token(&token).send().await.expect(200);
    let labels: Vec<&Value> =
        settings["rateLimits"]["rules"].as_array().unwrap().iter().map(|rule| &rule["label"]).collect();
    assert_eq!(labels, ["articles:create", "labels:list"]);
}

#[tokio::test]
async fn bad_bodies_are_refused() {
    let (server, token) = start().await;
    let put = |path: &str| server.call(&reqwest::Method::PUT, &format!("{PATH}/{path}"));
    let loading = "An error occurred while loading the submitted data.";
    for (content_type, body, message) in [
        ("application/json", "{", loading),
        ("application/json", r#"{"collections": 5}"#, loading),
        ("application/json", r#"{"collections": [1]}"#, loading),
        ("application/json", r#"{"collections": [{"name": "a"}], "deleteMissing": "x"}"#, loading),
        ("text/plain", "x", "Unsupported Content-Type."),
    ] {
        let refused = put("import").token(&token).body(content_type, body).send().await.expect(400);
        assert_eq!((refused.at("/message"), &refused["data"]), (message, &json!({})), "{body}");
    }
    for body in [json!({}), json!({"collections": []}), json!({"collections": null, "deleteMissing": true})] {
        let refused = put("import").token(&token).json(&body).send().await.expect(400);
        assert_eq!(refused.at("/message"), "An error occurred while validating the submitted data.");
        assert_eq!(refused.at("/data/collections/code"), "validation_required");
    }
    put("import").json(&json!({})).send().await.expect(401);
    let anna = login(&server, "anna").await;
    put("import").token(&anna.token).json(&json!({})).send().await.expect(403);
    put("imports").token(&token).json(&json!({})).send().await.expect(404);
    // A collection can have that name.
    let created = json!({"name": "import", "type": "base"});
    server.post(PATH).token(&token).json(&created).send().await.expect(200);
    view(&server, &token, "import").await.expect(200);
}
