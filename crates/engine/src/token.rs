//! Tokens: signed claims that stand for a record.
//!
//! The signing key is the record's own `tokenKey` and the collection's secret for that kind of token, so that
//! either can be changed to make all earlier tokens worthless.

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, TokenData};
use schema::collection::TokenOptions;
use schema::{AuthOptions, Collection};
use serde::{Deserialize, Deserializer, Serialize};

use crate::Record;

/// How all tokens are signed.
const ALGORITHM: Algorithm = Algorithm::HS256;

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenKind {
    /// Requests in the name of the record.
    Auth,
    /// Downloads of protected files.
    File,
    /// The link in a verification mail.
    Verification,
    /// The link in a password reset mail.
    PasswordReset,
    /// The link in an e-mail change mail.
    EmailChange,
}

/// What a token says. Other claims of older tokens are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The id of the record's collection; its name in tokens that others made.
    #[serde(rename = "collectionId")]
    pub collection_id: String,
    /// Seconds since 1970; a token without it, or with 0, does not expire.
    #[serde(default, deserialize_with = "date", skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// The id of the record.
    pub id: String,
    /// Whether an auth token can be exchanged for a newer one; only `true` says so.
    #[serde(default, deserialize_with = "truth", skip_serializing_if = "Option::is_none")]
    pub refreshable: Option<bool>,
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: TokenKind,
    /// Seconds since 1970; a token from the future is not valid.
    #[serde(default, deserialize_with = "date", skip_serializing_if = "Option::is_none")]
    pub iat: Option<i64>,
    /// Seconds since 1970; not valid earlier.
    #[serde(default, deserialize_with = "date", skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The record's address when the token was made, in tokens that are sent by mail.
    #[serde(default, deserialize_with = "text", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The address that an e-mail change is about.
    #[serde(
        rename = "newEmail",
        default,
        deserialize_with = "text",
        skip_serializing_if = "Option::is_none"
    )]
    pub new_email: Option<String>,
}

/// A date of a token: a number, with or without a fraction. One that no clock shows is long past.
#[expect(clippy::cast_possible_truncation, reason = "only numbers that fit are converted")]
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    let date = if seconds.abs() < i64::MAX as f64 { seconds as i64 } else { i64::MIN };
    Ok(Some(date).filter(|date| *date != 0))
}

/// A claim that is true or means nothing.
fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(serde_json::Value::deserialize(deserializer)?.as_bool())
}

/// A claim that is a text or means nothing.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(serde_json::Value::deserialize(deserializer)?.as_str().map(str::to_owned))
}

impl TokenKind {
    /// The secret and the lifetime that a collection has for this kind.
    pub(crate) fn options(self, auth: &AuthOptions) -> &TokenOptions {
        match self {
            Self::Auth => &auth.auth_token,
            Self::File => &auth.file_token,
            Self::Verification => &auth.verification_token,
            Self::PasswordReset => &auth.password_reset_token,
            Self::EmailChange => &auth.email_change_token,
        }
    }
}

impl Claims {
    /// What a new token of this kind says, valid for the collection's lifetime of that kind from `now` on; `None` when
    /// the record's collection is no auth collection.
    pub(crate) fn new(record: &Record, kind: TokenKind, now: Timestamp) -> Option<Self> {
        let options = kind.options(record.collection().auth()?);
        let by_mail =
            matches!(kind, TokenKind::Verification | TokenKind::PasswordReset | TokenKind::EmailChange);
        Some(Self {
            collection_id: record.collection().id.clone(),
            exp: Some(now.as_second().saturating_add(options.duration)),
            id: record.id().to_owned(),
            refreshable: (kind == TokenKind::Auth).then_some(true),
            kind,
            iat: None,
            nbf: None,
            email: by_mail.then(|| record.text("email").to_owned()),
            new_email: None,
        })
    }
}

/// A token for a record that says this; `None` when its collection is no auth collection or it cannot be signed.
pub(crate) fn sign(record: &Record, claims: &Claims) -> Option<String> {
    let options = claims.kind.options(record.collection().auth()?);
    let key = EncodingKey::from_secret(signing_key(record, options).as_bytes());
    jsonwebtoken::encode(&Header::new(ALGORITHM), claims, &key).ok()
}

/// A text that a token claims under this name, be it good or not; empty when there is none.
pub(crate) fn claimed(token: &str, name: &str) -> String {
    let claims =
        jsonwebtoken::dangerous::insecure_decode::<serde_json::Map<String, serde_json::Value>>(token);
    let claimed = claims.ok().and_then(|data| data.claims.get(name)?.as_str().map(str::to_owned));
    claimed.unwrap_or_default()
}

/// The claims of a token whose signature nobody has checked yet, when they are well formed and valid at `now`.
/// They tell which record to load; [`verify`] then decides.
pub(crate) fn peek(token: &str, now: Timestamp) -> Option<Claims> {
    let TokenData { header, claims } = jsonwebtoken::dangerous::insecure_decode::<Claims>(token).ok()?;
    if header.alg != ALGORITHM {
        return None;
    }
    let second = now.as_second();
    let fresh = claims.exp.is_none_or(|exp| second < exp)
        && claims.nbf.is_none_or(|nbf| nbf <= second)
        && claims.iat.is_none_or(|iat| iat <= second);
    (fresh && !claims.id.is_empty() && !claims.collection_id.is_empty()).then_some(claims)
}

/// Whether a token was signed for this record with the key of this kind, in constant time. What it says is looked at by
/// [`peek`]: its algorithm, its dates and its own kind.
pub(crate) fn verify(token: &str, kind: TokenKind, record: &Record, collection: &Collection) -> bool {
    let (Some(auth), Some((message, signature))) = (collection.auth(), token.rsplit_once('.')) else {
        return false;
    };
    let key = DecodingKey::from_secret(signing_key(record, kind.options(auth)).as_bytes());
    jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, ALGORITHM).is_ok_and(|is_good| is_good)
}

fn signing_key(record: &Record, options: &TokenOptions) -> String {
    [record.text("tokenKey"), &options.secret].concat()
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{EncodingKey, Header, encode};
    use serde_json::{Value, json};

    use super::*;

    /// What a token with these claims over the usual ones says at second 1000.
    fn claims(more: &Value) -> Option<Claims> {
        let mut all = json!({"id": "a", "collectionId": "b", "type": "auth", "refreshable": true});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let token = encode(&Header::default(), &all, &EncodingKey::from_secret(b"x")).unwrap();
        peek(&token, Timestamp::from_second(1000).unwrap())
    }

    #[test]
    fn dates_are_kept() {
        let good = [
            json!({}),
            json!({"exp": 0}),
            json!({"exp": 1001}),
            json!({"exp": 1001.5}),
            json!({"exp": 1e15}),
        ];
        for more in good.into_iter().chain([json!({"nbf": 1000}), json!({"iat": 999.5})]) {
            assert!(claims(&more).is_some(), "{more}");
        }
        let bad = [json!({"exp": 1000}), json!({"exp": -1}), json!({"exp": "1001"}), json!({"exp": null})];
        for more in bad.into_iter().chain([json!({"exp": 1e25}), json!({"nbf": 1001}), json!({"iat": 1001})])
        {
            assert!(claims(&more).is_none(), "{more}");
        }
    }

    #[test]
    fn a_token_with_another_algorithm_says_nothing() {
        let all = json!({"id": "a", "collectionId": "b", "type": "auth"});
        let of = |algorithm| encode(&Header::new(algorithm), &all, &EncodingKey::from_secret(b"x")).unwrap();
        let says = |token: &str| peek(token, Timestamp::UNIX_EPOCH).is_some();
        assert!(says(&of(Algorithm::HS256)));
        assert!(!says(&of(Algorithm::HS384)));
        assert!(!says(&of(Algorithm::HS512)));
    }

    #[test]
    fn only_true_makes_a_token_refreshable() {
        let refreshable = |value: Value| claims(&json!({"refreshable": value})).unwrap().refreshable;
        assert_eq!(refreshable(json!(true)), Some(true));
        for value in [json!(false), json!("true"), json!(1), json!(null)] {
            assert_ne!(refreshable(value), Some(true));
        }
    }
}
