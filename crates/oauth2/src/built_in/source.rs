//! How a profile is asked for.

use http::Request;
use serde_json::{Value, json};

use crate::id_token::{self, Checks};
use crate::{Error, Profile, Session, Token};

/// How a service is asked for a profile.
pub(super) enum Source {
    /// With GET at the profile's address, and these headers.
    Get(&'static [(&'static str, Header)]),
    /// With a GraphQL query at the profile's address.
    Query(&'static str),
    /// It is in the ID token, made by this issuer and signed with one of the keys at this address.
    IdToken { issuer: &'static str, keys: &'static str },
    /// At the profile's address, or in the ID token where the configuration has no such address.
    GetOrIdToken,
}

/// The value of a header.
pub(super) enum Header {
    /// Always this one.
    Text(&'static str),
    /// The id of the client.
    ClientId,
}

impl Source {
    pub(super) async fn fetch(&self, session: &Session<'_>, token: &Token) -> Result<Profile, Error> {
        match self {
            Self::Get(headers) => get(session, token, headers).await,
            Self::Query(query) => {
                let request = Request::post(&*session.client.endpoints.user_info)
                    .header("Authorization", token.authorization())
                    .header("Content-Type", "application/json");
                send(session, request.body(json!({ "query": query }).to_string().into_bytes())).await
            }
            Self::IdToken { issuer, keys } => {
                let checks = Checks {
                    audience: Some(&session.client.client_id),
                    issuers: vec![issuer],
                    must_expire: true,
                    keys: Some(keys),
                };
                Ok(id_token::claims(session, token, &checks).await?.into())
            }
            Self::GetOrIdToken if !session.client.endpoints.user_info.is_empty() => {
                get(session, token, &[]).await
            }
            Self::GetOrIdToken => Ok(id_token::claims(session, token, &configured(session)).await?.into()),
        }
    }
}

/// The checks of an ID token that the configuration asks for.
fn configured<'a>(session: &Session<'a>) -> Checks<'a> {
    let client = session.client;
    let issuers = match client.extra.get("issuers") {
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(list)) => list.split_whitespace().collect(),
        _ => Vec::new(),
    };
    let keys = Some(client.extra_text("jwksURL")).filter(|address| !address.is_empty());
    Checks { audience: Some(&client.client_id), issuers, must_expire: false, keys }
}

async fn get(
    session: &Session<'_>,
    token: &Token,
    headers: &[(&'static str, Header)],
) -> Result<Profile, Error> {
    let mut request =
        Request::get(&*session.client.endpoints.user_info).header("Authorization", token.authorization());
    for (name, value) in headers {
        request = request.header(
            *name,
            match value {
                Header::Text(text) => *text,
                Header::ClientId => session.client.client_id.as_str(),
            },
        );
    }
    send(session, request.body(Vec::new())).await
}

async fn send(session: &Session<'_>, request: http::Result<Request<Vec<u8>>>) -> Result<Profile, Error> {
    let request = request.map_err(|_| Error::Address { what: "profile" })?;
    let response = session.call(request).await?;
    if response.status().as_u16() >= 400 {
        return Err(Error::Status { what: "profile", status: response.status().as_u16() });
    }
    Profile::parse(response.body())
}
