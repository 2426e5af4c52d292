use serde_json::{Value, json};

/// The collections, as they are imported. Their ids are given, so that the floor knows them.
pub(super) fn collections() -> Value {
    let everybody =
        json!({"listRule": "", "viewRule": "", "createRule": "", "updateRule": "", "deleteRule": ""});
    let signed_in = json!({"listRule": SIGNED_IN, "viewRule": SIGNED_IN});
    json!([
        collection("bench_tags", &everybody, &[text("name")], &[]),
        users(),
        collection("bench_companies", &everybody, &[text("name"), text("city")], &["`city`"]),
        collection("bench_documents", &everybody, &documents(), &["`company`"]),
        collection("bench_posts", &everybody, &posts(), POST_INDEXES),
        collection("bench_posts_auth", &signed_in, &posts(), POST_INDEXES),
        collection("bench_entries", &everybody, &posts(), POST_INDEXES),
        collection("bench_spares", &everybody, &posts(), POST_INDEXES),
        collection("bench_feed", &everybody, &[text("title")], &[]),
        collection("bench_padding", &everybody, &[text("body")], &[]),
    ])
}

const SIGNED_IN: &str = "@request.auth.id != \"\"";

const POST_INDEXES: &[&str] = &["`published`, `views`", "`owner`"];

/// The id of a collection.
pub(crate) fn id(name: &str) -> String {
    format!("pbc_{name}")
}

fn collection(name: &str, rules: &Value, fields: &[Value], indexes: &[&str]) -> Value {
    let indexes: Vec<String> = (1..)
        .zip(indexes)
        .map(|(number, columns)| format!("CREATE INDEX `idx_{name}_{number}` ON `{name}` ({columns})"))
        .collect();
    let mut collection =
        json!({"id": id(name), "name": name, "type": "base", "fields": fields, "indexes": indexes});
    if let (Some(collection), Some(rules)) = (collection.as_object_mut(), rules.as_object()) {
        collection.extend(rules.clone());
    }
    collection
}

fn users() -> Value {
    let mut users =
        collection("bench_users", &json!({"listRule": "", "viewRule": ""}), &[text("name")], &["`name`"]);
    if let Some(users) = users.as_object_mut() {
        users.insert("type".to_owned(), json!("auth"));
        // No mails while logins are measured.
        users.insert("authAlert".to_owned(), json!({"enabled": false}));
    }
    users
}

fn documents() -> Vec<Value> {
    let file = json!({"name": "file", "type": "file", "maxSelect": 1, "maxSize": 8 << 20});
    vec![text("title"), relation("company", "bench_companies", 1), file, created()]
}

fn posts() -> Vec<Value> {
    vec![
        text("title"),
        text("body"),
        json!({"name": "views", "type": "number"}),
        json!({"name": "published", "type": "bool"}),
        relation("owner", "bench_users", 1),
        relation("tags", "bench_tags", 10),
        created(),
    ]
}

fn text(name: &str) -> Value {
    json!({"name": name, "type": "text"})
}

fn relation(name: &str, to: &str, most: u32) -> Value {
    json!({"name": name, "type": "relation", "collectionId": id(to), "maxSelect": most})
}

fn created() -> Value {
    json!({"name": "created", "type": "autodate", "onCreate": true})
}
