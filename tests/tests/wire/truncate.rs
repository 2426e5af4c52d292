//! Emptying a collection, and the collections that a new one can start from.

use baibase_tests::{Server, login};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const PATH: &str = "/api/collections";

async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    (server, token)
}

async fn collection(server: &Server, token: &str, name: &str, fields: Value) -> String {
    let body = json!({"name": name, "type": "base", "fields": fields});
    let created = server.post(PATH).token(token).json(&body).send().await.expect(200);
    created.at("/id").to_owned()
}

async fn record(server: &Server, token: &str, collection: &str, body: Value) -> String {
    let path = format!("{PATH}/{collection}/records");
    server.post(&path).token(token).json(&body).send().await.expect(200).at("/id").to_owned()
}

async fn count(server: &Server, token: &str, collection: &str) -> Value {
    let path = format!("{PATH}/{collection}/records");
    server.get(&path).token(token).send().await.expect(200)["totalItems"].clone()
}

async fn truncate(server: &Server, token: &str, collection: &str) -> baibase_tests::Reply {
    server.delete(&format!("{PATH}/{collection}/truncate")).token(token).send().await
}

#[tokio::test]
async fn records_go_with_what_depends_on_them_and_their_files() {
    let (server, token) = start().await;
    let posts =
        collection(&server, &token, "posts", json!([{"type": "file", "name": "picture", "maxSelect": 1}]))
            .await;
    let to_posts = |name: &str, cascade: bool| json!([{"type": "relation", "name": name, "collectionId": posts, "maxSelect": 9, "cascadeDelete": cascade}]);
    collection(&server, &token, "comments", to_posts("post", true)).await;
    collection(&server, &token, "links", to_posts("to", false)).await;
    for number in 0..3 {
        let file = Part::bytes(b"text".to_vec()).file_name("a.txt");
        let form = Form::new().part("picture", file);
        let created = server.post(&format!("{PATH}/posts/records")).token(&token).form(form).send().await;
        let id = created.expect(200).at("/id").to_owned();
        record(&server, &token, "comments", json!({"post": [id]})).await;
        if number == 0 {
            record(&server, &token, "links", json!({"to": [id]})).await;
        }
    }
    let files = server.data().join("storage").join(&posts);
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 3);

    truncate(&server, &token, "POSTS").await.expect(204);
    assert_eq!(count(&server, &token, "posts").await, 0);
    assert_eq!(count(&server, &token, "comments").await, 0);
    let links = server.get(&format!("{PATH}/links/records")).token(&token).send().await.expect(200);
    assert_eq!(links["items"][0]["to"], json!([]));
    assert_eq!(std::fs::read_dir(&files).map_or(0, Iterator::count), 0);
    // There is nothing left to delete, and it can be filled again.
    truncate(&server, &token, &posts).await.expect(204);
    record(&server, &token, "posts", json!({})).await;
}

#[tokio::test]
async fn a_record_that_is_required_elsewhere_keeps_all_of_them() {
    let (server, token) = start().await;
    let posts = collection(&server, &token, "posts", json!([{"type": "text", "name": "title"}])).await;
    let required = json!([{"type": "relation", "name": "post", "collectionId": posts, "maxSelect": 1, "required": true}]);
    collection(&server, &token, "marks", required).await;
    record(&server, &token, "posts", json!({"title": "a"})).await;
    let needed = record(&server, &token, "posts", json!({"title": "b"})).await;
    let mark = record(&server, &token, "marks", json!({"post": needed})).await;
    let refused = truncate(&server, &token, "posts").await.expect(400);
    assert_eq!(
        refused.json,
        json!({
            "code": 400, "status": 400, "data": {},
            "message": "Failed to truncate collection (most likely due to required cascade delete record references).",
        })
    );
    assert_eq!(count(&server, &token, "posts").await, 2);
    server.delete(&format!("{PATH}/marks/records/{mark}")).token(&token).send().await.expect(204);
    truncate(&server, &token, "posts").await.expect(204);
    assert_eq!(count(&server, &token, "posts").await, 0);
    // Somebody must be able to get in.
    truncate(&server, &token, "_superusers").await.expect(400);
}

#[tokio::test]
async fn more_records_than_are_looked_at_at_a_time_that_hang_together() {
    let (server, token) = start().await;
    let nodes = collection(&server, &token, "nodes", json!([])).await;
    let parent = json!({"fields": [
        {"type": "relation", "name": "parent", "collectionId": nodes, "maxSelect": 1, "cascadeDelete": true},
    ]});
    server.patch(&format!("{PATH}/nodes")).token(&token).json(&parent).send().await.expect(200);
    let root = record(&server, &token, "nodes", json!({})).await;
    let rows = (0..1100).map(|number| {
        let parent = if number % 2 == 0 { root.as_str() } else { "" };
        format!("('node{number:011}', '{parent}')")
    });
    let rows = rows.collect::<Vec<_>>().join(", ");
    server.database().run(&format!("INSERT INTO nodes (id, parent) VALUES {rows}"));
    assert_eq!(count(&server, &token, "nodes").await, 1101);
    truncate(&server, &token, "nodes").await.expect(204);
    assert_eq!(count(&server, &token, "nodes").await, 0);
}

#[tokio::test]
async fn only_superusers_truncate() {
    let (server, token) = start().await;
    let anna = login(&server, "anna").await;
    collection(&server, &token, "posts", json!([])).await;
    for (path, method) in [("posts/truncate", "DELETE"), ("meta/scaffolds", "GET")] {
        let call = || server.call(&method.parse().unwrap(), &format!("{PATH}/{path}"));
        call().send().await.expect(401);
        call().token(&anna.token).send().await.expect(403);
    }
    truncate(&server, &token, "nosuch").await.expect(404);
}

#[tokio::test]
async fn scaffolds_are_collections_without_a_name() {
    let (server, token) = start().await;
    let path = format!("{PATH}/meta/scaffolds");
    let scaffolds = server.get(&path).token(&token).send().await.expect(200);
    let kinds: Vec<&String> = scaffolds.json.as_object().unwrap().keys().collect();
    assert_eq!(kinds, ["auth", "base", "view"]);
    let names = |kind: &str| -> Vec<&str> {
        scaffolds[kind]["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect()
    };
    assert_eq!(names("auth"), ["id", "password", "tokenKey", "email", "emailVisibility", "verified"]);
    assert_eq!((names("base"), names("view")), (vec!["id"], vec![]));
    for kind in kinds {
        let scaffold = &scaffolds[kind.as_str()];
        assert_eq!(
            (&scaffold["id"], &scaffold["name"], &scaffold["type"]),
            (&json!(""), &json!(""), &json!(kind))
        );
    }
    assert!(!scaffolds.text().contains("secret"));
    // With a name, one can be created. The names of indexes differ each time.
    let mut auth = scaffolds["auth"].clone();
    auth["name"] = json!("members");
    server.post(PATH).token(&token).json(&auth).send().await.expect(200);
    let again = server.get(&path).token(&token).send().await.expect(200);
    assert_ne!(again["auth"]["indexes"], scaffolds["auth"]["indexes"]);
    // A collection may be called like a part of the path.
    collection(&server, &token, "meta", json!([])).await;
    server.get(&format!("{PATH}/meta/records")).token(&token).send().await.expect(200);
    server.get(&format!("{PATH}/meta")).token(&token).send().await.expect(200);
}
