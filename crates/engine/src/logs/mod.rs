//! Stored logs: what superusers can read about past requests.
//!
//! Entries are handed to a task of their own, which writes them in portions, so that nobody waits for them. Should
//! they come faster than they can be written, the rest is dropped and counted.

mod read;
mod writer;

use serde::Serialize;

pub(crate) use writer::Logs;

use crate::{Engine, Result};

/// The table of the logs.
pub(crate) const LOGS: &str = "_logs";

/// How bad it is, in PocketBase's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Something that happens all the time.
    Info = 0,
    /// Something that somebody should look at.
    Warning = 4,
    /// Something that did not work.
    Error = 8,
}

/// What is to be remembered about an event.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// How bad it is.
    pub level: LogLevel,
    /// For people.
    pub message: String,
    /// For filters: a JSON object.
    pub data: String,
}

impl LogEntry {
    /// An entry with data that becomes a JSON object.
    pub fn new(level: LogLevel, message: impl Into<String>, data: &impl Serialize) -> Self {
        let data = schema::json::to_string(data).unwrap_or_else(|_| "{}".to_owned());
        Self { level, message: message.into(), data }
    }
}

impl Engine {
    /// Whether an entry of this level would be kept: ask before making one that costs something.
    pub fn keeps_logs(&self, level: LogLevel) -> bool {
        let logs = &self.settings().logs;
        logs.max_days > 0 && level as i64 >= logs.min_level
    }

    /// Stores an entry soon, unless the settings say that its like is not kept.
    pub fn log(&self, entry: LogEntry) {
        if self.keeps_logs(entry.level) {
            self.logs().add(entry, self.clock().now_text());
        }
    }

    /// Removes all entries.
    ///
    /// # Errors
    /// When the database does not do it.
    pub async fn truncate_logs(&self) -> Result<()> {
        self.logs().truncate().await
    }

    /// Removes the entries that the settings do not want to be kept any longer.
    pub(crate) fn clean_logs(&self) {
        self.logs().clean(&self.settings().logs, self.clock().now());
    }
}
