//! A service that answers as a test tells it to.

#![allow(dead_code, unreachable_pub, reason = "each file of tests uses its part")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use baibase_oauth2::{Http, HttpError, Login, Registry, Settings};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Request, Response};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use url::Url;

/// The time of the tests.
pub const NOW: Timestamp = Timestamp::constant(1_000_000, 0);

type Script = dyn Fn(&Request<Vec<u8>>) -> (u16, String) + Send + Sync;

/// A service in this process.
pub struct Fake {
    script: Box<Script>,
    asked: AtomicUsize,
}

impl Fake {
    /// A service that answers with this status and body.
    pub fn new(script: impl Fn(&Request<Vec<u8>>) -> (u16, String) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { script: Box::new(script), asked: AtomicUsize::new(0) })
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Http for Fake {
    async fn call(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let (status, body) = (self.script)(&request);
        let kind = if body.starts_with(['{', '[']) { "application/json" } else { "text/plain" };
        let response = Response::builder().status(status).header("content-type", kind);
        Ok(response.body(body.into_bytes()).unwrap())
    }

    async fn download(&self, _: &Url, _: usize) -> Result<Vec<u8>, HttpError> {
        Err(HttpError::Address)
    }
}

/// A configuration with the addresses of the fake.
pub fn settings() -> Settings {
    Settings {
        client_id: "client".to_owned(),
        client_secret: "secret".to_owned(),
        auth_url: "https://fake.example/login".to_owned(),
        token_url: "https://fake.example/token".to_owned(),
        user_info_url: "https://fake.example/me".to_owned(),
        ..Settings::default()
    }
}

/// The service of this name, played by the fake.
pub fn login(fake: &Arc<Fake>, name: &str, settings: Settings) -> Login {
    Registry::new(Arc::clone(fake) as Arc<dyn Http>).open(name, settings).unwrap()
}

/// A key pair of Ed25519.
const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxXN7MmkZcDusAxyuf2A";
const PUBLIC: &str = "oaqQlCOY45mkPUKtrlpNXcshP3Dpw1HsaIWiDCrTIYA";

/// An ID token with these claims, signed with the key of [`keys`].
pub fn sign(claims: &Value) -> String {
    let mut key = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
    key.extend(URL_SAFE_NO_PAD.decode(SEED).unwrap());
    let header = Header { kid: Some("key".to_owned()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(&key)).unwrap()
}

/// The set of keys that a service shows.
pub fn keys() -> Value {
    json!({"keys": [
        {"kty": "OKP", "crv": "unknown", "kid": "other", "alg": "EdDSA", "x": ""},
        {"kty": "OKP", "crv": "Ed25519", "kid": "key", "alg": "EdDSA", "x": PUBLIC},
    ]})
}
