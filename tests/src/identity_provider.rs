use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Url;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const CLIENT_ID: &str = "client";
const CLIENT_SECRET: &str = "a-secret-of-the-client";

/// When ID tokens were made and when they end, in seconds since 1970: years ago, and in 2050.
const MADE: u64 = 1_700_000_000;
const ENDS: u64 = 2_524_608_000;

/// A key pair of Ed25519.
const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxXN7MmkZcDusAxyuf2A";
const PUBLIC: &str = "oaqQlCOY45mkPUKtrlpNXcshP3Dpw1HsaIWiDCrTIYA";

/// An OpenID Connect provider on loopback, with its login page, tokens, profiles and keys. Whoever comes to its login
/// page is logged in at once, as the user that a test has said.
#[derive(Debug, Clone)]
pub struct IdentityProvider {
    base: String,
    world: Arc<World>,
}

#[derive(Debug)]
struct World {
    base: String,
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    user: Value,
    /// Codes that were given out and not exchanged.
    codes: HashMap<String, Grant>,
    /// Profiles by access token.
    tokens: HashMap<String, Value>,
    count: u32,
}

/// What a code stands for.
#[derive(Debug, Default)]
struct Grant {
    profile: Value,
    challenge: String,
    redirect_uri: String,
}

impl IdentityProvider {
    /// Starts it.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let world = Arc::new(World { base: base.clone(), memory: Mutex::default() });
        let router = Router::new()
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(user_info))
            .route("/keys", get(keys))
            .with_state(Arc::clone(&world));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, world }
    }

    /// A code that stands for a user with this profile, as if they had been on the login page. It is good once.
    pub fn code(&self, profile: Value) -> String {
        self.world.memory.lock().unwrap().grant(Grant { profile, ..Grant::default() })
    }

    /// The user who is on the login page from now on.
    pub fn sign_in(&self, profile: Value) {
        self.world.memory.lock().unwrap().user = profile;
    }

    /// An entry of a collection's `oauth2.providers` for this provider.
    pub fn config(&self, name: &str) -> Value {
        json!({
            "name": name,
            "clientId": CLIENT_ID,
            "clientSecret": CLIENT_SECRET,
            "authURL": format!("{}/authorize", self.base),
            "tokenURL": format!("{}/token", self.base),
            "userInfoURL": format!("{}/userinfo", self.base),
        })
    }

    /// The same, where the user is read from the ID token, whose issuer and signature are checked.
    pub fn id_token_config(&self, name: &str) -> Value {
        let mut config = self.config(name);
        config["userInfoURL"] = json!("");
        config["extra"] = json!({"jwksURL": format!("{}/keys", self.base), "issuers": [self.base]});
        config
    }

    /// The secret of the client, to look for where it must not be.
    pub fn secret(&self) -> &'static str {
        CLIENT_SECRET
    }
}

impl Memory {
    fn grant(&mut self, grant: Grant) -> String {
        self.count += 1;
        let code = format!("code-{}", self.count);
        self.codes.insert(code.clone(), grant);
        code
    }
}

type Fields = HashMap<String, String>;

/// The login page, which asks nothing.
async fn authorize(State(world): State<Arc<World>>, Query(asked): Query<Fields>) -> Response {
    let value = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let is_right = value("client_id") == CLIENT_ID && value("response_type") == "code";
    let Some(mut back) = Url::parse(&value("redirect_uri")).ok().filter(|_| is_right) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut memory = world.memory.lock().unwrap();
    let grant = Grant {
        profile: memory.user.clone(),
        challenge: value("code_challenge"),
        redirect_uri: value("redirect_uri"),
    };
    let code = memory.grant(grant);
    back.query_pairs_mut().append_pair("state", &value("state")).append_pair("code", &code);
    Redirect::to(back.as_str()).into_response()
}

async fn token(State(world): State<Arc<World>>, headers: HeaderMap, body: Bytes) -> Response {
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response();
    let form = format!("http://x/?{}", String::from_utf8_lossy(&body));
    let form: Fields = Url::parse(&form).expect("a form").query_pairs().into_owned().collect();
    let value = |name: &str| form.get(name).cloned().unwrap_or_default();
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}")));
    if headers.get("authorization").is_none_or(|sent| sent.as_bytes() != basic.as_bytes()) {
        return refuse("invalid_client");
    }
    let mut memory = world.memory.lock().unwrap();
    let Some(grant) = memory.codes.remove(&value("code")) else { return refuse("invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(value("code_verifier")));
    let is_proven = grant.challenge.is_empty() || grant.challenge == challenge;
    let is_back = grant.redirect_uri.is_empty() || grant.redirect_uri == value("redirect_uri");
    if value("grant_type") != "authorization_code" || !is_proven || !is_back {
        return refuse("invalid_grant");
    }
    let access_token = format!("access-{}", value("code"));
    memory.tokens.insert(access_token.clone(), grant.profile.clone());
    let id_token = world.sign(&grant.profile);
    let token_type = "bearer";
    let reply = json!({"access_token": access_token, "token_type": token_type, "refresh_token": "refresh",
        "expires_in": 3600, "id_token": id_token});
    Json(reply).into_response()
}

async fn user_info(State(world): State<Arc<World>>, headers: HeaderMap) -> Response {
    let sent = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = sent.strip_prefix("Bearer ").unwrap_or_default();
    match world.memory.lock().unwrap().tokens.get(token) {
        Some(profile) => Json(profile.clone()).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn keys() -> Json<Value> {
    Json(json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "key", "alg": "EdDSA", "x": PUBLIC}]}))
}

impl World {
    /// An ID token with this profile; what the profile says itself is not overwritten.
    fn sign(&self, profile: &Value) -> String {
        let mut claims = json!({"iss": self.base, "aud": CLIENT_ID, "iat": MADE, "exp": ENDS});
        let claims_map = claims.as_object_mut().expect("an object");
        claims_map.extend(profile.as_object().cloned().unwrap_or_default());
        let mut key = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
        key.extend(URL_SAFE_NO_PAD.decode(SEED).expect("base64"));
        let header = Header { kid: Some("key".to_owned()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&key)).expect("a signature")
    }
}
