//! The collections API: create, view, list, change and delete, with the rows kept.

use baibase_tests::{Reply, Server, login, validate};
use serde_json::{Value, json};

const PATH: &str = "/api/collections";

async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    (server, token)
}

async fn create(server: &Server, token: &str, body: Value) -> Reply {
    server.post(PATH).token(token).json(&body).send().await
}

async fn change(server: &Server, token: &str, name: &str, body: Value) -> Reply {
    server.patch(&format!("{PATH}/{name}")).token(token).json(&body).send().await
}

fn notes() -> Value {
    json!({
        "name": "notes", "type": "base", "listRule": "", "createRule": "",
        "fields": [{"type": "text", "name": "title"}, {"type": "number", "name": "size"}],
        "indexes": ["CREATE UNIQUE INDEX `idx_notes_title` ON `notes` (`title`)"],
    })
}

#[tokio::test]
async fn only_superusers_get_in() {
    let (server, _) = start().await;
    let anna = login(&server, "anna").await;
    for (method, path) in [
        ("GET", PATH),
        ("POST", PATH),
        ("GET", "/api/collections/tbl_company"),
        ("PATCH", "/api/collections/tbl_company"),
        ("DELETE", "/api/collections/tbl_company"),
    ] {
        let call = || server.call(&method.parse().unwrap(), path).json(&json!({}));
        let guest = call().send().await.expect(401);
        assert_eq!(guest.at("/message"), "The request requires valid record authorization token.");
        let user = call().token(&anna.token).send().await.expect(403);
        assert_eq!(user.at("/message"), "The authorized record is not allowed to perform this action.");
    }
}

#[tokio::test]
async fn a_collection_is_created_viewed_listed_and_deleted() {
    let (server, token) = start().await;
    let created = create(&server, &token, notes()).await.expect(200);
    validate("collection", &created.json);
    let names: Vec<&str> =
        created["fields"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["id", "title", "size"]);
    assert_eq!(created["viewRule"], Value::Null);
    assert_eq!(created["indexes"], notes()["indexes"]);
    for name in ["notes", "NOTES", created.at("/id")] {
        let seen = server.get(&format!("{PATH}/{name}")).token(&token).send().await.expect(200);
        assert_eq!(seen.json, created.json);
    }
    let list = server.get(PATH).token(&token).query(&[("filter", "name = 'notes'"), ("sort", "-created")]);
    assert_eq!(list.send().await.expect(200)["items"], json!([created.json]));
    let system = server.get(PATH).token(&token).query(&[("filter", "system = true"), ("perPage", "100")]);
    assert!(system.send().await.expect(200)["totalItems"].as_i64().unwrap() >= 5);
    server.delete(&format!("{PATH}/notes")).token(&token).send().await.expect(204);
    server.get(&format!("{PATH}/notes")).token(&token).send().await.expect(404);
    server.get(&format!("{PATH}/notes/records")).send().await.expect(404);
    // The name and the table are free again.
    create(&server, &token, notes()).await.expect(200);
}

#[tokio::test]
async fn changes_keep_the_rows() {
    let (server, token) = start().await;
    let mut fields = create(&server, &token, notes()).await.expect(200)["fields"].clone();
    let row = server
        .post("/api/collections/notes/records")
        .json(&json!({"title": "a", "size": 3}))
        .send()
        .await
        .expect(200);
    let rename = json!({"name": "papers"});
    let renamed = change(&server, &token, "notes", rename).await.expect(200);
    assert_eq!(renamed["indexes"], json!(["CREATE UNIQUE INDEX `idx_notes_title` ON `papers` (`title`)"]));
    server.get("/api/collections/notes/records").send().await.expect(404);

    // Renamed, removed and added in one go.
    let list = fields.as_array_mut().unwrap();
    list.retain(|field| field["name"] != "size");
    list.iter_mut().find(|field| field["name"] == "title").unwrap()["name"] = json!("caption");
    list.push(json!({"type": "select", "name": "kind", "values": ["x", "y"]}));
    let indexes = json!(["CREATE UNIQUE INDEX idx_caption ON papers (caption)"]);
    change(&server, &token, "papers", json!({"fields": fields, "indexes": indexes})).await.expect(200);
    let list = server.get("/api/collections/papers/records").send().await.expect(200);
    let item = &list["items"][0];
    assert_eq!((&item["id"], &item["caption"], &item["kind"]), (&row["id"], &json!("a"), &json!("")));
    assert!(item.get("size").is_none() && item.get("title").is_none());
    let twice = server
        .post("/api/collections/papers/records")
        .json(&json!({"caption": "a"}))
        .send()
        .await
        .expect(400);
    assert_eq!(twice.at("/data/caption/code"), "validation_not_unique");
}

#[tokio::test]
async fn a_single_value_becomes_a_list_and_a_list_a_single_value() {
    let (server, token) = start().await;
    let select = |max: i32| json!({"fields": [{"type": "select", "name": "kind", "values": ["x", "y"], "maxSelect": max}]});
    let mut collection = select(1);
    collection["name"] = json!("notes");
    collection["type"] = json!("base");
    collection["createRule"] = json!("");
    collection["viewRule"] = json!("");
    create(&server, &token, collection).await.expect(200);
    let path = "/api/collections/notes/records";
    let row = server.post(path).json(&json!({"kind": "x"})).send().await.expect(200);
    let path = format!("{path}/{}", row.at("/id"));
    change(&server, &token, "notes", select(2)).await.expect(200);
    assert_eq!(server.get(&path).send().await.expect(200)["kind"], json!(["x"]));
    server.patch(&path).token(&token).json(&json!({"kind": ["x", "y"]})).send().await.expect(200);
    change(&server, &token, "notes", select(1)).await.expect(200);
    assert_eq!(server.get(&path).send().await.expect(200)["kind"], json!("y"));
}

#[tokio::test]
async fn bad_collections_are_refused_by_field() {
    let (server, token) = start().await;
    create(&server, &token, notes()).await.expect(200);
    let with = |key: &str, value: Value| {
        let mut body = notes();
        body["name"] = json!("others");
        body["indexes"] = json!([]);
        body[key] = value;
        body
    };
    let cases = [
        (with("name", json!("")), "/name"),
        (with("name", json!("no spaces")), "/name"),
        (with("name", json!("NOTES")), "/name"),
        (with("name", json!("_collections")), "/name"),
        (with("name", json!("a_via_b")), "/name"),
        (with("type", json!("nosuch")), "/type"),
        (
            with(
                "fields",
                json!([{"type": "text", "name": "a"}, {"type": "number", "name": "A", "id": "x"}]),
            ),
            "/fields",
        ),
        (with("fields", json!([{"type": "text", "name": "null"}])), "/fields"),
        (with("fields", json!([{"type": "select", "name": "a"}])), "/fields"),
        (with("fields", json!([{"type": "relation", "name": "a", "collectionId": "nosuch"}])), "/fields"),
        (with("listRule", json!("nosuch = 1")), "/listRule"),
        (with("createRule", json!("title =")), "/createRule"),
        (with("indexes", json!(["nonsense"])), "/indexes"),
    ];
    for (body, field) in cases {
        let reply = create(&server, &token, body.clone()).await.expect(400);
        validate("native-error", &reply.json);
        assert!(reply["data"].pointer(field).is_some(), "{body}: {}", reply.text());
    }
    let unique = json!({"indexes": ["CREATE UNIQUE INDEX i ON notes (nosuch)"]});
    change(&server, &token, "notes", unique).await.expect(400);
    let seen = server.get(&format!("{PATH}/notes")).token(&token).send().await.expect(200);
    assert_eq!(seen["indexes"].as_array().unwrap().len(), 1, "a refused change changes nothing");
    for body in ["{", "[]", r#"{"fields":5}"#, r#"{"name":[]}"#] {
        let reply = server.post(PATH).token(&token).body("application/json", body).send().await;
        validate("native-error", &reply.expect(400).json);
    }
}

#[tokio::test]
async fn system_collections_are_fixed() {
    let (server, token) = start().await;
    for name in ["_superusers", "_mfas", "_otps", "_externalAuths", "_authOrigins"] {
        server.delete(&format!("{PATH}/{name}")).token(&token).send().await.expect(400);
        change(&server, &token, name, json!({"name": "other"})).await.expect(400);
        change(&server, &token, name, json!({"listRule": "1 = 1"})).await.expect(400);
    }
    let seen = server.get(&format!("{PATH}/_superusers")).token(&token).send().await.expect(200);
    validate("collection", &seen.json);
    assert!(!seen.text().contains("\"secret\""), "token secrets are never sent");
}

#[tokio::test]
async fn a_collection_that_others_point_to_stays() {
    let (server, token) = start().await;
    let id = create(&server, &token, notes()).await.expect(200)["id"].clone();
    let fields = json!([{"type": "relation", "name": "note", "collectionId": id, "maxSelect": 1}]);
    create(&server, &token, json!({"name": "marks", "type": "base", "fields": fields})).await.expect(200);
    let reply = server.delete(&format!("{PATH}/notes")).token(&token).send().await.expect(400);
    assert!(reply.at("/message").contains("marks"), "{}", reply.text());
    server.delete(&format!("{PATH}/marks")).token(&token).send().await.expect(204);
    server.delete(&format!("{PATH}/notes")).token(&token).send().await.expect(204);
}

#[tokio::test]
async fn relations_hold_the_records_they_point_to() {
    let (server, token) = start().await;
    let id = create(&server, &token, notes()).await.expect(200)["id"].clone();
    for (name, options) in [
        ("cascading", json!({"cascadeDelete": true})),
        ("optional", json!({})),
        ("required", json!({"required": true})),
    ] {
        let mut field = json!({"type": "relation", "name": "note", "collectionId": id, "maxSelect": 1});
        field.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        create(&server, &token, json!({"name": name, "type": "base", "fields": [field]})).await.expect(200);
    }
    let record = async |collection: &str, body: Value| {
        server.post(&format!("{PATH}/{collection}/records")).token(&token).json(&body).send().await
    };
    let note = record("notes", json!({"title": "a"})).await.expect(200)["id"].clone();
    let missing = record("optional", json!({"note": "aaaaaaaaaaaaaaa"})).await.expect(400);
    assert_eq!(missing.at("/data/note/code"), "validation_missing_rel_records");
    let cascading = record("cascading", json!({"note": note})).await.expect(200);
    let optional = record("optional", json!({"note": note})).await.expect(200);
    let required = record("required", json!({"note": note})).await.expect(200);
    let note_path = format!("{PATH}/notes/records/{}", note.as_str().unwrap());
    server.delete(&note_path).token(&token).send().await.expect(400);
    server
        .get(&format!("{PATH}/cascading/records/{}", cascading.at("/id")))
        .token(&token)
        .send()
        .await
        .expect(200);
    server
        .delete(&format!("{PATH}/required/records/{}", required.at("/id")))
        .token(&token)
        .send()
        .await
        .expect(204);
    server.delete(&note_path).token(&token).send().await.expect(204);
    server
        .get(&format!("{PATH}/cascading/records/{}", cascading.at("/id")))
        .token(&token)
        .send()
        .await
        .expect(404);
    let left =
        server.get(&format!("{PATH}/optional/records/{}", optional.at("/id"))).token(&token).send().await;
    assert_eq!(left.expect(200)["note"], "");
}

#[tokio::test]
async fn a_list_of_relations_cascades_with_its_last_one() {
    let (server, token) = start().await;
    let id = create(&server, &token, notes()).await.expect(200)["id"].clone();
    let field =
        json!({"type": "relation", "name": "all", "collectionId": id, "maxSelect": 3, "cascadeDelete": true});
    create(&server, &token, json!({"name": "lists", "type": "base", "fields": [field]})).await.expect(200);
    let record = async |collection: &str, body: Value| {
        let path = format!("{PATH}/{collection}/records");
        server.post(&path).token(&token).json(&body).send().await.expect(200)["id"].clone()
    };
    let one = record("notes", json!({"title": "a"})).await;
    let two = record("notes", json!({"title": "b"})).await;
    let list = record("lists", json!({"all": [one, two]})).await;
    let path = |collection: &str, id: &Value| format!("{PATH}/{collection}/records/{}", id.as_str().unwrap());
    let list = path("lists", &list);
    server.delete(&path("notes", &one)).token(&token).send().await.expect(204);
    assert_eq!(server.get(&list).token(&token).send().await.expect(200)["all"], json!([two]));
    server.delete(&path("notes", &two)).token(&token).send().await.expect(204);
    server.get(&list).token(&token).send().await.expect(404);
}
