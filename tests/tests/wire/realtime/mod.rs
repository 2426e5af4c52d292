//! Changes of records, told to clients as they happen.

mod access;
mod callers;
mod protocol;
mod topics;

use baibase_tests::Server;
use serde_json::{Value, json};

const POSTS: &str = "/api/collections/posts/records";
const PEOPLE: &str = "/api/collections/people/records";

/// A server with people who can log in and posts that everybody may do everything to, and the superuser's token.
async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let people = json!({
        "id": "pbcpeople000001", "name": "people", "type": "auth", "listRule": "", "viewRule": "", "updateRule": "",
        "fields": [{"type": "text", "name": "name"}],
    });
    let posts = json!({
        "id": "pbcposts0000001", "name": "posts",
        "listRule": "", "viewRule": "", "createRule": "", "updateRule": "", "deleteRule": "",
        "fields": [
            {"type": "text", "name": "title"},
            {"type": "bool", "name": "public"},
            {"type": "text", "name": "secret", "hidden": true},
            {"type": "relation", "name": "author", "collectionId": "pbcpeople000001", "maxSelect": 1},
        ],
    });
    for collection in [people, posts] {
        server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    }
    // A collection cannot point to itself before it is there.
    let posts = server.get("/api/collections/posts").token(&token).send().await.expect(200);
    let mut fields = posts["fields"].clone();
    let parent = json!({"type": "relation", "name": "parent", "collectionId": "pbcposts0000001", "cascadeDelete": true});
    fields.as_array_mut().unwrap().push(parent);
    change(&server, &token, "posts", json!({"fields": fields})).await;
    for name in ["anna", "bert"] {
        let person = json!({
            "id": person(name), "name": name, "email": format!("{name}@example.com"),
            "password": "12345678", "passwordConfirm": "12345678",
        });
        server.post(PEOPLE).token(&token).json(&person).send().await.expect(200);
    }
    (server, token)
}

/// The id of a person.
fn person(name: &str) -> String {
    format!("{name}00000000000")
}

async fn login(server: &Server, name: &str) -> String {
    let body = json!({"identity": format!("{name}@example.com"), "password": "12345678"});
    let reply =
        server.post("/api/collections/people/auth-with-password").json(&body).send().await.expect(200);
    reply.at("/token").to_owned()
}

/// The id of a post.
fn post(name: &str) -> String {
    format!("{name:0>15}")
}

async fn create(server: &Server, name: &str, fields: Value) {
    let mut body = json!({"id": post(name)});
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    server.post(POSTS).json(&body).send().await.expect(200);
}

async fn update(server: &Server, name: &str, fields: Value) {
    server.patch(&format!("{POSTS}/{}", post(name))).json(&fields).send().await.expect(200);
}

async fn delete(server: &Server, name: &str) {
    server.delete(&format!("{POSTS}/{}", post(name))).send().await.expect(204);
}

/// Changes a collection.
async fn change(server: &Server, token: &str, collection: &str, options: Value) {
    let path = format!("/api/collections/{collection}");
    server.patch(&path).token(token).json(&options).send().await.expect(200);
}

/// A topic with options, as the SDKs write it.
fn with(topic: &str, query: &Value) -> String {
    let options = json!({"query": query, "headers": {"X-Key": "k"}}).to_string();
    let escape = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    format!("{topic}?options={}", options.bytes().map(escape).collect::<String>())
}
