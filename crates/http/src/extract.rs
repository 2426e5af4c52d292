use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts, Path};
use engine::{Headers, Record, Request, TokenKind};
use http::HeaderMap;
use http::header::{AUTHORIZATION, HOST};
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::client_ip::client_ip;
use crate::middleware::Witness;
use crate::{ApiError, App, body};

/// Who asks for what: an [`engine::Request`] without its body, and the token that came with it.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Everything about the request but its body.
    pub request: Request,
    /// The token as it was sent, good or not; empty when there was none.
    pub token: String,
}

impl<S> FromRequestParts<S> for Asker
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let app = App::from_ref(state);
        let auth = caller(parts, &app).await?;
        let token = token(&parts.headers);
        let ip = client_ip(parts, &app.engine().settings().trusted_proxy);
        let request = Request {
            method: parts.method.as_str().to_owned(),
            query: query(parts.uri.query().unwrap_or_default()),
            headers: headers(&parts.headers),
            auth,
            ip,
            ..Request::default()
        };
        Ok(Self { request, token })
    }
}

/// A superuser who asks.
///
/// Others are turned away: 401 for a guest, 403 for anybody else.
#[derive(Debug, Clone)]
pub struct Superuser(pub Asker);

impl<S> FromRequestParts<S> for Superuser
where
    S: Send + Sync,
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let asker = Asker::from_request_parts(parts, state).await?;
        match &asker.request.auth {
            None => Err(ApiError::unauthorized("The request requires valid record authorization token.")),
            Some(record) if record.is_superuser() => Ok(Self(asker)),
            Some(_) => {
                Err(ApiError::forbidden("The authorized record is not allowed to perform this action."))
            }
        }
    }
}

/// The variable parts of a path; one that is no text is in no collection.
pub(crate) struct Params<T>(pub(crate) T);

impl<S, T> FromRequestParts<S> for Params<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(params)) => Ok(Self(params)),
            Err(error) => Err(ApiError::not_found("").because(error)),
        }
    }
}

/// Who asks, once somebody wanted to know.
#[derive(Clone)]
struct Known(Option<Arc<Record>>);

/// The record whose token came with a request. A token that is not good is nobody's: the request goes on as a guest's.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn caller(parts: &mut Parts, app: &App) -> Result<Option<Arc<Record>>, ApiError> {
    if let Some(Known(auth)) = parts.extensions.get() {
        return Ok(auth.clone());
    }
    let token = token(&parts.headers);
    let auth =
        if token.is_empty() { None } else { app.engine().authenticate(&token, TokenKind::Auth).await? };
    if let (Some(auth), Some(witness)) = (&auth, parts.extensions.get::<Witness>()) {
        witness.saw(auth);
    }
    parts.extensions.insert(Known(auth.clone()));
    Ok(auth)
}

/// The token of the `Authorization` header, with or without `Bearer` before it.
fn token(headers: &HeaderMap) -> String {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match value.split_at_checked(7) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer ") => token.to_owned(),
        _ => value.to_owned(),
    }
}

/// The query parameters, decoded; of several of one name the first. One with a broken escape or a `;` is left out.
pub(crate) fn query(text: &str) -> Map<String, Value> {
    let mut parameters = Map::new();
    let whole = text.split('&').filter(|pair| body::is_whole_pair(pair.as_bytes()));
    for (name, value) in whole.flat_map(|pair| url::form_urlencoded::parse(pair.as_bytes())) {
        parameters.entry(name.into_owned()).or_insert_with(|| value.into_owned().into());
    }
    parameters
}

/// The name that rules know a header by: lower case, `_` for `-`.
pub(crate) fn header_name(name: &str) -> String {
    name.to_ascii_lowercase().replace('-', "_")
}

/// The headers under the names that rules know them by. The host is the server's name and no
/// property of the request, as in PocketBase.
fn headers(sent: &HeaderMap) -> Headers {
    let sent = sent.clone();
    Headers::new(move || {
        let mut named = Map::new();
        for (name, value) in sent.iter().filter(|(name, _)| *name != HOST) {
            named
                .entry(header_name(name.as_str()))
                .or_insert_with(|| String::from_utf8_lossy(value.as_bytes()).into());
        }
        named
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_with_or_without_its_scheme() {
        let with = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().unwrap());
            token(&headers)
        };
        assert_eq!(with("Bearer abc"), "abc");
        assert_eq!(with("bEARER abc"), "abc");
        assert_eq!(with("abc"), "abc");
        assert_eq!(with("Basic abc"), "Basic abc");
    }

    #[test]
    fn the_first_of_several_parameters_counts() {
        let query = query("a=1&a=2&b=%E4%BD%A0+x&c=%ff&d=%zz&e=1;e=2&f=%4");
        assert_eq!(query.get("a").unwrap(), "1");
        assert_eq!(query.get("b").unwrap(), "你 x");
        assert_eq!(query.get("c").unwrap(), "\u{fffd}");
        assert_eq!(query.len(), 3);
    }

    #[test]
    fn rules_see_headers_but_the_host() {
        let mut sent = HeaderMap::new();
        sent.insert("x-a", "1".parse().unwrap());
        sent.append("x-a", "2".parse().unwrap());
        sent.insert(HOST, "example.com".parse().unwrap());
        assert_eq!(Value::Object((*headers(&sent)).clone()), serde_json::json!({"x_a": "1"}));
    }
}
