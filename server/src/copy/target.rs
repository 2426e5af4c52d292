use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ::copy::Files;
use files::{LocalDisk, Scratch};
use store::Store;
use store_postgres::PostgresStore;
use store_sqlite::SqliteStore;
use wechat::Secret;

use super::folder::Folder;
use super::paths::Paths;
use crate::cli::Place;
use crate::data_dir::{self, DataDir, Lock};
use crate::error::Error;

/// How long a statement may take, or a transaction wait for the next one: all of it is one transaction, and an index
/// on many rows takes its time.
pub(super) const PATIENCE: Duration = Duration::from_hours(24);

/// Where the copy is to be, open to be written.
pub(super) struct Target {
    data: Arc<dyn Store>,
    logs: Option<Arc<dyn Store>>,
    /// Where the files go; `None` when they stay where they are.
    files: Option<PathBuf>,
    /// What is to be empty again when the copy fails.
    claimed: Vec<Folder>,
    directory: Option<Directory>,
}

/// A data directory in the making: everything is in a folder of temporary files until it is complete.
struct Directory {
    root: PathBuf,
    staging: PathBuf,
    _lock: Lock,
}

impl Target {
    /// Opens an empty place. What is not, stays as it is.
    pub(super) async fn prepare(place: &Place, paths: &Paths) -> Result<Self, Error> {
        match place {
            Place::Directory(root) => Self::directory(root, paths),
            Place::Database(address) => {
                let data = connect(address).await?;
                let mut target = Self { data, logs: None, files: None, claimed: Vec::new(), directory: None };
                target.claim_files(paths)?;
                Ok(target)
            }
        }
    }

    fn directory(root: &Path, paths: &Paths) -> Result<Self, Error> {
        let folder = Folder::claim(root)?;
        let data_dir = DataDir::prepare(root)?;
        let lock = data_dir.lock()?;
        data_dir.empty_scratch()?;
        let staging = data_dir.scratch().join("copy");
        data_dir::create(&staging)?;
        let (data, logs) = (open(&staging.join("data.db"))?, Some(open(&staging.join("auxiliary.db"))?));
        let files = Some(staging.join("storage")).filter(|_| !paths.share_files());
        let is_inside = paths.to_files == data_dir.storage();
        let directory = Some(Directory { root: root.to_owned(), staging, _lock: lock });
        let mut target = Self { data, logs, files, claimed: vec![folder], directory };
        if !is_inside {
            target.claim_files(paths)?;
        }
        Ok(target)
    }

    fn claim_files(&mut self, paths: &Paths) -> Result<(), Error> {
        if paths.share_files() {
            return Ok(());
        }
        self.claimed.push(Folder::claim(&paths.to_files)?);
        self.files = Some(paths.to_files.clone());
        Ok(())
    }

    pub(super) fn stores(&self) -> ::copy::Target<'_> {
        ::copy::Target { data: &*self.data, logs: self.logs.as_deref(), typed: self.directory.is_none() }
    }

    /// The stores of the files in a folder and of the copy; `None` when nothing is to be copied.
    pub(super) fn files(&self, from: Option<&Path>) -> Result<Option<Files>, Error> {
        let (Some(from), Some(to)) = (from, &self.files) else { return Ok(None) };
        let open = |path: &Path| match LocalDisk::open(path) {
            Ok(disk) => Ok(Arc::new(disk)),
            Err(cause) => Err(Error::Unwritable { path: path.to_owned(), cause }),
        };
        let scratch = Scratch::new(to.join(".pb_temp_to_delete"));
        Ok(Some(Files { from: open(from)?, to: open(to)?, scratch }))
    }

    /// Closes the databases and puts everything in its place.
    pub(super) async fn finish(self) -> Result<(), Error> {
        self.close().await.map_err(|cause| Error::Copy(::copy::Error::Target(cause)))?;
        if let Some(files) = &self.files {
            let _ = fs::remove_dir_all(files.join(".pb_temp_to_delete"));
        }
        match &self.directory {
            Some(directory) => directory.publish(),
            None => Ok(()),
        }
    }

    /// Removes what was written.
    pub(super) async fn abandon(self) {
        if let Err(error) = self.close().await {
            tracing::debug!(%error, "the target did not close");
        }
        self.claimed.iter().rev().for_each(Folder::empty);
    }

    async fn close(&self) -> Result<(), store::Error> {
        self.data.close().await?;
        match &self.logs {
            Some(logs) => logs.close().await,
            None => Ok(()),
        }
    }
}

impl Directory {
    /// Moves everything from the staging folder to where it belongs, the data last: without it there is no instance.
    fn publish(&self) -> Result<(), Error> {
        let publish = || -> io::Result<()> {
            for name in ["storage", "auxiliary.db", "data.db"] {
                match fs::rename(self.staging.join(name), self.root.join(name)) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound && name == "storage" => {}
                    moved => moved?,
                }
            }
            #[cfg(unix)]
            File::open(&self.root)?.sync_all()?;
            fs::remove_dir_all(self.root.join(".pb_temp_to_delete"))
        };
        publish().map_err(|cause| Error::Unwritable { path: self.root.clone(), cause })
    }
}

/// Connects to a PostgreSQL database.
pub(super) async fn connect(address: &Secret) -> Result<Arc<dyn Store>, Error> {
    let location = PostgresStore::location_of(address.expose()).map_err(Error::Address)?;
    let options = store_postgres::Options {
        query_timeout: PATIENCE,
        idle_timeout: PATIENCE,
        ..store_postgres::Options::default()
    };
    match PostgresStore::open(address.expose(), options).await {
        Ok(store) => Ok(Arc::new(store)),
        Err(cause) => Err(Error::Remote { location, cause }),
    }
}

fn open(path: &Path) -> Result<Arc<dyn Store>, Error> {
    let options = store_sqlite::Options {
        query_timeout: PATIENCE,
        idle_timeout: PATIENCE,
        ..store_sqlite::Options::default()
    };
    match SqliteStore::open(path, options) {
        Ok(store) => Ok(Arc::new(store)),
        Err(cause) => Err(Error::Database { path: path.to_owned(), cause }),
    }
}
