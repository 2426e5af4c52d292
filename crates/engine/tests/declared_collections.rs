//! What an extension's collections do to a directory that has collections of these names already.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::path::Path;
use std::sync::Arc;

use engine::{CollectionSpec, Extension, Find, Record};
use serde_json::{Value, json};

use baibase_engine as engine;

mod support;

use support::{create, parsed, start};

struct Companies;

impl Extension for Companies {
    fn name(&self) -> &'static str {
        "companies"
    }

    fn collections(&self) -> Vec<CollectionSpec> {
        vec![
            CollectionSpec::base("created_first").fields("text", &["a"]),
            CollectionSpec::base("companies")
                .rule("listRule", "name != ''")
                .fields("text", &["number", "name", "city"])
                .unique_index(&["number"])
                .index(&["city"]),
        ]
    }
}

/// A directory with this collection and two records whose numbers are the same.
async fn directory(dir: &Path, collection: Value) -> Value {
    let engine = start(dir, Vec::new()).await.unwrap();
    engine.create_collection(&collection).await.unwrap();
    for name in ["a", "b"] {
        let mut record = Record::new(engine.catalog().by_name("Companies").unwrap().collection.clone());
        record.set("number", "7");
        record.set("Name", name);
        create(&engine, &record).await.unwrap();
    }
    let before = parsed(&engine.view_collection("Companies").unwrap());
    engine.close().await.unwrap();
    before
}

#[tokio::test(flavor = "multi_thread")]
async fn an_existing_collection_keeps_what_it_has_and_gets_what_fits() {
    let dir = tempfile::tempdir().unwrap();
    let collection = json!({"name": "Companies", "viewRule": "", "fields": [
        {"type": "text", "name": "number", "max": 7},
        {"type": "editor", "name": "Name"},
        {"type": "bool", "name": "own"},
    ], "indexes": ["create index mine on Companies (own)"]});
    let before = directory(dir.path(), collection).await;
    let engine = start(dir.path(), vec![Arc::new(Companies)]).await.unwrap();
    let after = parsed(&engine.view_collection("companies").unwrap());

    for key in ["id", "name", "type", "listRule", "viewRule", "createRule", "updateRule", "deleteRule"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    let (fields, old_fields) = (after["fields"].as_array().unwrap(), before["fields"].as_array().unwrap());
    assert_eq!(&fields[..old_fields.len()], &old_fields[..]);
    let added: Vec<&Value> = fields[old_fields.len()..].iter().map(|field| &field["name"]).collect();
    assert_eq!(added, ["city"]);
    let indexes = after["indexes"].as_array().unwrap();
    assert_eq!(indexes[0], before["indexes"][0]);
    assert_eq!(indexes.len(), 2, "the unique one does not fit: {indexes:?}");
    assert!(indexes[1].as_str().unwrap().contains("`city`"));

    let records = engine.find("companies", &Find::all()).await.unwrap();
    let rows: Vec<_> = records.iter().map(|record| (record.text("number"), record.text("Name"))).collect();
    assert_eq!(rows, [("7", "a"), ("7", "b")]);
    engine.close().await.unwrap();
    let engine = start(dir.path(), vec![Arc::new(Companies)]).await.unwrap();
    assert_eq!(parsed(&engine.view_collection("companies").unwrap()), after);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_of_another_type_ends_the_start_before_anything_changes() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    engine.create_collection(&json!({"name": "companies", "type": "auth"})).await.unwrap();
    engine.close().await.unwrap();
    let error = start(dir.path(), vec![Arc::new(Companies)]).await.err().unwrap();
    assert!(error.to_string().contains("companies is of type auth, base is needed"), "{error}");
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    assert!(engine.view_collection("created_first").is_err());
}
