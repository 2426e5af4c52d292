//! What takes how long, counted in rounds of bcrypt and not in time.

use std::sync::Arc;

use ambient::{SystemClock, SystemEntropy};
use files::{LocalDisk, ThumbLimits};
use mail::MemoryMailer;
use oauth2_providers::Registry;
use serde_json::{Value, json};
use store_sqlite::{Options, SqliteStore};
use tempfile::TempDir;

use crate::{Engine, Parts, Request};

async fn start() -> (Engine, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let open = |name: &str| Arc::new(SqliteStore::open(&dir.path().join(name), Options::default()).unwrap());
    let engine = Engine::start(Parts {
        store: open("data.db"),
        auxiliary: open("auxiliary.db"),
        blobs: Arc::new(LocalDisk::open(dir.path().join("storage")).unwrap()),
        object_stores: None,
        backups: None,
        encryption: None,
        thumbs: ThumbLimits::default(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        oauth2: Registry::default(),
        mailer: Arc::new(MemoryMailer::default()),
        extensions: Vec::new(),
    })
    .await
    .unwrap();
    let options = json!({"createRule": "", "otp": {"enabled": true}, "authAlert": {"enabled": false}});
    engine.update_collection("users", &options).await.unwrap();
    let body = json!({"email": "anna@example.com", "password": "12345678", "passwordConfirm": "12345678"});
    engine.create(&with(body), "users", Vec::new()).await.unwrap();
    (engine, dir)
}

fn with(body: Value) -> Request {
    let Value::Object(body) = body else { panic!("a body is an object") };
    Request { body, ip: "127.0.0.1".to_owned(), ..Request::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_identities_take_as_long_as_known_ones() {
    let (engine, _dir) = start().await;
    let rounds = async |identity: &str, password: &str| {
        let before = engine.passwords().rounds();
        let body = json!({"identity": identity, "password": password});
        let _ = engine.auth_with_password(&with(body), "users").await;
        engine.passwords().rounds() - before
    };
    let right = rounds("anna@example.com", "12345678").await;
    assert!(right >= 1 << 10, "{right}");
    for (identity, password) in
        [("anna@example.com", "wrong"), ("nobody@example.com", "12345678"), ("nobody", &"x".repeat(255))]
    {
        assert_eq!(rounds(identity, password).await, right, "{identity}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_one_time_passwords_take_as_long_as_known_ones() {
    let (engine, _dir) = start().await;
    let request = async |email: &str| {
        let before = engine.passwords().rounds();
        let reply = engine.request_otp(&with(json!({"email": email})), "users").await.unwrap();
        let reply: Value = serde_json::from_slice(&reply.0).unwrap();
        (engine.passwords().rounds() - before, reply["otpId"].as_str().unwrap().to_owned())
    };
    let (known, id) = request("anna@example.com").await;
    let (unknown, nobodys) = request("nobody@example.com").await;
    assert!(known >= 1 << 8, "{known}");
    assert_eq!(known, unknown);
    let guess = async |id: &str| {
        let before = engine.passwords().rounds();
        let body = json!({"otpId": id, "password": "0"});
        engine.auth_with_otp(&with(body), "users").await.unwrap_err();
        engine.passwords().rounds() - before
    };
    assert_eq!(guess(&id).await, guess(&nobodys).await);
}
