use ambient::SeededEntropy;
use schema::collection::NewId;
use serde_json::{Value, json};

use super::*;

fn collection(json: &Value) -> Collection {
    Collection::from_json(json, NewId::FromJson, &SeededEntropy::new(1)).unwrap()
}

fn notes() -> Collection {
    collection(&json!({
        "name": "notes",
        "type": "base",
        "listRule": "",
        "viewRule": "owner = @request.auth.id",
        "fields": [
            {"type": "text", "name": "title", "required": true, "max": 20},
            {"type": "text", "name": "secret", "hidden": true},
            {"type": "number", "name": "size", "min": 5, "max": 9},
            {"type": "select", "name": "kind", "values": ["a", "b"]},
            {"type": "select", "name": "kinds", "values": ["a", "b"], "maxSelect": 2},
            {"type": "file", "name": "picture", "required": true},
            {"type": "relation", "name": "owner", "collectionId": "people0", "maxSelect": 1},
            {"type": "json", "name": "more"},
            {"type": "autodate", "name": "created", "onCreate": true},
        ],
    }))
}

fn people() -> Collection {
    collection(&json!({"id": "people0", "name": "people", "type": "auth"}))
}

fn described(audience: Audience) -> Value {
    let hidden = Collection { system: true, ..collection(&json!({"name": "_inner", "type": "base"})) };
    describe(&[&notes(), &people(), &hidden], audience)
}

fn at<'a>(document: &'a Value, pointer: &str) -> &'a Value {
    document.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

#[test]
fn collections_of_the_system_and_hidden_fields_are_for_superusers() {
    let (everybody, superusers) = (described(Audience::Everybody), described(Audience::Superusers));
    assert!(at(&superusers, "/paths").get("/api/collections/_inner/records").is_some());
    assert!(!everybody.to_string().contains("_inner"));
    assert!(at(&superusers, "/components/schemas/notes/properties").get("secret").is_some());
    assert!(!everybody.to_string().contains("secret"));
}

#[test]
fn no_reply_holds_a_password() {
    let document = described(Audience::Superusers);
    let reply = at(&document, "/components/schemas/people/properties").as_object().unwrap();
    assert!(!reply.contains_key("password") && !reply.contains_key("tokenKey"));
    let required = at(&document, "/components/schemas/people/required").as_array().unwrap();
    assert!(reply.contains_key("email") && !required.contains(&json!("email")));
    let create = at(&document, "/components/schemas/people.create/required").as_array().unwrap();
    assert!(create.contains(&json!("password")) && create.contains(&json!("passwordConfirm")));
}

#[test]
fn fields_have_their_types_and_limits() {
    let document = described(Audience::Everybody);
    let create =
        |name: &str| at(&document, &format!("/components/schemas/notes.create/properties/{name}")).clone();
    assert_eq!(create("title"), json!({"type": "string", "minLength": 1, "maxLength": 20}));
    // Zero is taken whatever the least value is, so that there is no least value to promise.
    assert_eq!(create("size"), json!({"type": "number", "maximum": 9.0}));
    assert_eq!(create("kind"), json!({"type": "string", "enum": ["a", "b", ""]}));
    assert_eq!(
        create("kinds"),
        json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "maxItems": 2})
    );
    assert_eq!(create("owner"), json!({"type": "string", "description": "`people` 的记录 id"}));
    assert!(at(&document, "/components/schemas/notes.create/properties").get("created").is_none());
    assert!(at(&document, "/components/schemas/notes/properties").get("created").is_some());
}

#[test]
fn files_are_sent_in_forms() {
    let document = described(Audience::Everybody);
    let required = |body: &str| at(&document, &format!("/components/schemas/{body}/required")).clone();
    assert_eq!(required("notes.create"), json!(["title"]));
    assert_eq!(required("notes.createForm"), json!(["title", "picture"]));
    let picture = at(&document, "/components/schemas/notes.createForm/properties/picture");
    assert_eq!(picture.get("format").unwrap(), "binary");
    let people = at(&document, "/paths/~1api~1collections~1people~1records/post/requestBody/content");
    assert!(people.get("multipart/form-data").is_none());
}

#[test]
fn rules_are_told_as_text() {
    let document = described(Audience::Everybody);
    let operation = |path: &str, method: &str| {
        let path = path.replace('/', "~1");
        at(&document, &format!("/paths/~1api~1collections~1notes~1records{path}/{method}")).clone()
    };
    let list = operation("", "get");
    assert_eq!(list.get("description").unwrap(), "权限规则 `listRule`:任何人。");
    assert_eq!(list.get("security").unwrap(), &json!([]));
    let view = operation("/{recordId}", "get");
    assert!(view.get("description").unwrap().as_str().unwrap().contains("owner = @request.auth.id"));
    assert_eq!(view.get("security").unwrap(), &json!([{"bearerAuth": []}, {}]));
    let create = operation("", "post");
    assert_eq!(create.get("description").unwrap(), "权限规则 `createRule`:仅超级用户。");
    assert_eq!(create.get("security").unwrap(), &json!([{"bearerAuth": []}]));
}

#[test]
fn every_reference_points_to_something() {
    let document = described(Audience::Superusers);
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(references.len() > 50);
    for reference in references {
        at(&document, reference.strip_prefix('#').unwrap());
    }
}

fn collect_references<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            into.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|value| collect_references(value, into));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, into)),
        _ => {}
    }
}
