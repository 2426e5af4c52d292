use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ::copy::Files;
use files::{Blobs, Prefix, Scratch};
use files_object::ObjectStores;
use store::Store;
use store_postgres::PostgresStore;
use store_sqlite::SqliteStore;
use wechat::Secret;

use super::folder::Folder;
use super::paths::Paths;
use crate::cli;
use crate::data_dir::{self, DataDir, Lock};
use crate::error::Error;

/// How long a statement may take, or a transaction wait for the next one: all of it is one transaction, and an index
/// on many rows takes its time.
pub(crate) const PATIENCE: Duration = Duration::from_hours(24);

/// Where the copy is to be, open to be written.
pub(super) struct Target {
    data: Arc<dyn Store>,
    logs: Option<Arc<dyn Store>>,
    /// Where the files go; `None` when they stay where they are.
    files: Option<Place>,
    /// What is to be empty again when the copy fails.
    claimed: Vec<Folder>,
    directory: Option<Directory>,
}

/// Where the files go.
#[derive(Clone)]
enum Place {
    Folder(PathBuf),
    Bucket(Arc<dyn Blobs>),
}

/// A data directory in the making: everything is in a folder of temporary files until it is complete.
struct Directory {
    root: PathBuf,
    staging: PathBuf,
    _lock: Lock,
}

impl Target {
    /// Opens an empty place. What is not, stays as it is.
    pub(super) async fn prepare(place: &cli::Place, paths: &Paths) -> Result<Self, Error> {
        match place {
            cli::Place::Directory(root) => Self::directory(root, paths).await,
            cli::Place::Database(address) => {
                let data = connect(address, true).await?;
                let mut target = Self { data, logs: None, files: None, claimed: Vec::new(), directory: None };
                target.claim_files(paths).await?;
                Ok(target)
            }
        }
    }

    async fn directory(root: &Path, paths: &Paths) -> Result<Self, Error> {
        let folder = Folder::claim(root)?;
        let data_dir = DataDir::prepare(root)?;
        let lock = data_dir.lock()?;
        data_dir.empty_scratch()?;
        let staging = data_dir.scratch().join("copy");
        data_dir::create(&staging)?;
        let (data, logs) =
            (open_file(&staging.join("data.db"))?, Some(open_file(&staging.join("auxiliary.db"))?));
        let files = Some(Place::Folder(staging.join("storage"))).filter(|_| !paths.share_files());
        let is_inside = paths.to_files.folder() == Some(&data_dir.storage());
        let directory = Some(Directory { root: root.to_owned(), staging, _lock: lock });
        let mut target = Self { data, logs, files, claimed: vec![folder], directory };
        if !is_inside {
            target.claim_files(paths).await?;
        }
        Ok(target)
    }

    async fn claim_files(&mut self, paths: &Paths) -> Result<(), Error> {
        if paths.share_files() {
            return Ok(());
        }
        if let Some(folder) = paths.to_files.folder() {
            self.claimed.push(Folder::claim(folder)?);
            self.files = Some(Place::Folder(folder.clone()));
            return Ok(());
        }
        let failed = |cause| Error::FilesUnusable { location: paths.to_files.location(), cause };
        let bucket = paths.to_files.open().map_err(failed)?;
        let all = Prefix::parse("").map_err(failed)?;
        match bucket.list(&all).await.map_err(failed)?.first() {
            Some(file) => {
                let path = paths.to_files.location().into();
                Err(Error::NotEmpty { path, name: file.key.to_string() })
            }
            None => {
                self.files = Some(Place::Bucket(bucket));
                Ok(())
            }
        }
    }

    pub(super) fn stores(&self) -> ::copy::Target<'_> {
        let logs = self.logs.as_deref();
        ::copy::Target { data: &*self.data, logs, typed: self.directory.is_none(), replace: false }
    }

    /// The stores of the files of the source and of the copy; `None` when nothing is to be copied.
    pub(super) fn files(&self, paths: &Paths) -> Result<Option<Files>, Error> {
        let Some(to) = &self.files else { return Ok(None) };
        let from: Arc<dyn Blobs> = match (&paths.bucket, paths.from_files.folder()) {
            (Some(bucket), _) => {
                let opened = files::ObjectStores::s3(&ObjectStores, bucket);
                opened.map_err(|cause| Error::FilesUnusable { location: bucket.bucket.clone(), cause })?
            }
            (None, Some(folder)) if !folder.is_dir() => return Ok(None),
            (None, _) => data_dir::open_files(&paths.from_files)?,
        };
        Ok(Some(match to {
            Place::Folder(path) => Files {
                from,
                to: data_dir::open_folder(path)?,
                scratch: Scratch::new(path.join(".pb_temp_to_delete")),
            },
            Place::Bucket(to) => {
                let scratch = std::env::temp_dir().join(format!("baibase-copy-{}", std::process::id()));
                Files { from, to: Arc::clone(to), scratch: Scratch::new(scratch) }
            }
        }))
    }

    /// Closes the databases and puts everything in its place.
    pub(super) async fn finish(self) -> Result<(), Error> {
        self.close().await.map_err(|cause| Error::Copy(::copy::Error::Target(cause)))?;
        if let Some(Place::Folder(files)) = &self.files {
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
        if let Some(Place::Bucket(bucket)) = &self.files {
            empty(&**bucket).await;
        }
    }

    async fn close(&self) -> Result<(), store::Error> {
        self.data.close().await?;
        match &self.logs {
            Some(logs) => logs.close().await,
            None => Ok(()),
        }
    }
}

/// Removes what is in a bucket that was empty before, as far as that is possible.
async fn empty(bucket: &dyn Blobs) {
    let Ok(all) = Prefix::parse("") else { return };
    for file in bucket.list(&all).await.unwrap_or_default() {
        if let Err(error) = bucket.delete(&file.key).await {
            tracing::warn!(key = %file.key, %error, "a file of the copy could not be removed");
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

/// Connects to a PostgreSQL database; `exclusive` keeps servers off it.
pub(crate) async fn connect(address: &Secret, exclusive: bool) -> Result<Arc<dyn Store>, Error> {
    let location = PostgresStore::location_of(address.expose()).map_err(Error::Address)?;
    let options = store_postgres::Options {
        query_timeout: PATIENCE,
        idle_timeout: PATIENCE,
        exclusive,
        ..store_postgres::Options::default()
    };
    match PostgresStore::open(address.expose(), options).await {
        Ok(store) => Ok(Arc::new(store)),
        Err(cause) => Err(Error::Remote { location, cause }),
    }
}

/// Opens a file of SQLite; it is made when it is missing.
pub(crate) fn open_file(path: &Path) -> Result<Arc<dyn Store>, Error> {
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
