//! What is told of a filter, a sort or a rule that cannot be used: everything to superusers and in the log, nothing to
//! others.

use baibase_tests::{Reply, Server};
use serde_json::{Value, json};

const LIST: &str = "/api/collections/posts/records";

/// Posts that everybody may list, and authors that only superusers may.
async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let authors = json!({"name": "authors", "type": "base", "fields": [{"type": "text", "name": "name"}]});
    let authors = server.post("/api/collections").token(&token).json(&authors).send().await.expect(200);
    let posts = json!({
        "name": "posts", "type": "base", "listRule": "", "viewRule": "", "createRule": "",
        "fields": [
            {"type": "text", "name": "title"},
            {"type": "text", "name": "secret", "hidden": true},
            {"type": "relation", "name": "author", "collectionId": authors.at("/id"), "maxSelect": 1},
        ],
    });
    server.post("/api/collections").token(&token).json(&posts).send().await.expect(200);
    (server, token)
}

async fn list(server: &Server, path: &str, token: &str, query: &[(&str, &str)]) -> Reply {
    let call = server.get(path).query(query);
    if token.is_empty() { call.send().await } else { call.token(token).send().await }
}

/// What PocketBase answers.
fn without_reason() -> Value {
    json!({
        "code": 400, "status": 400, "data": {},
        "message": "Something went wrong while processing your request.",
    })
}

#[tokio::test]
async fn superusers_are_told_where_a_filter_is_wrong_and_others_are_not() {
    let (server, token) = start().await;
    for (filter, position, length, problem) in [
        ("title =", 8, 0, "expected a field, a text, a number or a function, found the end"),
        ("title = 'é' && nope = 1", 16, 4, "expected a field of \"posts\", found \"nope\""),
        ("author.nope = 1", 8, 4, "expected a field of \"authors\", found \"nope\""),
        (
            "title:nope = 1",
            1,
            10,
            "expected :isset, :each, :length, :lower or :changed after \"title\", found \":nope\"",
        ),
        ("max(1) = 1", 1, 3, "expected geoDistance or strftime, found \"max\""),
        ("@collection.nope.x = 1", 13, 4, "expected a collection, found \"nope\""),
    ] {
        let told = list(&server, LIST, &token, &[("filter", filter)]).await.expect(400);
        assert_eq!(told.at("/message"), "Something went wrong while processing your request.");
        let place = format!("position {position} (line 1, column {position})");
        assert_eq!(
            told["data"],
            json!({"filter": {
                "code": "validation_invalid_filter",
                "message": format!("Invalid filter, {place}: {problem}."),
                "params": {"position": position, "line": 1, "column": position, "length": length},
            }})
        );
        if !filter.contains("@collection") {
            let guest = list(&server, LIST, "", &[("filter", filter)]).await.expect(400);
            assert_eq!(guest.json, without_reason(), "{filter}");
        }
    }
}

#[tokio::test]
async fn superusers_are_told_where_a_sort_is_wrong_and_others_are_not() {
    let (server, token) = start().await;
    let query = [("sort", "-title,author.nope")];
    let told = list(&server, LIST, &token, &query).await.expect(400);
    assert_eq!(told.at("/data/sort/code"), "validation_invalid_sort");
    assert_eq!(
        told.at("/data/sort/message"),
        "Invalid sort, position 15 (line 1, column 15): expected a field of \"authors\", found \"nope\"."
    );
    assert_eq!(list(&server, LIST, "", &query).await.expect(400).json, without_reason());
}

#[tokio::test]
async fn the_list_of_collections_tells_too() {
    let (server, token) = start().await;
    let told = list(&server, "/api/collections", &token, &[("filter", "fields = 1")]).await.expect(400);
    assert_eq!(
        told.at("/data/filter/message"),
        "Invalid filter, position 1 (line 1, column 1): \
         expected one of id, created, updated, name, system, type, found \"fields\"."
    );
    let told = list(&server, "/api/collections", &token, &[("sort", "name,,id")]).await.expect(400);
    assert_eq!(told["data"]["sort"]["params"]["position"], 6);
}

#[tokio::test]
async fn what_guests_are_not_told_is_in_the_log() {
    let (server, _) = start().await;
    for filter in ["author.name = 'x'", "title = 'x' && secret = 'y'", "title = 1 and title = 2"] {
        let guest = list(&server, LIST, "", &[("filter", filter)]).await.expect(400);
        assert_eq!(guest.json, without_reason());
    }
    let log = server.log();
    for (position, problem) in [
        (1, r#"the collection \"authors\" is for superusers"#),
        (16, r#"the field \"secret\" of \"posts\" is for superusers"#),
        (11, r#"expected &&, || or the end, found \"and\""#),
    ] {
        let line =
            log.lines().find(|line| line.contains(problem)).unwrap_or_else(|| panic!("{problem}\n{log}"));
        let place = format!("part=filter position={position} line=1 column={position}");
        assert!(line.contains(&place) && line.contains("request refused"), "{line}");
    }
}

#[tokio::test]
async fn a_rule_that_broke_is_in_the_log() {
    let (server, token) = start().await;
    let text = "title != ''\n  && author.name != 'x'";
    let rule = json!({"listRule": text, "viewRule": text, "updateRule": text, "deleteRule": text});
    server.patch("/api/collections/posts").token(&token).json(&rule).send().await.expect(200);
    let post = json!({"id": "post10000000000", "title": "x"});
    server.post(LIST).token(&token).json(&post).send().await.expect(200);
    // A renamed field is not followed by rules of other collections.
    let fields = json!({"fields": [{"type": "text", "name": "called"}]});
    server.patch("/api/collections/authors").token(&token).json(&fields).send().await.expect(200);
    assert_eq!(list(&server, LIST, "", &[]).await.expect(400).json, without_reason());
    // Of a single record nobody learns that the rule is what hides it.
    let record = format!("{LIST}/post10000000000");
    server.get(&record).send().await.expect(404);
    server.patch(&record).json(&json!({"title": "y"})).send().await.expect(404);
    server.delete(&record).send().await.expect(404);
    // Superusers stand above rules.
    list(&server, LIST, &token, &[]).await.expect(200);
    let log = server.log();
    let problem = r#"expected a field of \"authors\", found \"name\""#;
    let line = log.lines().find(|line| line.contains(problem)).unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("part=listRule of posts position=25 line=2 column=13"), "{line}");
}

#[tokio::test]
async fn a_rule_that_cannot_be_saved_is_told_by_its_place() {
    let (server, token) = start().await;
    for (key, rule, problem) in [
        (
            "listRule",
            "title ==",
            "position 7 (line 1, column 7): expected an operator: = != ~ !~ < <= > >=, or one of them after a ?, found \"==\".",
        ),
        (
            "viewRule",
            "title = 1 &&\nnope = 2",
            "position 14 (line 2, column 1): expected a field of \"posts\", found \"nope\".",
        ),
        (
            "updateRule",
            "strftime() = 1",
            "position 1 (line 1, column 1): expected a format, a time and up to eight modifiers in strftime, found none.",
        ),
    ] {
        let reply =
            server.patch("/api/collections/posts").token(&token).json(&json!({key: rule})).send().await;
        let reply = reply.expect(400);
        assert_eq!(
            reply["data"],
            json!({key: {"code": "validation_invalid_rule", "message": format!("Invalid rule. Raw error: {problem}")}})
        );
    }
}
