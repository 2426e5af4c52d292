//! The databases of an instance as files of SQLite, whatever they are in.

use std::path::Path;
use std::sync::Arc;

use ::copy::{Progress, Snapshot, Source, Target};
use ambient::SystemEntropy;
use engine::transfer::Contents;
use engine::{Cause, StartError};
use store::Store;
use store_sqlite::SqliteSnapshot;
use wechat::Secret;

use super::blocking;
use crate::cli;
use crate::copy::{PATIENCE, connect, open_file};

/// Writes copies of the databases into a folder, each as it is at one moment.
pub(super) async fn copy(options: &cli::DataDir, folder: &Path) -> Result<(), Cause> {
    if let Some(address) = &options.database {
        return export(address, folder).await;
    }
    for name in archive::DATABASES {
        let (from, to) = (options.dir.join(name), folder.join(name));
        blocking(move || Ok(store_sqlite::copy_file(&from, &to)?)).await?;
    }
    Ok(())
}

/// Copies what is on a PostgreSQL server into files.
async fn export(address: &Secret, folder: &Path) -> Result<(), Cause> {
    let database = connect(address, false).await?;
    let snapshot = Snapshot::of(&*database).await?;
    let [data, logs] = archive::DATABASES.map(|name| folder.join(name));
    let (data, logs) = (open_file(&data)?, open_file(&logs)?);
    let target = Target { data: &*data, logs: Some(&*logs), typed: false, replace: false };
    let source = Source { data: &snapshot, logs: Some(&snapshot) };
    let copied = ::copy::copy(source, target, None, &SystemEntropy, &Quiet).await;
    let closed = [data.close().await, logs.close().await, snapshot.close().await, database.close().await];
    copied?;
    Ok(closed.into_iter().collect::<Result<(), _>>()?)
}

/// Puts what is in the files of a folder in the place of what is on a PostgreSQL server, in one transaction.
pub(super) async fn import(address: &Secret, folder: &Path) -> Result<(), Cause> {
    let database = connect(address, true).await?;
    let [data, logs] = archive::DATABASES.map(|name| folder.join(name));
    let data = snapshot_of(&data, folder)?;
    let logs = if logs.is_file() { Some(snapshot_of(&logs, folder)?) } else { None };
    let source = Source { data: &*data, logs: logs.as_deref() };
    let target = Target { data: &*database, logs: None, typed: true, replace: true };
    let copied = ::copy::copy(source, target, None, &SystemEntropy, &Quiet).await;
    let closed = database.close().await;
    copied?;
    Ok(closed?)
}

/// Refuses databases that are damaged, or of something else. What is in their logs is brought into them.
pub(super) async fn check(folder: &Path, scratch: &Path) -> Result<(), Cause> {
    for name in archive::DATABASES {
        let path = folder.join(name);
        if path.is_file() {
            blocking(move || Ok(store_sqlite::check_file(&path)?)).await?;
        }
    }
    let [data, _] = archive::DATABASES;
    let data = snapshot_of(&folder.join(data), scratch)?;
    let found = Contents::read(&*data).await;
    data.close().await?;
    match found {
        Ok(Some(_)) | Err(StartError::OlderFormat { .. }) => Ok(()),
        Ok(None) => Err("data.db in the archive holds no instance".into()),
        Err(error) => Err(error.into()),
    }
}

fn snapshot_of(path: &Path, scratch: &Path) -> Result<Arc<dyn Store>, Cause> {
    let options = store_sqlite::Options { query_timeout: PATIENCE, ..store_sqlite::Options::default() };
    Ok(Arc::new(SqliteSnapshot::open(path, scratch, options)?))
}

/// Nobody watches.
struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: &str, _: u64) {}

    fn advance(&self, _: u64) {}

    fn end(&self) {}
}
