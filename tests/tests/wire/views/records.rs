use serde_json::{Value, json};

use super::{Notes, PATH, id};

#[tokio::test]
async fn fields_and_records_follow_the_query() {
    let notes = Notes::start().await;
    let query = "SELECT n.id, n.title AS heading, n.tag, t.label, t.id AS other, count(*) AS rows, \
                 cast(n.size AS int) AS whole, (n.size * 2) AS twice, n.active, n.data \
                 FROM notes n LEFT JOIN tags t ON t.id = n.tag GROUP BY n.id, t.id";
    let created = notes.view("joined", query).await.expect(200);
    assert_eq!((created.at("/type"), created.at("/viewQuery")), ("view", query));
    let expected = [
        ("id", "text"),
        ("heading", "text"),
        ("tag", "relation"),
        ("label", "text"),
        ("other", "relation"),
        ("rows", "number"),
        ("whole", "number"),
        ("twice", "json"),
        ("active", "bool"),
        ("data", "json"),
    ];
    let expected = expected.map(|(name, kind)| (name.to_owned(), json!(kind)));
    assert_eq!(notes.fields("joined", "type").await, expected);

    let list = notes.list("joined", &[("expand", "tag")]).await.expect(200);
    let second = json!({
        "collectionId": created["id"], "collectionName": "joined", "id": id("note", 1), "heading": "Beta",
        "tag": id("tag", 1), "label": "Green", "other": id("tag", 1), "rows": 1, "whole": 2, "twice": 5,
        "active": false, "data": null, "expand": list["items"][1]["expand"],
    });
    assert_eq!(list["items"][1], second);
    assert_eq!(second["expand"]["tag"]["label"], "Green");
    assert_eq!(list["totalItems"], 3);

    for (filter, expected) in [
        ("heading ~ 'a'", vec![0, 1]),
        ("whole > 1 && active = true", vec![2]),
        ("tag.weight = 0", vec![0, 2]),
        ("data.a.1 = 'b'", vec![0]),
        ("twice = 5", vec![1]),
    ] {
        let found = notes.list("joined", &[("filter", filter)]).await.expect(200);
        let ids: Vec<Value> =
            found["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
        let expected: Vec<String> = expected.into_iter().map(|number| id("note", number)).collect();
        assert_eq!(ids, expected, "{filter}");
    }
    let by_size =
        notes.server.get(&format!("{PATH}/joined/records")).query(&[("sort", "-twice")]).send().await;
    assert_eq!(by_size.expect(200)["items"][0]["id"], json!(id("note", 2)));
    let one = notes.server.get(&format!("{PATH}/joined/records/{}", id("note", 0))).send().await.expect(200);
    assert_eq!(one["label"], "red");
    notes.server.get(&format!("{PATH}/joined/records/nobody")).send().await.expect(404);
}

#[tokio::test]
async fn records_of_a_view_are_read_only_and_have_no_number() {
    let notes = Notes::start().await;
    notes.view("titles", "SELECT id, title FROM notes").await.expect(200);
    let records = format!("{PATH}/titles/records");
    let record = format!("{records}/{}", id("note", 0));
    let (server, token) = (&notes.server, &notes.token);
    for call in [server.post(&records), server.patch(&record), server.delete(&record)] {
        let refused = call.token(token).json(&json!({"title": "other"})).send().await.expect(400);
        assert_eq!(refused.at("/message"), "Unsupported collection type.");
    }
    server.get(&records).query(&[("sort", "@rowid")]).send().await.expect(400);
    server.get(&records).query(&[("sort", "@random")]).send().await.expect(200);
    assert_eq!(notes.values("titles", "title").await, ["alpha", "Beta", "10"]);
}

#[tokio::test]
async fn rules_are_checked_against_the_fields_and_hide_records() {
    let notes = Notes::start().await;
    let body = |key: &str, value: Value| {
        let mut body =
            json!({"name": "some", "type": "view", "viewQuery": "SELECT id, title, active FROM notes"});
        body[key] = value;
        body
    };
    for (key, value, code) in [
        ("listRule", json!("size > 1"), "validation_invalid_rule"),
        ("createRule", json!(""), "validation_nil"),
        ("updateRule", json!("id = 1"), "validation_nil"),
        ("deleteRule", json!(""), "validation_nil"),
        ("indexes", json!(["CREATE INDEX a ON some (title)"]), "validation_indexes_not_supported"),
    ] {
        let refused = notes.create(body(key, value)).await.expect(400);
        assert_eq!(refused.at(&format!("/data/{key}/code")), code);
    }
    notes.create(body("listRule", json!("active = true"))).await.expect(200);
    assert_eq!(notes.values("some", "title").await, ["alpha", "10"]);
    let path = format!("{PATH}/some/records/{}", id("note", 0));
    notes.server.get(&path).send().await.expect(403);
}

#[tokio::test]
async fn a_wrong_query_is_told() {
    let notes = Notes::start().await;
    for (query, reason) in [
        ("", "Cannot be blank."),
        ("SELECT * FROM notes", "Invalid query - wildcard columns (*) are not supported"),
        ("SELECT title FROM notes", "Invalid query - missing required id column"),
        ("SELECT id FROM notes; SELECT 1", "Invalid query - multiple statements are not supported."),
        ("SELECT id FROM nowhere", "Invalid query - SQL logic error: no such table: main.nowhere (1)."),
        ("SELECT id, nope FROM notes", "Invalid query - SQL logic error: no such column: nope (1)."),
        ("SELECT id, (title FROM notes", "Invalid query - unbalanced parenthesis or quoted expression"),
        (
            "SELECT id, upper(title) FROM notes",
            "Invalid query - invalid field \"upper(title)\" (1): name: must be in a valid format.",
        ),
        (
            "SELECT kind AS id FROM notes",
            "Invalid query - the query could return records with non-unique ids.",
        ),
        ("SELECT null AS id", "Invalid query - the query could return records with empty or invalid ids."),
        ("DELETE FROM notes", "Invalid query - SQL logic error: near \"delete\": syntax error (1)."),
    ] {
        let refused = notes.view("wrong", query).await.expect(400);
        assert_eq!(refused.at("/message"), "Failed to create collection.");
        let told = refused.at("/data/viewQuery/message").replace("\"DELETE\"", "\"delete\"");
        assert!(told.starts_with(reason), "{query}: {told}");
    }
    assert_eq!(notes.values("notes", "id").await.len(), 3);
}
