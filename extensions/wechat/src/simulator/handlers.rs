use std::{future, sync::Arc};

use ambient::Clock;
use axum::{
    Router,
    body::Bytes,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{APP_ID, APP_SECRET, code::Code, errcode, openid, scan, tokens::Tokens, used::UsedCodes};

/// What the endpoints share.
pub(super) struct World {
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    used: UsedCodes,
    tokens: Tokens,
    /// How the next request for an access token is to be refused.
    token_refusal: Option<i64>,
    /// How many scans there were.
    scans: u64,
}

pub(super) fn router(clock: Arc<dyn Clock>) -> Router {
    Router::new()
        .route("/sns/jscode2session", get(login))
        .route("/cgi-bin/stable_token", post(stable_token))
        .route("/wxa/business/getuserphonenumber", post(phone_number))
        .merge(scan::routes())
        .with_state(Arc::new(World { clock, memory: Mutex::default() }))
}

impl World {
    /// A code's single use: `reply`, or 40163 when it was used before.
    pub(super) fn once(&self, code: &str, reply: &Value) -> Response {
        let fresh = self.memory.lock().used.take(code, self.clock.now());
        if fresh { respond(reply) } else { refuse(40163) }
    }

    /// The number of another scan.
    pub(super) fn next_scan(&self) -> u64 {
        let mut memory = self.memory.lock();
        memory.scans += 1;
        memory.scans
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LoginQuery {
    appid: String,
    secret: String,
    js_code: String,
    grant_type: String,
}

async fn login(State(world): State<Arc<World>>, Query(query): Query<LoginQuery>) -> Response {
    if let Some(errcode) = refused_credentials(&query.appid, &query.secret) {
        return refuse(errcode);
    }
    if query.grant_type != "authorization_code" {
        return refuse(40002);
    }
    match Code::parse(&query.js_code) {
        Code::Name(name) => {
            let reply =
                json!({ "openid": openid::openid(name), "session_key": openid::session_key(&query.js_code) });
            world.once(&query.js_code, &reply)
        }
        Code::Phone { .. } | Code::TokenRefusal(_) => refuse(40029),
        failure => fail(&failure).await,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenBody {
    grant_type: String,
    appid: String,
    secret: String,
}

async fn stable_token(State(world): State<Arc<World>>, body: Bytes) -> Response {
    let body: TokenBody = serde_json::from_slice(&body).unwrap_or_default();
    if let Some(errcode) = refused_credentials(&body.appid, &body.secret) {
        return refuse(errcode);
    }
    if body.grant_type != "client_credential" {
        return refuse(40002);
    }
    let mut memory = world.memory.lock();
    if let Some(errcode) = memory.token_refusal.take() {
        return refuse(errcode);
    }
    let (access_token, expires_in) = memory.tokens.current(world.clock.now());
    respond(&json!({ "access_token": access_token, "expires_in": expires_in }))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PhoneQuery {
    access_token: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PhoneBody {
    code: String,
}

async fn phone_number(
    State(world): State<Arc<World>>,
    Query(query): Query<PhoneQuery>,
    body: Bytes,
) -> Response {
    let now = world.clock.now();
    if !world.memory.lock().tokens.accepts(&query.access_token, now) {
        return refuse(40001);
    }
    let body: PhoneBody = serde_json::from_slice(&body).unwrap_or_default();
    match Code::parse(&body.code) {
        Code::Phone { country, number } => {
            let prefixed = if country == "86" { number.to_owned() } else { format!("+{country}{number}") };
            let phone_info = json!({
                "phoneNumber": prefixed,
                "purePhoneNumber": number,
                "countryCode": country,
                "watermark": { "timestamp": now.as_second(), "appid": APP_ID },
            });
            world.once(&body.code, &json!({ "errcode": 0, "errmsg": "ok", "phone_info": phone_info }))
        }
        Code::Name(_) => refuse(40029),
        Code::TokenRefusal(errcode) => {
            // The client asks for another token once it is told that this one is stale.
            world.memory.lock().token_refusal = Some(errcode);
            refuse(40001)
        }
        failure => fail(&failure).await,
    }
}

pub(super) fn refused_credentials(appid: &str, secret: &str) -> Option<i64> {
    match (appid, secret) {
        ("", _) => Some(41002),
        (_, "") => Some(41004),
        (APP_ID, APP_SECRET) => None,
        (APP_ID, _) => Some(40125),
        _ => Some(40013),
    }
}

/// The reply to a code that stands for a failure; to any other one, that it was never given out.
pub(super) async fn fail(code: &Code<'_>) -> Response {
    match code {
        Code::Refusal(errcode) => refuse(*errcode),
        Code::BadGateway => (StatusCode::BAD_GATEWAY, "<html>502 Bad Gateway</html>").into_response(),
        // Ends when the client gives up.
        Code::Silence => future::pending().await,
        _ => refuse(40029),
    }
}

pub(super) fn refuse(errcode: i64) -> Response {
    respond(&json!({ "errcode": errcode, "errmsg": errcode::message(errcode) }))
}

/// WeChat calls its JSON plain text.
pub(super) fn respond(reply: &Value) -> Response {
    ([(header::CONTENT_TYPE, "text/plain")], reply.to_string()).into_response()
}
