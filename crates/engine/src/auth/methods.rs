use schema::AuthOptions;
use serde::Serialize;

use super::AuthAction;
use super::oauth2::Service;
use crate::json::Json;
use crate::{Engine, Error, Result};

/// How records can log in, in the order of PocketBase; the last three are for clients of before v0.23.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Methods<'a> {
    password: Password<'a>,
    oauth2: OAuth2<'a>,
    mfa: Timed,
    otp: Timed,
    auth_providers: Option<Vec<Service<'a>>>,
    username_password: bool,
    email_password: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Password<'a> {
    identity_fields: &'a [String],
    enabled: bool,
}

#[derive(Serialize, Default)]
struct OAuth2<'a> {
    providers: Vec<Service<'a>>,
    enabled: bool,
}

/// A way that takes some time at most, in seconds; 0 while it is off.
#[derive(Serialize)]
struct Timed {
    enabled: bool,
    duration: i64,
}

impl Engine {
    /// How records of a collection can log in, as the native API says it.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection.
    pub fn auth_methods(&self, collection: &str) -> Result<Json> {
        let entry = self.offers(AuthAction::Methods, collection)?;
        let auth = entry.collection.auth();
        let auth = auth.ok_or_else(|| Error::not_found("Missing or invalid auth collection context."))?;
        let text =
            schema::json::to_string(&Methods::of(auth, self.invitations(auth))).map_err(Error::internal)?;
        Ok(Json(text.into_bytes()))
    }
}

impl<'a> Methods<'a> {
    fn of(auth: &'a AuthOptions, services: Vec<Service<'a>>) -> Self {
        let enabled = auth.password_auth.enabled;
        let identity_fields = if enabled { auth.password_auth.identity_fields.as_slice() } else { &[] };
        let has = |field: &str| identity_fields.iter().any(|name| name == field);
        let timed = |enabled: bool, duration| Timed { enabled, duration: if enabled { duration } else { 0 } };
        Self {
            username_password: has("username"),
            email_password: has("email"),
            password: Password { identity_fields, enabled },
            auth_providers: auth.oauth2.enabled.then(|| services.iter().map(Service::without_logo).collect()),
            oauth2: OAuth2 { providers: services, enabled: auth.oauth2.enabled },
            mfa: timed(auth.mfa.enabled, auth.mfa.duration),
            otp: timed(auth.otp.enabled, auth.otp.duration),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_the_order_that_clients_know() {
        let mut auth = AuthOptions::default();
        auth.password_auth.enabled = true;
        auth.password_auth.identity_fields = vec!["email".to_owned()];
        let text = schema::json::to_string(&Methods::of(&auth, Vec::new())).unwrap();
        let expected = concat!(
            r#"{"password":{"identityFields":["email"],"enabled":true},"#,
            r#""oauth2":{"providers":[],"enabled":false},"#,
            r#""mfa":{"enabled":false,"duration":0},"otp":{"enabled":false,"duration":0},"#,
            r#""authProviders":null,"usernamePassword":false,"emailPassword":true}"#,
        );
        assert_eq!(text, expected);
    }
}
