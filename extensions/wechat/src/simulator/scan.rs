//! The scan login: the page with the code, without a code, and what follows it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;

use super::code::Code;
use super::handlers::{World, fail, refuse, refused_credentials, respond};
use super::{APP_ID, openid};
use crate::scan_login::{PAGE, SCOPE, TOKEN, USER_INFO};

/// Where the form of the page leads.
const CONFIRM: &str = "/connect/confirm";

/// How long an access token lives, in seconds.
const LIFE: i64 = 7200;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route(PAGE, get(page))
        .route(CONFIRM, get(confirm))
        .route(TOKEN, get(token))
        .route(USER_INFO, get(user_info))
}

/// What a website sends its user along with.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    appid: String,
    redirect_uri: String,
    response_type: String,
    scope: String,
    state: String,
    /// As whom the user "scans"; on the way back alone.
    name: String,
}

impl Asked {
    /// Where the user goes back to, when all is as WeChat wants it.
    fn back(&self) -> Result<Url, &'static str> {
        if self.appid != APP_ID {
            return Err("unknown appid");
        }
        if self.response_type != "code" {
            return Err("response_type must be code");
        }
        if !self.scope.split(',').any(|scope| scope == SCOPE) {
            return Err("scope must be snsapi_login");
        }
        let back = Url::parse(&self.redirect_uri).ok();
        let back = back.filter(|url| matches!(url.scheme(), "http" | "https"));
        back.ok_or("redirect_uri must be an http or https address")
    }
}

/// In place of a code to scan, a form that asks as whom.
async fn page(Query(asked): Query<Asked>) -> Response {
    let mut refused = match asked.back() {
        Ok(url) => url,
        Err(why) => return (StatusCode::BAD_REQUEST, why).into_response(),
    };
    refused.query_pairs_mut().append_pair("state", &asked.state);
    let hidden = [
        ("appid", &asked.appid),
        ("redirect_uri", &asked.redirect_uri),
        ("response_type", &asked.response_type),
        ("scope", &asked.scope),
        ("state", &asked.state),
    ];
    let hidden: String = hidden
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value)))
        .collect();
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>WeChat simulator</title>\
         <h1>WeChat simulator</h1><form action=\"{CONFIRM}\">{hidden}\
         <label>Scan as <input name=\"name\" value=\"alice\" required></label> <button>Log in</button></form>\
         <p><a href=\"{}\">Refuse</a></p></html>",
        escaped(refused.as_str()),
    );
    ([(header::CONTENT_SECURITY_POLICY, "default-src 'none'")], Html(page)).into_response()
}

/// Sends the user back with a code.
async fn confirm(State(world): State<Arc<World>>, Query(asked): Query<Asked>) -> Response {
    let mut back = match asked.back() {
        Ok(url) => url,
        Err(why) => return (StatusCode::BAD_REQUEST, why).into_response(),
    };
    let code = format!("dev-{}#scan-{}", asked.name, world.next_scan());
    back.query_pairs_mut().append_pair("code", &code).append_pair("state", &asked.state);
    Redirect::to(back.as_str()).into_response()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenQuery {
    appid: String,
    secret: String,
    code: String,
    grant_type: String,
}

async fn token(State(world): State<Arc<World>>, Query(query): Query<TokenQuery>) -> Response {
    if let Some(errcode) = refused_credentials(&query.appid, &query.secret) {
        return refuse(errcode);
    }
    if query.grant_type != "authorization_code" {
        return refuse(40002);
    }
    match Code::parse(&query.code) {
        Code::Name(name) => {
            let reply = json!({
                "access_token": access_token(name),
                "expires_in": LIFE,
                "refresh_token": format!("refresh-{}", access_token(name)),
                "openid": openid::site_openid(name),
                "scope": SCOPE,
                "unionid": openid::unionid(name),
            });
            world.once(&query.code, &reply)
        }
        Code::Phone { .. } | Code::TokenRefusal(_) => refuse(40029),
        failure => fail(&failure).await,
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UserQuery {
    access_token: String,
    openid: String,
}

async fn user_info(Query(query): Query<UserQuery>) -> Response {
    let name = match name_of(&query.access_token) {
        Some(name) if openid::site_openid(&name) == query.openid => name,
        Some(_) => return refuse(40003),
        None => return refuse(40001),
    };
    respond(&json!({
        "openid": query.openid,
        "nickname": name,
        "sex": 0,
        "language": "",
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
        "unionid": openid::unionid(&name),
    }))
}

/// A user's access token, which holds the name, so that nothing is kept.
fn access_token(name: &str) -> String {
    format!("simulated-user-{}", URL_SAFE_NO_PAD.encode(name))
}

fn name_of(access_token: &str) -> Option<String> {
    let name = access_token.strip_prefix("simulated-user-")?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
