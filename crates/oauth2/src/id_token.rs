//! ID tokens: what a service says of a user in a token of its own (OpenID Connect).

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::str::FromStr;

use crate::{Error, Session, Token};

/// The length of a public key of Ed25519 in base64.
const ED25519_LENGTH: usize = 43;

/// What must be right about an ID token beside its times.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checks<'a> {
    /// Whom it must be meant for; `None` when that does not matter.
    pub(crate) audience: Option<&'a str>,
    /// Who may have made it; empty for anybody.
    pub(crate) issuers: Vec<&'a str>,
    /// Whether it must end.
    pub(crate) must_expire: bool,
    /// Where the keys of whoever signs are. Without, the signature is not looked at: the token came from the service
    /// itself.
    pub(crate) keys: Option<&'a str>,
}

/// The claims of the ID token that came with a token.
pub(crate) async fn claims(
    session: &Session<'_>,
    token: &Token,
    checks: &Checks<'_>,
) -> Result<Map<String, Value>, Error> {
    let claims = unchecked_claims(token)?;
    check_times(session, &claims, checks.must_expire)?;
    check_parties(&claims, checks)?;
    if let Some(address) = checks.keys {
        check_signature(session, token.text("id_token"), address).await?;
    }
    Ok(claims)
}

/// The claims of an ID token that came from the service itself, when it is valid now.
pub(crate) fn trusted_claims(session: &Session<'_>, token: &Token) -> Result<Map<String, Value>, Error> {
    let claims = unchecked_claims(token)?;
    check_times(session, &claims, false)?;
    Ok(claims)
}

fn unchecked_claims(token: &Token) -> Result<Map<String, Value>, Error> {
    let id_token = token.text("id_token");
    if id_token.is_empty() {
        return Err(Error::id_token("there is none"));
    }
    jsonwebtoken::decode_header(id_token).map_err(Error::id_token)?;
    jsonwebtoken::dangerous::insecure_decode_claims(id_token).map_err(Error::id_token)
}

fn check_times(session: &Session<'_>, claims: &Map<String, Value>, must_expire: bool) -> Result<(), Error> {
    let now = session.now.as_second() as f64;
    let leeway = session.leeway.as_secs() as f64;
    let time = |name: &str| match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => Ok(number.as_f64()),
        Some(_) => Err(Error::id_token(format!("{name} is no time"))),
    };
    match time("exp")? {
        Some(end) if now >= end + leeway => return Err(Error::id_token("it has expired")),
        None if must_expire => return Err(Error::id_token("it does not expire")),
        _ => {}
    }
    for (name, why) in [("nbf", "it is not valid yet"), ("iat", "it was made in the future")] {
        if time(name)?.is_some_and(|from| now + leeway < from) {
            return Err(Error::id_token(why));
        }
    }
    Ok(())
}

fn check_parties(claims: &Map<String, Value>, checks: &Checks<'_>) -> Result<(), Error> {
    if let Some(audience) = checks.audience {
        let is_meant = match claims.get("aud") {
            Some(Value::String(single)) => single == audience,
            Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(audience)),
            _ => false,
        };
        if !is_meant {
            return Err(Error::id_token("it is meant for another client"));
        }
    }
    let issuer = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
    if !checks.issuers.is_empty() && !checks.issuers.contains(&issuer) {
        return Err(Error::id_token("it was made by another issuer"));
    }
    Ok(())
}

#[derive(Deserialize)]
struct KeySet {
    #[serde(default, alias = "Keys")]
    keys: Vec<Value>,
}

/// Checks the signature with the key that the token names, of those that are at this address.
async fn check_signature(session: &Session<'_>, id_token: &str, address: &str) -> Result<(), Error> {
    let header = jsonwebtoken::decode_header(id_token).map_err(Error::id_token)?;
    let name = header.kid.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Error::id_token("it does not name its key"))?;
    let response = session.get("keys", address).await?;
    if response.status().as_u16() >= 400 {
        return Err(Error::Status { what: "keys", status: response.status().as_u16() });
    }
    let set: KeySet =
        serde_json::from_slice(response.body()).map_err(|error| Error::malformed("keys", error))?;
    let text =
        |key: &Value, field: &str| key.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let key = set.keys.into_iter().find(|key| text(key, "kid") == name && !text(key, "alg").is_empty());
    let key = key.ok_or_else(|| Error::id_token("its key is not one of the service's"))?;
    let algorithm = Algorithm::from_str(&text(&key, "alg")).map_err(Error::id_token)?;
    let key: Jwk = serde_json::from_value(key).map_err(|error| Error::malformed("keys", error))?;
    match &key.algorithm {
        // What everybody can read proves nothing.
        AlgorithmParameters::OctetKey(_) => return Err(Error::id_token("its key is not a public one")),
        // The library would panic at another length.
        AlgorithmParameters::OctetKeyPair(pair) if pair.x.len() != ED25519_LENGTH => {
            return Err(Error::id_token("its key is not one of Ed25519"));
        }
        _ => {}
    }
    let key = DecodingKey::from_jwk(&key).map_err(Error::id_token)?;
    let mut validation = Validation::new(algorithm);
    // All but the signature is checked already, by our own clock.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<Map<String, Value>>(id_token, &key, &validation).map_err(Error::id_token)?;
    Ok(())
}
