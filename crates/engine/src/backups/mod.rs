//! Backups: archives of all that an instance consists of, in a store of their own.
//!
//! One is made or restored at a time. What an archive is and how it takes the place of what is there is the business
//! of an [`Archiver`]; here it is decided whether, under which name and where to.

mod archiver;
mod automatic;
mod create;
mod name;
mod restore;
mod upload;

use std::sync::Arc;

use files::{Blobs, Key, Prefix};
use jiff::Timestamp;
use parking_lot::Mutex;
use serde::Serialize;

pub use archiver::{Archiver, BackupParts};

use crate::json::Json;
use crate::storage::with_sources;
use crate::token::TokenKind;
use crate::tx::Postponed;
use crate::{Engine, Error, Request, Result};

/// What an engine needs to make backups.
pub(crate) struct Backups {
    blobs: Arc<dyn Blobs>,
    archiver: Arc<dyn Archiver>,
    /// The key of the backup that is being made or restored.
    active: Mutex<Option<String>>,
    /// Files that would be removed while an archive is being made: it may still need them.
    postponed: Postponed,
}

/// Says which backup is being made or restored, for as long as it lives.
pub(crate) struct Active(Engine);

#[derive(Serialize)]
struct Item<'a> {
    modified: String,
    key: &'a str,
    size: u64,
}

impl Backups {
    pub(crate) fn new(blobs: Arc<dyn Blobs>, archiver: Arc<dyn Archiver>) -> Self {
        Self { blobs, archiver, active: Mutex::default(), postponed: Postponed::default() }
    }

    pub(crate) fn postponed(&self) -> &Postponed {
        &self.postponed
    }
}

impl Engine {
    /// Whether a backup could be made now: none is being made or restored.
    pub fn can_backup(&self) -> bool {
        self.backups().is_ok_and(|backups| backups.active.lock().is_none())
    }

    /// All backups, by key: `[{"modified", "key", "size"}]`.
    ///
    /// # Errors
    /// 400 when the store of the backups fails.
    pub async fn list_backups(&self) -> Result<Json> {
        let failed = |error: files::Error| {
            let reason = with_sources(&error);
            Error::bad_request(format!("Failed to retrieve backup items. Raw error: \n{reason}"))
        };
        let all = Prefix::parse("").map_err(failed)?;
        let entries = self.backups()?.blobs.list(&all).await.map_err(failed)?;
        let item = |entry: &files::Entry| {
            let modified = Timestamp::try_from(entry.modified).unwrap_or_default();
            let modified = modified.strftime("%Y-%m-%d %H:%M:%S%.3fZ").to_string();
            schema::json::to_string(&Item { modified, key: entry.key.as_str(), size: entry.size })
        };
        let items = entries.iter().map(item).collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
        Ok(Json(format!("[{}]", items.join(",")).into_bytes()))
    }

    /// Where a backup is, for the owner of this file token.
    ///
    /// # Errors
    /// 403 unless it is the token of a superuser who may be let in; 404 for what cannot be a backup.
    pub async fn backup_file(
        &self,
        request: &Request,
        token: &str,
        key: &str,
    ) -> Result<(Arc<dyn Blobs>, Key)> {
        let auth = self.authenticate(token, TokenKind::File).await?;
        let is_superuser = auth.is_some_and(|record| record.is_superuser());
        if !is_superuser || !self.settings().lets_superusers_in_from(&request.ip) {
            return Err(Error::forbidden("Insufficient permissions to access the resource."));
        }
        let key = Key::parse(key).map_err(|error| Error::not_found("").because(error))?;
        Ok((Arc::clone(&self.backups()?.blobs), key))
    }

    /// Deletes a backup.
    ///
    /// # Errors
    /// 400 when it is being made or restored, or is not there.
    pub async fn delete_backup(&self, key: &str) -> Result<()> {
        let backups = self.backups()?;
        if backups.active.lock().as_deref() == Some(key) {
            return Err(Error::bad_request("The backup is currently being used and cannot be deleted."));
        }
        let deleted = match Key::parse(key) {
            Ok(key) => backups.blobs.delete(&key).await,
            Err(error) => Err(error),
        };
        deleted.map_err(|error| {
            let reason = match &error {
                files::Error::NotFound => format!("[key: {key}] resource not found"),
                other => with_sources(other),
            };
            Error::bad_request(format!("Invalid or already deleted backup file. Raw error: \n{reason}"))
        })
    }

    /// Claims the one place for a backup that is being made or restored; `None` when it is taken.
    fn begin_backup(&self, key: &str) -> Result<Option<Active>> {
        let mut active = self.backups()?.active.lock();
        if active.is_some() {
            return Ok(None);
        }
        *active = Some(key.to_owned());
        Ok(Some(Active(self.clone())))
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        if let Ok(backups) = self.0.backups() {
            backups.active.lock().take();
        }
    }
}
