use serde_json::{Value, json};

use super::{Notes, PATH, id};

fn named<'a>(fields: &'a mut [Value], name: &str) -> &'a mut Value {
    fields.iter_mut().find(|field| field["name"] == name).unwrap()
}

#[tokio::test]
async fn fields_follow_those_they_are_clones_of() {
    let notes = Notes::start().await;
    notes.view("kinds", "SELECT id, kind FROM notes").await.expect(200);
    notes.view("more_kinds", "SELECT id, kind AS k FROM kinds").await.expect(200);
    notes.edit(|fields| named(fields, "kind")["maxSelect"] = json!(2)).await.expect(200);
    assert_eq!(notes.values("kinds", "kind").await, [json!(["x"]), json!(["y"]), json!(["x"])]);
    assert_eq!(notes.values("more_kinds", "k").await, [json!(["x"]), json!(["y"]), json!(["x"])]);
    notes.edit(|fields| named(fields, "kind")["maxSelect"] = json!(1)).await.expect(200);
    assert_eq!(notes.values("more_kinds", "k").await, ["x", "y", "x"]);
    notes.edit(|fields| named(fields, "kind")["hidden"] = json!(true)).await.expect(200);
    assert_eq!(notes.values("more_kinds", "k").await, [Value::Null, Value::Null, Value::Null]);
    assert_eq!(notes.fields("more_kinds", "hidden").await[1], ("k".to_owned(), json!(true)));
}

#[tokio::test]
async fn new_names_of_tables_and_columns_leave_the_records_as_they_are() {
    let notes = Notes::start().await;
    notes.view("titles", "SELECT id, title FROM notes").await.expect(200);
    notes.view("headings", "SELECT id, title AS heading FROM titles").await.expect(200);
    notes.edit(|fields| named(fields, "title")["name"] = json!("caption")).await.expect(200);
    notes.change("notes", json!({"name": "papers"})).await.expect(200);
    assert_eq!(notes.values("titles", "title").await, ["alpha", "Beta", "10"]);
    assert_eq!(notes.values("headings", "heading").await, ["alpha", "Beta", "10"]);
    // The query has the old names still.
    let stale = notes.change("titles", json!({"listRule": "id != ''"})).await.expect(400);
    assert!(stale.at("/data/viewQuery/message").contains("no such table: main.notes"));
    let query = json!({"viewQuery": "SELECT id, caption AS title FROM papers"});
    notes.change("titles", query).await.expect(200);
    assert_eq!(notes.values("headings", "heading").await, ["alpha", "Beta", "10"]);
}

#[tokio::test]
async fn what_a_view_needs_is_not_removed() {
    let notes = Notes::start().await;
    notes.view("titles", "SELECT id, title FROM notes").await.expect(200);
    notes.view("headings", "SELECT id, title AS heading FROM titles").await.expect(200);
    for name in ["notes", "titles"] {
        let refused = notes.delete(name).await.expect(400);
        assert_eq!(refused.at("/message"), "Failed to delete collection.");
    }
    let kept = notes.edit(|fields| fields.retain(|field| field["name"] != "title")).await.expect(400);
    let message = kept.at("/message");
    assert!(message.starts_with("Failed to update collection. Raw error: \nfailed to drop column title - "));
    assert_eq!(notes.values("headings", "heading").await, ["alpha", "Beta", "10"]);
    assert_eq!(notes.values("notes", "title").await, ["alpha", "Beta", "10"]);

    notes.view("copies", "SELECT id, id AS note FROM notes").await.expect(200);
    let refused = notes.delete("notes").await.expect(400);
    let message = "Failed to delete collection probably due to existing reference in copies.";
    assert_eq!(refused.at("/message"), message);
    for name in ["copies", "headings", "titles", "notes"] {
        notes.delete(name).await.expect(204);
    }
    notes.server.get(&format!("{PATH}/titles/records")).send().await.expect(404);
}

#[tokio::test]
async fn a_view_gets_another_query_and_another_name() {
    let notes = Notes::start().await;
    notes.view("titles", "SELECT id, title FROM notes").await.expect(200);
    notes.view("headings", "SELECT id, title AS heading FROM titles").await.expect(200);
    let itself =
        notes.change("titles", json!({"viewQuery": "SELECT id, title FROM titles"})).await.expect(400);
    assert!(itself.at("/message").contains("failed to normalize view query id: "));
    assert_eq!(notes.values("headings", "heading").await, ["alpha", "Beta", "10"]);

    let sizes = json!({"viewQuery": "SELECT id, size AS title FROM notes"});
    notes.change("titles", sizes).await.expect(200);
    assert_eq!(notes.values("headings", "heading").await, [json!(1), json!(2.5), json!(7)]);

    // What was made of the column that is gone waits for it.
    notes.change("titles", json!({"viewQuery": "SELECT id, size FROM notes"})).await.expect(200);
    notes.list("headings", &[]).await.expect(400);
    let path = format!("{PATH}/headings/records/{}", id("note", 0));
    notes.server.get(&path).send().await.expect(404);
    notes.change("titles", json!({"viewQuery": "SELECT id, title FROM notes"})).await.expect(200);
    assert_eq!(notes.values("headings", "heading").await, ["alpha", "Beta", "10"]);

    notes.change("titles", json!({"name": "names"})).await.expect(200);
    notes.server.get(&format!("{PATH}/titles/records")).send().await.expect(404);
    assert_eq!(notes.values("names", "title").await, ["alpha", "Beta", "10"]);
    notes.list("headings", &[]).await.expect(400);
}

#[tokio::test]
async fn a_view_is_left_as_it_was_when_its_rule_would_not_fit() {
    let notes = Notes::start().await;
    notes.view("kinds", "SELECT id, kind FROM notes").await.expect(200);
    notes
        .view("sizes", "SELECT n.id, k.kind AS title, n.size FROM kinds k JOIN notes n ON n.id = k.id")
        .await
        .expect(200);
    notes.change("sizes", json!({"listRule": "title = 'x'"})).await.expect(200);
    let wrong = json!({"viewQuery": "SELECT id, size FROM notes"});
    notes.change("sizes", wrong).await.expect(400);
    assert_eq!(notes.values("sizes", "title").await, ["x", "x"]);
}
