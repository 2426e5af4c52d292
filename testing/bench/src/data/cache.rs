use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use super::{SUPERUSER, SUPERUSER_PASSWORD, Sizes, collections, fill, pad};
use crate::error::{Error, Result, What};
use crate::report::say;
use crate::server::{Program, Server};

/// Counts up when the data is made otherwise than before: what is in the cache is then made again.
const VERSION: u32 = 1;

/// Where data directories are kept.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    pub(crate) folder: PathBuf,
    /// The server that makes the collections.
    pub(crate) binary: PathBuf,
}

impl Cache {
    /// The directory with this many records, made when it is not there yet.
    pub(crate) async fn records(&self, records: u64) -> Result<PathBuf> {
        let directory = self.folder.join(format!("v{VERSION}-{records}"));
        if is_complete(&directory) {
            return Ok(directory);
        }
        say(&format!("making the data: {records} records"))?;
        reset(&directory)?;
        self.collections(&directory).await?;
        fill::fill(&directory, Sizes::of(records))?;
        complete(&directory)?;
        Ok(directory)
    }

    /// The same, with a database that is at least as large as this, in MiB.
    pub(crate) async fn padded(&self, records: u64, megabytes: u64) -> Result<PathBuf> {
        let directory = self.folder.join(format!("v{VERSION}-{records}-{megabytes}mb"));
        if is_complete(&directory) {
            return Ok(directory);
        }
        let plain = self.records(records).await?;
        say(&format!("making the data: {megabytes} MB"))?;
        reset(&directory)?;
        copy(&plain, &directory)?;
        pad::pad(&directory, megabytes)?;
        complete(&directory)?;
        Ok(directory)
    }

    /// Sets a data directory up with the superuser and the collections.
    async fn collections(&self, directory: &Path) -> Result<()> {
        let made = Command::new(&self.binary)
            .args(["superuser", "upsert", SUPERUSER, SUPERUSER_PASSWORD, "--dir"])
            .arg(directory)
            .output()
            .what("making the superuser")?;
        if !made.status.success() {
            return Err(Error::Setup(String::from_utf8_lossy(&made.stderr).into_owned()));
        }
        let program = Program::own(&self.binary, None);
        let mut server = Server::spawn("setup", &program, directory).await?;
        let token = server.superuser().await?;
        let body = json!({"collections": collections::collections(), "deleteMissing": false});
        server.connect().await?.call("PUT", "/api/collections/import", &token, &body).await?;
        server.stop()
    }
}

/// Copies a data directory, sharing its blocks where the file system can.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    let status = Command::new("cp")
        .args(["--recursive", "--reflink=auto"])
        .arg(from.join("."))
        .arg(to)
        .status()
        .what("copying the data")?;
    if status.success() { Ok(()) } else { Err(Error::Setup("the data could not be copied".to_owned())) }
}

/// The mark that a directory is finished stands beside it, so that no server finds it in its data.
fn mark(directory: &Path) -> PathBuf {
    directory.with_extension("complete")
}

fn is_complete(directory: &Path) -> bool {
    mark(directory).is_file()
}

fn complete(directory: &Path) -> Result<()> {
    fs::write(mark(directory), "").what("marking the data as complete")
}

/// Makes an empty directory in the place of what is there.
fn reset(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory).what("removing incomplete data")?;
    }
    fs::create_dir_all(directory).what("a folder for the data")
}
