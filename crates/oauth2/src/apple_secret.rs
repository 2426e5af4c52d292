//! Apple wants a token as the client's secret, signed with the key of a developer's account.

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

/// The key of a developer's account, and what it is for.
pub struct AppleKey<'a> {
    /// The id of the service that users log in to.
    pub client_id: &'a str,
    /// The id of the developer's team.
    pub team_id: &'a str,
    /// The id of the key.
    pub key_id: &'a str,
    /// The key, as PEM.
    pub private_key: &'a str,
}

/// The secret of a client of Apple, good for some seconds from now.
///
/// # Errors
/// When the key is not one of the curve P-256.
pub fn apple_client_secret(
    key: &AppleKey<'_>,
    seconds: i64,
    now: Timestamp,
) -> jsonwebtoken::errors::Result<String> {
    let signer = EncodingKey::from_ec_pem(key.private_key.trim().as_bytes())?;
    let header = Header { kid: Some(key.key_id.to_owned()), ..Header::new(Algorithm::ES256) };
    let claims = json!({
        "iss": key.team_id,
        "sub": key.client_id,
        "aud": ["https://appleid.apple.com"],
        "iat": now.as_second(),
        "exp": now.as_second().saturating_add(seconds),
    });
    jsonwebtoken::encode(&header, &claims, &signer)
}
