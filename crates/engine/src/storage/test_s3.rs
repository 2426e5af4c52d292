use ambient::EntropyExt;
use files::{Content, Key, Prefix, Properties};
use schema::checks::{Checks, one_of, required};
use schema::load::{Load, load_object};
use serde_json::{Map, Value};

use super::bucket;
use crate::{Engine, Error, Result};

/// The two things that settings can keep in a bucket, under the names that clients know.
const FILESYSTEMS: [&str; 2] = ["storage", "backups"];

/// What the name of the folder of the small file ends with.
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Which bucket is tried.
#[derive(Debug, Default)]
struct Form {
    filesystem: String,
}

load_object!(Form { "filesystem" => filesystem });

impl Engine {
    /// Tries the bucket of the settings for the files of records (`filesystem` is `storage`) or for backups
    /// (`backups`): a small file is written, found, and removed.
    ///
    /// # Errors
    /// 400 with what the store says; it is for superusers alone.
    pub async fn test_s3(&self, data: &Map<String, Value>) -> Result<()> {
        let mut form = Form::default();
        form.load(&Value::Object(data.clone())).map_err(|error| {
            Error::bad_request("An error occurred while loading the submitted data.").because(error)
        })?;
        let filesystem = form.filesystem.as_str();
        let mut checks = Checks::default();
        let known = required(!filesystem.is_empty()).or_else(|| one_of(filesystem, &FILESYSTEMS));
        checks.key("filesystem", known);
        let failed = "Failed to test the S3 filesystem.";
        checks.into_errors().into_result().map_err(|errors| Error::invalid(failed, errors))?;
        self.try_bucket(filesystem).await.map_err(|reason| {
            Error::bad_request(format!("Failed to test the S3 filesystem. Raw error: \n{reason}"))
        })
    }

    async fn try_bucket(&self, filesystem: &str) -> Result<(), String> {
        let settings = self.settings();
        let s3 = if filesystem == "backups" { &settings.backups.s3 } else { &settings.s3 };
        if !s3.enabled {
            return Err("S3 storage filesystem is not enabled".to_owned());
        }
        let folder = format!("pb_settings_test_{}", self.entropy().text(5, ALPHABET));
        let stores = self.storage().object_stores.as_ref().ok_or("there are no object stores here")?;
        let failed = |what: &str| {
            let start = format!("failed to {what}: ");
            move |error: files::Error| start + &with_sources(&error)
        };
        let blobs = stores.s3(&bucket(s3)).map_err(failed("initialize the S3 filesystem"))?;
        let key = Key::parse(&format!("{folder}/test.txt")).map_err(failed("upload a test file"))?;
        let properties =
            Properties { content_type: "text/plain; charset=utf-8".to_owned(), original_name: None };
        let put = blobs.put(&key, &Content::from(&b"test"[..]), &properties).await;
        put.map_err(failed("upload a test file"))?;
        let prefix = Prefix::parse(&folder).map_err(failed("delete a test file"))?;
        blobs.delete_prefix(&prefix).await.map_err(failed("delete a test file"))
    }
}

/// An error and what lies behind it.
pub(crate) fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
