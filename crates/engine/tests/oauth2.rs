//! Logins by other services with a service in this process, for what cannot be had from one on loopback: pictures.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use std::sync::Arc;

use async_trait::async_trait;
use engine::{Engine, ErrorKind, LoginStep, Request};
use http::Response;
use oauth2_providers::{Http, HttpError, Registry};
use serde_json::{Value, json};
use url::Url;

use baibase_engine as engine;
use support::{parsed, superuser, with_body};

/// A service whose user has a picture.
struct Service {
    picture: Result<Vec<u8>, u16>,
}

#[async_trait]
impl Http for Service {
    async fn call(&self, request: http::Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        let reply = match request.uri().path() {
            "/token" => json!({"access_token": "access"}),
            _ => json!({"sub": "1", "email": "anna@example.com", "email_verified": true,
                "name": "Anna", "picture": "https://pictures.example/users/anna.png?size=1"}),
        };
        Ok(Response::new(reply.to_string().into_bytes()))
    }

    async fn download(&self, address: &Url, limit: usize) -> Result<Vec<u8>, HttpError> {
        assert_eq!(address.as_str(), "https://pictures.example/users/anna.png?size=1");
        assert_eq!(limit, 32 << 20);
        self.picture.clone().map_err(HttpError::Status)
    }
}

fn png() -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 100]].concat()
}

/// An engine whose users log in through the service, with these options of the field of pictures.
async fn start(dir: &std::path::Path, picture: Result<Vec<u8>, u16>, avatar: Value) -> Engine {
    let registry = Registry::new(Arc::new(Service { picture }));
    let engine = support::start_with(dir, registry).await.unwrap();
    let root = superuser(&engine).await;
    let users = parsed(&engine.view_collection("users").unwrap());
    let mut fields = users["fields"].as_array().unwrap().clone();
    for field in fields.iter_mut().filter(|field| field["name"] == "avatar") {
        field.as_object_mut().unwrap().extend(avatar.as_object().unwrap().clone());
    }
    let provider = json!({"name": "oidc", "clientId": "c", "clientSecret": "s",
        "tokenURL": "https://service.example/token", "userInfoURL": "https://service.example/me"});
    let options = json!({"fields": fields, "oauth2": {"enabled": true, "providers": [provider]}});
    engine.update_collection("users", &options).await.unwrap();
    assert!(root.auth.is_some());
    engine
}

async fn log_in(engine: &Engine) -> engine::Result<Value> {
    let mut request = with_body(&Request::default(), json!({"provider": "oidc", "code": "code"}));
    request.headers = json!({"content_type": "application/json"}).as_object().unwrap().clone().into();
    match engine.auth_with_oauth2(&request, "users").await? {
        LoginStep::Done(login) => Ok(parsed(&login.to_json()?)),
        LoginStep::SecondFactor(_) => panic!("no second method is asked for"),
    }
}

#[tokio::test]
async fn a_picture_is_downloaded_into_a_file_field() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Ok(png()), json!({})).await;
    let login = log_in(&engine).await.unwrap();
    let name = login["record"]["avatar"].as_str().unwrap();
    assert!(name.starts_with("anna_") && name.ends_with(".png"), "{name}");
    let record = login["record"]["id"].as_str().unwrap();
    let collection = login["record"]["collectionId"].as_str().unwrap();
    let stored = dir.path().join("storage").join(collection).join(record).join(name);
    assert_eq!(std::fs::read(stored).unwrap(), png());
}

#[tokio::test]
async fn a_picture_that_cannot_be_had_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let engine = start(dir.path(), Err(404), json!({})).await;
    assert_eq!(log_in(&engine).await.unwrap()["record"]["avatar"], "");
}

#[tokio::test]
async fn a_picture_that_the_field_does_not_take_is_refused_and_not_kept() {
    for limits in [json!({"maxSize": 10}), json!({"mimeTypes": ["image/jpeg"]})] {
        let dir = tempfile::tempdir().unwrap();
        let engine = start(dir.path(), Ok(png()), limits).await;
        let error = log_in(&engine).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::BadRequest);
        assert!(error.data.to_json()["avatar"].is_object(), "{error:?}");
        assert_eq!(engine.count("users", None).await.unwrap(), 0);
        let files = std::fs::read_dir(dir.path().join("storage")).map_or(0, Iterator::count);
        assert_eq!(files, 0, "nothing is left behind");
    }
}
