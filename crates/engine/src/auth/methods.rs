use serde_json::{Value, json};

use crate::json::Json;
use crate::{Engine, Error, Result};

impl Engine {
    /// How records of a collection can log in, as the native API says it. Ways that are configured but not served
    /// yet (OAuth2, one-time passwords) are reported as they are configured, without providers.
    ///
    /// # Errors
    /// 404 for a collection that is no auth collection.
    pub fn auth_methods(&self, collection: &str) -> Result<Json> {
        let entry = self.auth_collection(collection)?;
        let Some(auth) = entry.collection.auth() else {
            return Err(Error::not_found("Missing or invalid auth collection context."));
        };
        let password = &auth.password_auth;
        let has = |field: &str| password.enabled && password.identity_fields.iter().any(|name| name == field);
        let identity_fields = if password.enabled { json!(password.identity_fields) } else { json!([]) };
        let duration = |enabled, seconds| if enabled { json!(seconds) } else { json!(0) };
        // In the order of PocketBase, the last three for clients of before v0.23.
        let parts: [(&str, Value); 7] = [
            ("password", json!({"identityFields": identity_fields, "enabled": password.enabled})),
            ("oauth2", json!({"providers": [], "enabled": false})),
            (
                "mfa",
                json!({"enabled": auth.mfa.enabled, "duration": duration(auth.mfa.enabled, auth.mfa.duration)}),
            ),
            ("otp", json!({"enabled": false, "duration": 0})),
            ("authProviders", Value::Null),
            ("usernamePassword", json!(has("username"))),
            ("emailPassword", json!(has("email"))),
        ];
        let parts: Vec<String> = parts.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        Ok(Json(format!("{{{}}}", parts.join(",")).into_bytes()))
    }
}
