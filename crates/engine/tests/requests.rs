//! What clients are told, where the order of checks or the words matter to them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use engine::{Engine, Error, Request};
use files::{Content, Upload};
use serde_json::{Value, json};

use baibase_engine as engine;

mod support;

use support::{parsed, start, superuser, with_body};

/// An engine with a superuser's request to it, and the directory that goes with the test.
async fn fresh() -> (Engine, Request, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Vec::new()).await.unwrap();
    let root = superuser(&engine).await;
    (engine, root, dir)
}

async fn create_user(engine: &Engine, root: &Request, collection: &str, id: &str) -> engine::Result<()> {
    let password = "12345678";
    let body = json!({"id": id, "email": "a@b.co", "password": password, "passwordConfirm": password});
    engine.create(&with_body(root, body), collection, Vec::new()).await.map(drop)
}

fn told(error: &Error) -> (&'static str, String) {
    let status = match error.kind {
        engine::ErrorKind::BadRequest => "400",
        engine::ErrorKind::Unauthorized => "401",
        engine::ErrorKind::Forbidden => "403",
        engine::ErrorKind::NotFound => "404",
        _ => "other",
    };
    (status, error.message.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_refused_before_its_parameters_are_read() {
    let (engine, root, _dir) = fresh().await;
    let closed = json!({"name": "closed", "type": "base", "fields": []});
    let open = json!({"name": "open", "type": "base", "fields": [], "listRule": ""});
    engine.create_collection(&closed).await.unwrap();
    engine.create_collection(&open).await.unwrap();
    let asking = |request: &Request, name: &str, text: &str| {
        let mut request = request.clone();
        request.query.insert("page".to_owned(), "x".into());
        request.query.insert(name.to_owned(), text.into());
        request
    };
    let guest = asking(&Request::default(), "sort", "@request.auth.id");
    let refusal = |error: engine::Result<engine::Json>| told(&error.unwrap_err());
    assert_eq!(
        refusal(engine.list(&guest, "closed").await),
        ("403", "Only superusers can perform this action.".to_owned())
    );
    assert_eq!(
        refusal(engine.list(&guest, "open").await),
        ("403", "Only superusers can filter by @request.".to_owned())
    );
    assert_eq!(refusal(engine.list(&asking(&root, "sort", "id"), "closed").await), ("400", String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn renewing_a_token_asks_who_it_is_before_where() {
    let (engine, root, _dir) = fresh().await;
    let plain = json!({"name": "plain", "type": "base", "fields": []});
    engine.create_collection(&plain).await.unwrap();
    let refusal =
        |request: &Request, collection: &str| told(&engine.caller_in(request, collection).unwrap_err());
    let guest = Request::default();
    assert_eq!(refusal(&guest, "missing"), ("404", "Missing or invalid collection context.".to_owned()));
    assert_eq!(
        refusal(&guest, "plain"),
        ("401", "The request requires valid record authorization token.".to_owned())
    );
    assert_eq!(
        refusal(&root, "plain"),
        ("403", "The request requires auth record from _superusers collection.".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_read_as_clients_send_it() {
    let (engine, root, _dir) = fresh().await;
    create_user(&engine, &root, "users", "aaaaaaaaaaaaaaa").await.unwrap();
    let headers = json!({"content_type": "application/json"}).as_object().unwrap().clone().into();
    let request = Request { headers, ..Request::default() };
    let login = async |body: Value| engine.auth_with_password(&with_body(&request, body), "users").await;
    assert!(login(json!({"IDENTITY": "a@b.co", "Password": "12345678"})).await.is_ok());
    // Lengths are counted in bytes.
    let error = login(json!({"identity": "é".repeat(128), "password": "x"})).await.unwrap_err();
    assert!(error.data.to_json()["identity"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_belongs_to_one_auth_collection() {
    let (engine, root, _dir) = fresh().await;
    let people = json!({"name": "people", "type": "auth"});
    engine.create_collection(&people).await.unwrap();
    create_user(&engine, &root, "users", "aaaaaaaaaaaaaaa").await.unwrap();
    let error = create_user(&engine, &root, "people", "aaaaaaaaaaaaaaa").await.unwrap_err();
    let data = error.data.to_json();
    assert_eq!(data["id"]["code"], "validation_invalid_auth_id");
    assert_eq!(data["id"]["message"], "Invalid or duplicated auth record id.");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manage_rule_shows_addresses_to_guests_and_lets_them_do_nothing() {
    let (engine, root, _dir) = fresh().await;
    let people = json!({
        "name": "people", "type": "auth", "listRule": "", "viewRule": "", "updateRule": "",
        "manageRule": "@request.query.key = '1'",
    });
    engine.create_collection(&people).await.unwrap();
    create_user(&engine, &root, "people", "aaaaaaaaaaaaaaa").await.unwrap();
    let mut guest = Request::default();
    guest.query.insert("key".to_owned(), "1".into());
    assert_eq!(parsed(&engine.view(&guest, "people", "aaaaaaaaaaaaaaa").await.unwrap())["email"], "a@b.co");
    assert_eq!(parsed(&engine.list(&guest, "people").await.unwrap())["items"][0]["email"], "a@b.co");
    let change = with_body(&guest, json!({"email": "new@b.co"}));
    let error = engine.update(&change, "people", "aaaaaaaaaaaaaaa", Vec::new()).await.unwrap_err();
    assert_eq!(error.data.to_json()["email"]["code"], "validation_values_mismatch");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_id_is_told_with_files_too() {
    let (engine, root, dir) = fresh().await;
    let docs = json!({"name": "docs", "type": "base", "fields": [{"type": "file", "name": "file"}]});
    engine.create_collection(&docs).await.unwrap();
    let upload = Upload {
        original_name: "note.txt".to_owned(),
        content_type: None,
        content: Content::from(b"hello".to_vec()),
    };
    let request = with_body(&root, json!({"id": "../x"}));
    let error = engine.create(&request, "docs", vec![("file".to_owned(), upload)]).await.unwrap_err();
    assert_eq!(error.data.to_json()["id"]["code"], "validation_min_text_constraint");
    assert!(error.data.to_json().get("file").is_none());
    assert_eq!(std::fs::read_dir(dir.path().join("storage")).unwrap().count(), 0);
}
