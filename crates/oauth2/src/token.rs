//! Exchanging a code for a token.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use jiff::{SignedDuration, Timestamp};
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AccessToken, AsyncHttpClient, AuthType, AuthorizationCode, ClientId, ClientSecret, HttpRequest,
    HttpResponse, PkceCodeVerifier, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::{Error, Exchange, Http, HttpError, Session};

/// How much of a service's own words is kept, in characters.
const MAX_WORDS: usize = 200;

/// What a service gave for a code.
#[derive(Clone, Default)]
pub struct Token {
    /// Lets its bearer ask on behalf of the user.
    pub access_token: String,
    /// How to send it; empty for the usual way.
    pub kind: String,
    /// Renews the access token; empty when there is none.
    pub refresh_token: String,
    /// When the access token ends.
    pub expiry: Option<Timestamp>,
    /// The whole reply.
    pub raw: Map<String, Value>,
}

impl Token {
    /// A token of the reply to an exchange.
    ///
    /// # Errors
    /// When there is no access token in it.
    pub fn from_reply(raw: Map<String, Value>, now: Timestamp) -> Result<Self, Error> {
        let text = |name: &str| raw.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let seconds = match raw.get("expires_in") {
            Some(Value::Number(number)) => number.as_i64().unwrap_or_default(),
            Some(Value::String(text)) => text.parse().unwrap_or_default(),
            _ => 0,
        };
        let token = Self {
            access_token: text("access_token"),
            kind: text("token_type"),
            refresh_token: text("refresh_token"),
            expiry: (seconds != 0)
                .then(|| now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)),
            raw,
        };
        if token.access_token.is_empty() {
            return Err(Error::malformed("token", "there is no access token"));
        }
        Ok(token)
    }

    /// The value of an `Authorization` header with this token.
    pub fn authorization(&self) -> String {
        let kind = match self.kind.to_ascii_lowercase().as_str() {
            "" | "bearer" => "Bearer",
            "mac" => "MAC",
            "basic" => "Basic",
            _ => &self.kind,
        };
        format!("{kind} {}", self.access_token)
    }

    /// A text that came with the token; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        self.raw.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

impl fmt::Debug for Token {
    /// Without anything secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expiry", &self.expiry).finish_non_exhaustive()
    }
}

/// Exchanges a code as the standard says. Services differ in where they want the client's secret: first it is sent in
/// the header, and when that does not bring a token, in the body.
pub(crate) async fn fetch(session: &Session<'_>, exchange: &Exchange<'_>) -> Result<Token, Error> {
    match fetch_as(session, exchange, AuthType::BasicAuth).await {
        Ok(token) => Ok(token),
        // Nobody was asked, or nobody answered: asking in another way changes nothing.
        Err(error @ (Error::Address { .. } | Error::Http(_))) => Err(error),
        Err(_) => fetch_as(session, exchange, AuthType::RequestBody).await,
    }
}

type Client = oauth2::Client<
    BasicErrorResponse,
    Reply,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

async fn fetch_as(session: &Session<'_>, exchange: &Exchange<'_>, style: AuthType) -> Result<Token, Error> {
    let client = session.client;
    let address = TokenUrl::new(client.endpoints.token.clone().into_owned())
        .map_err(|_| Error::Address { what: "token" })?;
    let oauth2 = Client::new(ClientId::new(client.client_id.clone()))
        .set_client_secret(ClientSecret::new(client.client_secret.clone()))
        .set_auth_type(style)
        .set_token_uri(address);
    let mut request = oauth2.exchange_code(AuthorizationCode::new(exchange.code.to_owned()));
    if client.pkce {
        request = request.set_pkce_verifier(PkceCodeVerifier::new(exchange.code_verifier.to_owned()));
    }
    if !exchange.redirect_url.is_empty() {
        request = request.add_extra_param("redirect_uri", exchange.redirect_url.to_owned());
    }
    let reply = request.request_async(&WayOut(Arc::clone(session.http))).await.map_err(failure)?;
    Token::from_reply(reply.raw, session.now)
}

/// The library's way to the network is ours.
struct WayOut(Arc<dyn Http>);

impl<'a> AsyncHttpClient<'a> for WayOut {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'a>>;

    fn call(&'a self, request: HttpRequest) -> Self::Future {
        Box::pin(send(&*self.0, request))
    }
}

/// Sends the request, and makes the standard's reply of what services answer: some send a form in place of JSON, and
/// some an error with status 200.
async fn send(http: &dyn Http, request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let mut response = http.call(request).await?;
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind == "application/x-www-form-urlencoded" || kind == "text/plain" {
        let fields: Map<String, Value> = form_urlencoded::parse(response.body())
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect();
        *response.body_mut() = Value::Object(fields).to_string().into_bytes();
    }
    let refused = serde_json::from_slice::<Map<String, Value>>(response.body())
        .is_ok_and(|fields| fields.get("error").is_some_and(|error| error.as_str() != Some("")));
    *response.status_mut() = match response.status() {
        status if status.is_success() && refused => StatusCode::BAD_REQUEST,
        status if status.is_success() => StatusCode::OK,
        status => status,
    };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// Without the reply, which can hold a token.
fn failure(error: RequestTokenError<HttpError, BasicErrorResponse>) -> Error {
    match error {
        RequestTokenError::ServerResponse(refusal) => {
            Error::Refused(refusal.to_string().chars().take(MAX_WORDS).collect())
        }
        RequestTokenError::Request(error) => Error::Http(error),
        RequestTokenError::Parse(error, _) => {
            Error::malformed("token", format!("{} is not as it should be", error.path()))
        }
        RequestTokenError::Other(why) => Error::malformed("token", why),
    }
}

/// The reply to an exchange, of which the standard's parts are read later.
#[derive(Debug, Serialize, Deserialize)]
struct Reply {
    #[serde(skip, default = "no_token")]
    access_token: AccessToken,
    #[serde(skip, default = "bearer")]
    token_type: BasicTokenType,
    #[serde(flatten)]
    raw: Map<String, Value>,
}

fn no_token() -> AccessToken {
    AccessToken::new(String::new())
}

fn bearer() -> BasicTokenType {
    BasicTokenType::Bearer
}

impl TokenResponse for Reply {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(reply: Value) -> Result<Token, Error> {
        let Value::Object(raw) = reply else { panic!("an object") };
        Token::from_reply(raw, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_token_ends_when_the_service_says_so() {
        let at = |seconds| Some(Timestamp::from_second(seconds).unwrap());
        assert_eq!(read(json!({"access_token": "a", "expires_in": 60})).unwrap().expiry, at(60));
        assert_eq!(read(json!({"access_token": "a", "expires_in": "60"})).unwrap().expiry, at(60));
        assert_eq!(read(json!({"access_token": "a", "expires_in": 0})).unwrap().expiry, None);
        assert!(read(json!({"access_token": ""})).is_err());
        assert!(read(json!({"access_token": 1})).is_err());
    }

    #[test]
    fn the_way_to_send_it_is_the_services() {
        let of = |kind| read(json!({"access_token": "a", "token_type": kind})).unwrap().authorization();
        assert_eq!(of("bearer"), "Bearer a");
        assert_eq!(of(""), "Bearer a");
        assert_eq!(of("basic"), "Basic a");
        assert_eq!(of("Own"), "Own a");
    }
}
