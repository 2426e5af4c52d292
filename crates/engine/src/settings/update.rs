use schema::{FieldError, FieldErrors};
use serde_json::{Map, Value};
use sql::{Expr, Update};

use super::Settings;
use crate::bootstrap::PARAMS;
use crate::json::Json;
use crate::{Engine, Error, Result};

/// The longest name and address, in characters.
const MAX_LENGTH: usize = 255;

impl Engine {
    /// The settings as superusers see them: no passwords and keys.
    ///
    /// # Errors
    /// When they have no JSON form.
    pub fn view_settings(&self) -> Result<Json> {
        Ok(Json(self.settings().without_secrets().to_text()?.into_bytes()))
    }

    /// Changes settings by partial JSON: objects merge key by key, lists by position.
    ///
    /// # Errors
    /// 400 when a value has the wrong type or (with errors by key) is not usable.
    pub async fn update_settings(&self, patch: &Map<String, Value>) -> Result<Json> {
        let _turn = self.schema_changes().lock().await;
        let mut json = serde_json::to_value(&*self.settings()).map_err(Error::internal)?;
        merge(&mut json, &Value::Object(patch.clone()));
        let settings: Settings = serde_json::from_value(json).map_err(|error| {
            Error::bad_request("An error occurred while loading the submitted data.").because(error)
        })?;
        let errors = settings.check();
        errors
            .into_result()
            .map_err(|errors| Error::invalid("An error occurred while saving the new settings.", errors))?;
        let mut tx = self.begin().await?;
        let row = Update {
            table: PARAMS.into(),
            set: vec![
                ("value".into(), Expr::value(settings.to_text()?.into_bytes())),
                ("updated".into(), Expr::value(self.clock().now_text())),
            ],
            filter: Some(Expr::name("id").eq("settings")),
        };
        tx.inner().execute(&row.into()).await?;
        tx.commit().await?;
        self.replace_settings(settings);
        self.view_settings()
    }
}

impl Settings {
    fn to_text(&self) -> Result<String> {
        schema::json::to_string(self).map_err(Error::internal)
    }

    fn without_secrets(&self) -> Self {
        let mut settings = self.clone();
        settings.smtp.password.clear();
        settings.s3.secret.clear();
        settings.backups.s3.secret.clear();
        settings
    }

    fn check(&self) -> FieldErrors {
        let mut meta = FieldErrors::new();
        for (key, text) in [
            ("appName", &self.meta.app_name),
            ("appURL", &self.meta.app_url),
            ("senderName", &self.meta.sender_name),
            ("senderAddress", &self.meta.sender_address),
        ] {
            if text.is_empty() {
                meta.push(key, FieldError::required());
            } else if text.chars().count() > MAX_LENGTH {
                let message = format!("The length must be between 1 and {MAX_LENGTH}.");
                meta.push(key, FieldError::new("validation_length_out_of_range", message));
            }
        }
        if !schema::value::is_url(&self.meta.app_url) {
            meta.push("appURL", FieldError::new("validation_is_url", "Must be a valid URL."));
        }
        let mut errors = FieldErrors::new();
        errors.push_nested("meta", meta);
        errors
    }
}

/// Merges objects key by key and lists by position; null leaves a value as it is.
fn merge(target: &mut Value, patch: &Value) {
    match (target, patch) {
        (_, Value::Null) => {}
        (Value::Object(target), Value::Object(patch)) => {
            for (key, value) in patch {
                match target.get_mut(key) {
                    Some(target) => merge(target, value),
                    None => drop(target.insert(key.clone(), value.clone())),
                }
            }
        }
        (Value::Array(target), Value::Array(patch)) => {
            target.resize(patch.len(), Value::Null);
            for (target, value) in target.iter_mut().zip(patch) {
                if target.is_null() {
                    target.clone_from(value);
                } else {
                    merge(target, value);
                }
            }
        }
        (target, value) => target.clone_from(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_touches_what_it_names() {
        let mut value = json!({"a": {"b": 1, "c": [{"x": 1, "y": 2}]}, "d": 5});
        merge(&mut value, &json!({"a": {"c": [{"x": 9}, {"x": 3}]}, "d": null, "new": 1}));
        assert_eq!(value, json!({"a": {"b": 1, "c": [{"x": 9, "y": 2}, {"x": 3}]}, "d": 5, "new": 1}));
    }

    #[test]
    fn an_empty_name_and_a_bad_address_are_refused() {
        let mut settings = Settings::default();
        assert!(settings.check().is_empty());
        settings.meta.app_name.clear();
        settings.meta.app_url = "no url".into();
        let errors = settings.check().to_json();
        assert_eq!(errors["meta"]["appName"]["code"], "validation_required");
        assert_eq!(errors["meta"]["appURL"]["code"], "validation_is_url");
    }
}
