use schema::AuthOptions;
use serde::Serialize;

use crate::json::Json;
use crate::{Engine, Error, Result};

/// How records can log in, in the order of PocketBase; the last three are for clients of before v0.23.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Methods<'a> {
    password: Password<'a>,
    oauth2: OAuth2,
    mfa: Timed,
    otp: Timed,
    auth_providers: Option<[(); 0]>,
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
struct OAuth2 {
    providers: [(); 0],
    enabled: bool,
}

/// A way that takes some time at most, in seconds; 0 while it is off.
#[derive(Serialize, Default)]
struct Timed {
    enabled: bool,
    duration: i64,
}

impl Engine {
    /// How records of a collection can log in, as the native API says it. Ways that are not served yet (OAuth2,
    /// one-time passwords) are reported as off.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection.
    pub fn auth_methods(&self, collection: &str) -> Result<Json> {
        let entry = self.auth_collection(collection)?;
        let auth = entry.collection.auth();
        let auth = auth.ok_or_else(|| Error::not_found("Missing or invalid auth collection context."))?;
        let text = schema::json::to_string(&Methods::of(auth)).map_err(Error::internal)?;
        Ok(Json(text.into_bytes()))
    }
}

impl<'a> Methods<'a> {
    fn of(auth: &'a AuthOptions) -> Self {
        let enabled = auth.password_auth.enabled;
        let identity_fields = if enabled { auth.password_auth.identity_fields.as_slice() } else { &[] };
        let has = |field: &str| identity_fields.iter().any(|name| name == field);
        let mfa = if auth.mfa.enabled {
            Timed { enabled: true, duration: auth.mfa.duration }
        } else {
            Timed::default()
        };
        Self {
            username_password: has("username"),
            email_password: has("email"),
            password: Password { identity_fields, enabled },
            oauth2: OAuth2::default(),
            mfa,
            otp: Timed::default(),
            auth_providers: None,
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
        let text = schema::json::to_string(&Methods::of(&auth)).unwrap();
        let expected = concat!(
            r#"{"password":{"identityFields":["email"],"enabled":true},"#,
            r#""oauth2":{"providers":[],"enabled":false},"#,
            r#""mfa":{"enabled":false,"duration":0},"otp":{"enabled":false,"duration":0},"#,
            r#""authProviders":null,"usernamePassword":false,"emailPassword":true}"#,
        );
        assert_eq!(text, expected);
    }
}
