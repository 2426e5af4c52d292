use std::sync::LazyLock;

use files::{Key, Properties};
use regex::Regex;
use schema::checks::{Checks, length, matches};
use schema::load::{Load, load_object};
use schema::{FieldError, FieldErrors};
use serde_json::{Map, Value};

use super::name::{UNNAMED, generate};
use crate::{Cause, Engine, Error, Result};

/// The longest name, in bytes.
const MAX_NAME: usize = 150;

static NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"^[a-z0-9_-]+\.zip$"));

#[expect(clippy::expect_used, reason = "only called on the constant pattern above, which tests compile")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// How the backup is to be called; empty for a name that is made up.
#[derive(Debug, Default)]
struct Form {
    name: String,
}

load_object!(Form { "name" => name });

impl Engine {
    /// Makes a backup under the `name` of `data`, or under one of the application and the time. It is made to its end
    /// also when the one who asks does not wait.
    ///
    /// # Errors
    /// 400 while another one is made or restored, for a name that is not usable or taken (with the error by field),
    /// and when it cannot be made.
    pub async fn create_backup(&self, data: &Map<String, Value>) -> Result<()> {
        if !self.can_backup() {
            self.backups()?;
            return Err(Error::bad_request(
                "Try again later - another backup/restore process has already been started",
            ));
        }
        let mut form = Form::default();
        form.load(&Value::Object(data.clone())).map_err(|error| {
            Error::bad_request("An error occurred while loading the submitted data.").because(error)
        })?;
        self.check_name(&form.name).await?.into_result().map_err(|errors| {
            Error::invalid("An error occurred while validating the submitted data.", errors)
        })?;
        let name = match form.name.as_str() {
            "" => generate(UNNAMED, &self.settings().meta.app_name, self.clock().now()),
            name => name.to_owned(),
        };
        let engine = self.clone();
        let work = tokio::spawn(async move { engine.back_up(&name).await });
        let made = work.await.unwrap_or_else(|error| Err(error.into()));
        made.map_err(|error| Error::bad_request("Failed to create backup.").because(error))
    }

    async fn check_name(&self, name: &str) -> Result<FieldErrors> {
        let mut found = length(name, 1, MAX_NAME).or_else(|| matches(name, &NAME));
        if found.is_none() && !name.is_empty() && self.is_taken(name).await? {
            let message = "The backup file name is invalid or already exists.";
            found = Some(FieldError::new("validation_backup_name_exists", message));
        }
        let mut checks = Checks::default();
        checks.key("name", found);
        Ok(checks.into_errors())
    }

    /// Whether there is a backup of this name, or none can be.
    pub(super) async fn is_taken(&self, name: &str) -> Result<bool> {
        let Ok(key) = Key::parse(name) else { return Ok(true) };
        Ok(!matches!(self.backups()?.blobs.metadata(&key).await, Err(files::Error::NotFound)))
    }

    /// Makes a backup under this name.
    pub(super) async fn back_up(&self, name: &str) -> Result<(), Cause> {
        let Some(_active) = self.begin_backup(name)? else {
            return Err("another backup/restore operation has already been started".into());
        };
        let backups = self.backups()?;
        backups.postponed.begin();
        let packed = backups.archiver.pack().await;
        backups.postponed.end(&**self.blobs()).await;
        let properties =
            Properties { content_type: "application/zip".to_owned(), original_name: Some(name.to_owned()) };
        Ok(backups.blobs.put(&Key::parse(name)?, &packed?, &properties).await?)
    }
}
