//! Records that are sent along with others.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it fails"
)]

use engine::{Engine, Request};
use serde_json::{Value, json};

use baibase_engine as engine;

mod support;

use support::{parsed, start, superuser, with_body};

/// Two posts, the first with an author, a tag, a secret and two comments, one of which nobody may view.
async fn blog() -> (Engine, Request, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    let root = superuser(&engine).await;
    let text = || json!({"type": "text", "name": "name"});
    let relation = |name: &str, to: &str, most: u8| json!({"type": "relation", "name": name, "collectionId": to, "maxSelect": most});
    for (name, rule, mut fields) in [
        ("authors", json!(""), vec![]),
        ("tags", json!("@request.context = 'expand'"), vec![]),
        ("secrets", Value::Null, vec![]),
        (
            "posts",
            json!(""),
            vec![
                relation("author", "authors00000000", 1),
                relation("tags", "tags00000000000", 9),
                relation("secret", "secrets00000000", 1),
            ],
        ),
        ("comments", json!("name != 'hidden'"), vec![relation("post", "posts0000000000", 1)]),
        ("covers", json!(""), vec![relation("post", "posts0000000000", 1)]),
    ] {
        fields.push(text());
        let indexes = if name == "covers" {
            json!(["CREATE UNIQUE INDEX `i` ON `covers` (`post`)"])
        } else {
            json!([])
        };
        let collection = json!({
            "id": format!("{name:0<15}"), "name": name, "type": "base", "fields": fields, "indexes": indexes,
            "viewRule": rule, "listRule": "",
        });
        engine.create_collection(&collection).await.unwrap();
    }
    for (collection, record) in [
        ("authors", json!({"id": "author000000001", "name": "Ann"})),
        ("tags", json!({"id": "tag000000000001", "name": "one"})),
        ("tags", json!({"id": "tag000000000002", "name": "two"})),
        ("secrets", json!({"id": "secret000000001", "name": "s"})),
        (
            "posts",
            json!({
                "id": "post00000000001", "name": "first", "author": "author000000001", "secret": "secret000000001",
                "tags": ["tag000000000002", "tag000000000001"],
            }),
        ),
        ("posts", json!({"id": "post00000000002", "name": "second"})),
        ("comments", json!({"id": "comment00000001", "name": "seen", "post": "post00000000001"})),
        ("comments", json!({"id": "comment00000002", "name": "hidden", "post": "post00000000001"})),
        ("covers", json!({"id": "cover0000000001", "name": "red", "post": "post00000000001"})),
    ] {
        engine.create(&with_body(&root, record), collection, Vec::new()).await.unwrap();
    }
    (engine, root, dir)
}

/// The `expand` of a post, as this caller gets it: the names of the records alone.
async fn expanded(engine: &Engine, caller: &Request, id: &str, expand: &str) -> Value {
    let mut request = caller.clone();
    request.query.insert("expand".to_owned(), expand.into());
    let post = parsed(&engine.view(&request, "posts", id).await.unwrap());
    let listed = parsed(&engine.list(&request, "posts").await.unwrap());
    assert!(listed["items"].as_array().unwrap().contains(&post), "a list shows what a view shows");
    names(&post["expand"])
}

/// Takes everything away from expanded records but their names and their own expanded records.
fn names(expand: &Value) -> Value {
    match expand {
        Value::Object(object) if object.contains_key("id") => match object.get("expand") {
            Some(nested) => json!([object["name"], names(nested)]),
            None => object["name"].clone(),
        },
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), names(value))).collect(),
        Value::Array(items) => items.iter().map(names).collect(),
        other => other.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn relations_are_expanded_both_ways() {
    let (engine, _, _dir) = blog().await;
    let guest = Request::default();
    for (expand, expected) in [
        ("author", json!({"author": "Ann"})),
        ("tags", json!({"tags": ["two", "one"]})),
        ("comments_via_post", json!({"comments_via_post": ["seen"]})),
        ("comments(post)", json!({"comments(post)": ["seen"]})),
        ("covers_via_post", json!({"covers_via_post": "red"})),
        (
            "author.posts_via_author.tags, author",
            json!({"author": ["Ann", {"posts_via_author": [["first", {"tags": ["two", "one"]}]]}]}),
        ),
    ] {
        assert_eq!(expanded(&engine, &guest, "post00000000001", expand).await, expected, "{expand}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_expanded_is_left_out() {
    let (engine, root, _dir) = blog().await;
    let guest = Request::default();
    for (id, expand, expected) in [
        ("post00000000001", "nothing", Value::Null),
        ("post00000000001", "name", Value::Null),
        ("post00000000001", "comments_via_name", Value::Null),
        ("post00000000001", "secret", Value::Null),
        ("post00000000001", "secret,author", json!({"author": "Ann"})),
        ("post00000000001", "author.nothing", Value::Null),
        (
            "post00000000001",
            "author.nothing,author.posts_via_author",
            json!({"author": ["Ann", {"posts_via_author": ["first"]}]}),
        ),
        // Where there is nothing to expand, there is nothing below it that could be wrong.
        ("post00000000002", "author", json!({})),
        ("post00000000002", "comments_via_post", json!({})),
    ] {
        assert_eq!(expanded(&engine, &guest, id, expand).await, expected, "{expand}");
    }
    assert_eq!(expanded(&engine, &root, "post00000000001", "secret").await, json!({"secret": "s"}));
    let hidden = expanded(&engine, &root, "post00000000001", "comments_via_post").await;
    assert_eq!(hidden, json!({"comments_via_post": ["seen", "hidden"]}));
}
