use ambient::Entropy;
use schema::load::Load;
use serde_json::{Map, Value};
use sql::{Expr, Update};
use store::Transaction;

use super::{EncryptionKey, Settings};
use crate::bootstrap::{PARAMS, new_settings};
use crate::json::Json;
use crate::{Engine, Error, Result, Work};

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
        let mut settings = (*self.settings()).clone();
        settings.load(&Value::Object(patch.clone())).map_err(|error| {
            Error::bad_request("An error occurred while loading the submitted data.").because(error)
        })?;
        let errors = settings.check();
        errors
            .into_result()
            .map_err(|errors| Error::invalid("An error occurred while saving the new settings.", errors))?;
        let new = &settings;
        self.transaction(|tx| {
            Work::new(async move {
                let engine = tx.engine().clone();
                new.write(tx.inner(), &engine).await
            })
        })
        .await?;
        self.replace_settings(settings);
        self.clean_logs();
        self.view_settings()
    }
}

impl Settings {
    /// Stores them in the place of the stored ones, if there are any.
    pub(crate) async fn write(&self, transaction: &mut dyn Transaction, engine: &Engine) -> Result<()> {
        let value = self.to_stored(engine.encryption(), engine.entropy())?;
        let now = engine.clock().now_text();
        let row = Update {
            table: PARAMS.into(),
            set: vec![
                ("value".into(), Expr::value(value.clone())),
                ("updated".into(), Expr::value(now.as_str())),
            ],
            filter: Some(Expr::name("id").eq("settings")),
        };
        if transaction.execute(&row.into()).await? == 0 {
            transaction.execute(&new_settings(value, &now)).await?;
        }
        Ok(())
    }

    /// The settings after a collection got another name, `None` when none of them names it: limits on the rate of
    /// `old:create` become limits of `new:create`.
    pub(crate) fn with_renamed_collection(&self, old: &str, new: &str) -> Option<Self> {
        let mut renamed = self.clone();
        for rule in &mut renamed.rate_limits.rules {
            if let Some((collection, action)) = rule.label.split_once(':')
                && collection == old
            {
                rule.label = format!("{new}:{action}");
            }
        }
        (renamed != *self).then_some(renamed)
    }

    /// Their stored form, encrypted where there is a key.
    pub(crate) fn to_stored(&self, key: Option<&EncryptionKey>, entropy: &dyn Entropy) -> Result<Vec<u8>> {
        let plain = self.to_text()?.into_bytes();
        match key {
            None => Ok(plain),
            Some(key) => key.encrypt(entropy, &plain).map(String::into_bytes).map_err(Error::internal),
        }
    }

    fn to_text(&self) -> Result<String> {
        schema::json::to_string(self).map_err(Error::internal)
    }

    fn without_secrets(&self) -> Self {
        let mut settings = self.clone();
        settings.smtp.password = None;
        settings.s3.secret.clear();
        settings.backups.s3.secret.clear();
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_see_no_secrets() {
        let mut settings = Settings::default();
        settings.smtp.password = Some("secret".into());
        settings.s3.secret = "secret".into();
        settings.backups.s3.secret = "secret".into();
        assert!(!settings.without_secrets().to_text().unwrap().contains("secret"));
        assert!(!Settings::default().without_secrets().to_text().unwrap().contains("password"));
    }

    #[test]
    fn limits_follow_a_collection_to_its_new_name() {
        let mut settings = Settings::default();
        assert_eq!(settings.with_renamed_collection("posts", "articles"), None);
        settings.rate_limits.rules[0].label = "posts:create".into();
        let renamed = settings.with_renamed_collection("posts", "articles").unwrap();
        assert_eq!(renamed.rate_limits.rules[0].label, "articles:create");
        assert_eq!(renamed.rate_limits.rules[1], settings.rate_limits.rules[1]);
    }
}
