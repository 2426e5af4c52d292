use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{Notes, PATH, id};

fn text(content: &str) -> Part {
    Part::bytes(content.as_bytes().to_vec()).file_name("note.txt")
}

#[tokio::test]
async fn files_are_served_through_views_of_views() {
    let notes = Notes::start().await;
    let add = |fields: &mut Vec<Value>| {
        fields.push(json!({"type": "file", "name": "doc", "maxSelect": 1}));
        fields.push(json!({"type": "file", "name": "docs", "maxSelect": 3}));
    };
    notes.edit(add).await.expect(200);
    let form = Form::new().part("doc", text("one")).part("docs", text("two")).part("docs", text("three"));
    let path = format!("{PATH}/notes/records/{}", id("note", 0));
    let record = notes.server.patch(&path).token(&notes.token).form(form).send().await.expect(200);
    let (one, three) = (record.at("/doc").to_owned(), record["docs"][1].as_str().unwrap().to_owned());

    notes.view("papers", "SELECT id, doc AS paper, docs AS papers FROM notes").await.expect(200);
    notes
        .view("sheets", "SELECT (id || '0') AS id, paper AS sheet, papers AS sheets FROM papers")
        .await
        .expect(200);
    let file = |collection: &str, id: &str, name: &str| format!("/api/files/{collection}/{id}/{name}");
    let [first, other] = [0, 1].map(|number| id("note", number));
    let deep = format!("{first}0");
    for (path, content) in [
        (file("papers", &first, &one), "one"),
        (file("papers", &first, &three), "three"),
        (file("sheets", &deep, &one), "one"),
        (file("sheets", &deep, &three), "three"),
    ] {
        assert_eq!(notes.server.get(&path).send().await.expect(200).text(), content);
    }
    notes.server.get(&file("papers", &other, &one)).send().await.expect(404);
    notes.server.get(&file("papers", &first, "nothing.txt")).send().await.expect(404);

    let protect = |fields: &mut Vec<Value>| {
        fields.iter_mut().find(|field| field["name"] == "doc").unwrap()["protected"] = json!(true);
    };
    notes.edit(protect).await.expect(200);
    notes.change("sheets", json!({"viewRule": null})).await.expect(200);
    notes.server.get(&file("sheets", &deep, &one)).send().await.expect(404);
    let token = notes.server.post("/api/files/token").token(&notes.token).send().await.expect(200);
    let with_token = file("sheets", &deep, &one) + "?token=" + token.at("/token");
    assert_eq!(notes.server.get(&with_token).send().await.expect(200).text(), "one");
}
