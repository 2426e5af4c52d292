//! The secret of a client of Apple, which is a token that a developer's key signs.

use oauth2_providers::{AppleKey, apple_client_secret};
use schema::{FieldError, FieldErrors};

use crate::auth::form::Form;
use crate::json::Json;
use crate::{Engine, Error, Request, Result};

/// The length of the ids of teams and keys, in bytes.
const ID_LENGTH: usize = 10;
/// The longest that a secret is good for, in seconds: about six months.
const MAX_DURATION: i64 = 15_777_000;

impl Engine {
    /// A secret for Apple: `{"secret"}`. The body has `clientId`, `teamId`, `keyId`, `privateKey` (PEM) and `duration` in
    /// seconds. Nothing of it is kept.
    ///
    /// # Errors
    /// 400 with errors by field, and when the key is not one that Apple gives out.
    pub fn apple_client_secret(&self, request: &Request) -> Result<Json> {
        let sent = Form::of(request);
        let [client_id, team_id, key_id, private_key] =
            ["clientId", "teamId", "keyId", "privateKey"].map(|name| sent.text(name));
        let (client_id, team_id, key_id, private_key) = (client_id?, team_id?, key_id?, private_key?);
        let duration = sent.integer("duration")?;
        let mut errors = FieldErrors::new();
        let checks = [
            ("clientId", missing(&client_id)),
            ("teamId", missing(&team_id).or_else(|| wrong_length(&team_id))),
            ("keyId", missing(&key_id).or_else(|| wrong_length(&key_id))),
            ("privateKey", missing(&private_key).or_else(|| no_key(&private_key))),
            ("duration", wrong_duration(duration)),
        ];
        for (name, error) in checks {
            if let Some(error) = error {
                errors.push(name, error);
            }
        }
        errors.into_result().map_err(|errors| Error::invalid("Invalid client secret data.", errors))?;
        let key =
            AppleKey { client_id: &client_id, team_id: &team_id, key_id: &key_id, private_key: &private_key };
        let secret = apple_client_secret(&key, duration, self.clock().now()).map_err(|cause| {
            let message = "Failed to generate client secret. Raw error: \nkey is invalid.";
            Error::bad_request(message).because(cause)
        })?;
        let json = serde_json::json!({ "secret": secret });
        Ok(Json(json.to_string().into_bytes()))
    }
}

fn missing(text: &str) -> Option<FieldError> {
    text.is_empty().then(FieldError::required)
}

fn wrong_length(id: &str) -> Option<FieldError> {
    (id.len() != ID_LENGTH).then(|| {
        let message = format!("the length must be exactly {ID_LENGTH}");
        let error = FieldError::new("validation_length_invalid", message);
        error.with_param("min", ID_LENGTH).with_param("max", ID_LENGTH)
    })
}

fn no_key(pem: &str) -> Option<FieldError> {
    let body = pem.split_once("-----BEGIN PRIVATE KEY----").map(|(_, rest)| rest);
    let is_key = body.is_some_and(|rest| rest.find("-----END PRIVATE KEY-----").is_some_and(|end| end > 0));
    (!is_key).then(|| FieldError::new("validation_match_invalid", "must be in a valid format"))
}

fn wrong_duration(seconds: i64) -> Option<FieldError> {
    let (code, bound, message) = match seconds {
        0 => return Some(FieldError::required()),
        ..0 => ("validation_min_greater_equal_than_required", 1, "must be no less than 1".to_owned()),
        1..=MAX_DURATION => return None,
        _ => {
            let message = format!("must be no greater than {MAX_DURATION}");
            ("validation_max_less_equal_than_required", MAX_DURATION, message)
        }
    };
    Some(FieldError::new(code, message).with_param("threshold", bound))
}
