//! The engine on a real store: what happens at start, to records, and to extensions.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::sync::Arc;

use async_trait::async_trait;
use engine::hooks::{HookRegistry, RecordHooks, WriteEvent};
use engine::{CollectionSpec, Engine, Error, ErrorKind, Extension, Find, Request};
use serde_json::json;

use baibase_engine as engine;

mod support;

use support::{parsed, start, superuser, with_body};

/// Numbers the notes in the order in which they are created, and refuses forbidden titles after the row is written.
struct Notes;

impl Extension for Notes {
    fn name(&self) -> &'static str {
        "notes"
    }

    fn collections(&self) -> Vec<CollectionSpec> {
        vec![
            CollectionSpec::base("notes")
                .rule("listRule", "")
                .rule("viewRule", "title != 'secret'")
                .rule("createRule", "@request.body.title != 'refused'")
                .field("text", "title", [("required", true)])
                .fields("number", &["number"])
                .unique_index(&["number"])
                .timestamps(),
        ]
    }

    fn hooks(&self, registry: &mut HookRegistry) {
        registry.on("notes", Arc::new(Numbers));
    }
}

struct Numbers;

#[async_trait]
impl RecordHooks for Numbers {
    async fn before_create(&self, event: &mut WriteEvent<'_>) -> engine::Result<()> {
        if event.record.number("number") == 0.0 {
            let notes = event.tx.count("notes", None).await?;
            event.record.set("number", notes + 1);
        }
        Ok(())
    }

    async fn after_create(&self, event: &mut WriteEvent<'_>) -> engine::Result<()> {
        match event.record.text("title") {
            "forbidden" => Err(Error::forbidden("No.")),
            _ => Ok(()),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_directory_opens_again_and_keeps_its_collections() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), vec![Arc::new(Notes)]).await.unwrap();
    let names = |engine: &Engine| -> Vec<String> {
        engine.catalog().entries().iter().map(|entry| entry.collection.name.clone()).collect()
    };
    let first = names(&engine);
    assert_eq!(
        first,
        ["_mfas", "_otps", "_externalAuths", "_authOrigins", "_superusers", "users", "notes"]
            .map(str::to_owned)
    );
    let stored = parsed(&engine.view_collection("NOTES").unwrap());
    engine.close().await.unwrap();
    let engine = start(dir.path(), vec![Arc::new(Notes)]).await.unwrap();
    assert_eq!(names(&engine), first);
    assert_eq!(parsed(&engine.view_collection("notes").unwrap()), stored);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_existing_collection_gets_only_what_it_lacks() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    let own = json!({
        "name": "notes",
        "listRule": "title = 'mine'",
        "fields": [{"type": "editor", "name": "title"}, {"type": "bool", "name": "own"}],
    });
    engine.create_collection(&own).await.unwrap();
    engine.close().await.unwrap();
    let engine = start(dir.path(), vec![Arc::new(Notes)]).await.unwrap();
    let catalog = engine.catalog();
    let notes = &catalog.by_name("notes").unwrap().collection;
    let fields: Vec<_> = notes.fields.iter().map(|field| (field.name.as_str(), field.kind.name())).collect();
    assert_eq!(
        fields,
        [
            ("id", "text"),
            ("title", "editor"),
            ("own", "bool"),
            ("number", "number"),
            ("created", "autodate"),
            ("updated", "autodate")
        ]
    );
    assert_eq!(notes.rules.list.as_deref(), Some("title = 'mine'"));
    assert_eq!(notes.rules.create, None);
    assert_eq!(notes.indexes.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_validation_and_hooks_meet_in_one_create() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), vec![Arc::new(Notes)]).await.unwrap();
    let guest = Request::default();
    let create = async |body| engine.create(&with_body(&guest, body), "notes", Vec::new()).await;

    let created = parsed(&create(json!({"title": "a"})).await.unwrap());
    assert_eq!((&created["number"], &created["collectionName"]), (&json!(1), &json!("notes")));
    assert_eq!(created["id"].as_str().unwrap().len(), 15);

    let refused = create(json!({"title": "refused"})).await.unwrap_err();
    assert_eq!((refused.kind, refused.message.as_ref()), (ErrorKind::BadRequest, "Failed to create record."));
    assert!(refused.data.is_empty());

    let blank = create(json!({"title": ""})).await.unwrap_err();
    assert_eq!(blank.data.to_json()["title"]["code"], "validation_required");

    let taken = create(json!({"title": "b", "number": 1})).await.unwrap_err();
    assert_eq!(taken.data.to_json()["number"]["code"], "validation_not_unique");

    assert_eq!(create(json!({"title": "forbidden"})).await.unwrap_err().kind, ErrorKind::Forbidden);
    assert_eq!(engine.count("notes", None).await.unwrap(), 1, "what an after-hook refuses is rolled back");
}

#[tokio::test(flavor = "multi_thread")]
async fn creates_at_once_count_the_same_notes_one_after_another() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), vec![Arc::new(Notes)]).await.unwrap();
    let tasks: Vec<_> = (0..40)
        .map(|n| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let request = with_body(&Request::default(), json!({"title": n.to_string()}));
                engine.create(&request, "notes", Vec::new()).await.map(|json| parsed(&json)["number"].clone())
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.unwrap().unwrap().as_u64().unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<u64>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_hides_a_record_from_its_view_but_not_from_superusers() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), vec![Arc::new(Notes)]).await.unwrap();
    let root = superuser(&engine).await;
    let request = with_body(&Request::default(), json!({"title": "secret"}));
    let id = parsed(&engine.create(&request, "notes", Vec::new()).await.unwrap())["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let hidden = engine.view(&Request::default(), "notes", &id).await.unwrap_err();
    assert_eq!(hidden.kind, ErrorKind::NotFound);
    assert_eq!(parsed(&engine.view(&root, "notes", &id).await.unwrap())["title"], "secret");
    let locked = engine.delete(&Request::default(), "notes", &id).await.unwrap_err();
    assert_eq!(locked.kind, ErrorKind::Forbidden);
    engine.delete(&root, "notes", &id).await.unwrap();
    assert_eq!(engine.view(&root, "notes", &id).await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_change_ends_earlier_tokens() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    let root = superuser(&engine).await;
    let user = json!({"email": "u@example.com", "password": "12345678", "passwordConfirm": "12345678"});
    let created = engine.create(&with_body(&Request::default(), user), "users", Vec::new()).await.unwrap();
    let id = parsed(&created)["id"].as_str().unwrap().to_owned();
    assert!(parsed(&created).get("email").is_none(), "the address is private");

    let login = json!({"identity": "u@example.com", "password": "12345678"});
    let login = engine
        .auth_with_password(&with_body(&Request::default(), login), "users")
        .await
        .unwrap()
        .done()
        .unwrap();
    assert_eq!(parsed(&login.record)["email"], "u@example.com");
    let caller = engine.authenticate(&login.token, engine::TokenKind::Auth).await.unwrap().unwrap();
    assert_eq!(caller.id(), id);
    assert!(engine.authenticate(&login.token, engine::TokenKind::File).await.unwrap().is_none());

    let change = json!({"password": "abcdefgh", "passwordConfirm": "abcdefgh"});
    let own = Request { auth: Some(caller), ..Request::default() };
    let refused =
        engine.update(&with_body(&own, change.clone()), "users", &id, Vec::new()).await.unwrap_err();
    assert_eq!(refused.data.to_json()["oldPassword"]["code"], "validation_required");
    engine.update(&with_body(&root, change), "users", &id, Vec::new()).await.unwrap();
    assert!(engine.authenticate(&login.token, engine::TokenKind::Auth).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_survive_a_change_of_their_collection() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    let root = superuser(&engine).await;
    let things = json!({"name": "things", "fields": [
        {"type": "text", "name": "title"},
        {"type": "select", "name": "tags", "values": ["a", "b"]},
        {"type": "number", "name": "gone"},
    ]});
    engine.create_collection(&things).await.unwrap();
    let body = json!({"title": "x", "tags": "a", "gone": 5});
    engine.create(&with_body(&root, body), "things", Vec::new()).await.unwrap();
    let mut changed = parsed(&engine.view_collection("things").unwrap());
    let fields = changed["fields"].as_array_mut().unwrap();
    fields.retain(|field| field["name"] != "gone");
    for field in fields.iter_mut() {
        match field["name"].as_str().unwrap() {
            "title" => field["name"] = json!("headline"),
            "tags" => field["maxSelect"] = json!(2),
            _ => {}
        }
    }
    fields.push(json!({"type": "bool", "name": "fresh"}));
    changed["name"] = json!("objects");
    engine.update_collection("things", &changed).await.unwrap();
    let records = engine.find("objects", &Find::all()).await.unwrap();
    assert_eq!(records[0].text("headline"), "x");
    assert_eq!(records[0].items("tags"), ["a"]);
    assert!(!records[0].flag("fresh"));
    assert!(records[0].get("gone").is_none());
    assert!(engine.list(&root, "things").await.is_err());
}
