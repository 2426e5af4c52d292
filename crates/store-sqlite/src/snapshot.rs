use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use sql::Select;
use store::{Cost, Error, Sink, Store, Transaction};
use tempfile::TempDir;

use crate::Options;
use crate::link::Link;
use crate::readers::Readers;

/// What SQLite writes beside a file: changes that are not in it yet.
const LOGS: [&str; 2] = ["-wal", "-journal"];

/// A database in one file of SQLite as it is, to be read alone. Neither the file nor its folder is changed.
///
/// Changes that a program left in a log beside the file belong to it. To read them, SQLite has to write; so a copy of
/// the file is read then, which is removed in the end.
pub struct SqliteSnapshot {
    readers: Arc<Readers>,
    _copy: Option<TempDir>,
}

impl SqliteSnapshot {
    /// Opens the file; `scratch` is the folder for a copy. This blocks, while the file is copied too.
    ///
    /// # Errors
    /// [`Error::Busy`] when a program has the file open, [`Error::Corrupt`] when it is not a database,
    /// [`Error::Storage`] when it cannot be read or copied.
    pub fn open(path: &Path, scratch: &Path, options: Options) -> Result<Self, Error> {
        let failed = |error: io::Error| Error::Storage(format!("{}: {error}", path.display()));
        if is_in_use(path).map_err(failed)? {
            return Err(Error::Busy(format!("a program has {} open", path.display())));
        }
        let logs: Vec<&str> = LOGS.into_iter().filter(|log| size(&beside(path, log)) > 0).collect();
        if logs.is_empty() {
            Link::open_immutable(path, &options)?;
            return Ok(Self { readers: Arc::new(Readers::immutable(path, options)), _copy: None });
        }
        let directory = TempDir::new_in(scratch).map_err(failed)?;
        let copy = directory.path().join("copy.db");
        fs::copy(path, &copy).map_err(failed)?;
        for log in logs {
            fs::copy(beside(path, log), beside(&copy, log)).map_err(failed)?;
        }
        // One who may write brings the changes into the file.
        Link::open_writer(&copy, &options)?.batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
        Ok(Self { readers: Arc::new(Readers::immutable(&copy, options)), _copy: Some(directory) })
    }
}

#[async_trait]
impl Store for SqliteSnapshot {
    async fn read(&self, query: &Select, cost: Cost, mut sink: Box<dyn Sink>) -> Result<(), Error> {
        match cost {
            Cost::Point => self.readers.point(query, sink.as_mut()),
            Cost::Scan => self.readers.scan(query, sink).await,
        }
    }

    /// Always an error: nothing can be changed.
    async fn begin(&self) -> Result<Box<dyn Transaction>, Error> {
        Err(Error::Storage("the database was opened to be read alone".into()))
    }

    async fn close(&self) -> Result<(), Error> {
        self.readers.close().await;
        Ok(())
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |file| file.len())
}

/// Whether a program has the database open: each of its connections keeps a lock on the file.
#[cfg(unix)]
fn is_in_use(path: &Path) -> io::Result<bool> {
    use rustix::process::{Flock, FlockOffsetType, FlockType, fcntl_getlk};

    // The bytes of SQLite's locks, whose content is never used.
    const START: u64 = 0x4000_0000;
    const LENGTH: u64 = 512;
    let file = File::open(path)?;
    let exclusive = Flock {
        start: START,
        length: LENGTH,
        pid: None,
        typ: FlockType::WriteLock,
        offset_type: FlockOffsetType::Set,
    };
    // Where locks cannot be asked for, nobody has one.
    Ok(fcntl_getlk(&file, &exclusive).ok().flatten().is_some())
}

#[cfg(not(unix))]
fn is_in_use(path: &Path) -> io::Result<bool> {
    File::open(path).map(|_| false)
}
