use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ambient::{Clock, SystemClock, SystemEntropy};
use engine::{Archiver, BackupParts, EncryptionKey, Engine, Extension, Parts, StartError, Upgraded};
use files::{Blobs, LocalDisk};
use files_object::{Address, ObjectStores};
use mail::SystemMailer;
use oauth2_providers::Registry;

use crate::cli;
use crate::databases::{self, Databases};
use crate::error::Error;
use crate::thumbs;

/// A data directory in PocketBase's layout.
pub(crate) struct DataDir {
    root: PathBuf,
    archiver: Option<Arc<dyn Archiver>>,
}

/// Keeps other servers off a data directory for as long as it lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _directory: Option<File>,
}

impl DataDir {
    /// The directory at this path, created when it is missing.
    pub(crate) fn prepare(root: &Path) -> Result<Self, Error> {
        create(root)?;
        Ok(Self { root: root.to_owned(), archiver: None })
    }

    /// The directory at this path, which holds data already.
    pub(crate) fn existing(root: &Path) -> Result<Self, Error> {
        match root.join("data.db").is_file() {
            true => Ok(Self { root: root.to_owned(), archiver: None }),
            false => Err(Error::NoData(root.to_owned())),
        }
    }

    /// Engines on this directory make backups by this.
    pub(crate) fn with_archiver(self, archiver: Arc<dyn Archiver>) -> Self {
        Self { archiver: Some(archiver), ..self }
    }

    /// Undoes a restore that the end of a server interrupted. The caller holds the [`Lock`].
    pub(crate) fn recover(&self) -> Result<(), Error> {
        if archive::recover(&self.root).map_err(Error::Recover)? {
            tracing::warn!(
                "a backup was being restored when the server ended: the data before it is in place again"
            );
        }
        Ok(())
    }

    /// The folder of the files.
    pub(crate) fn storage(&self) -> PathBuf {
        self.root.join("storage")
    }

    /// Claims the directory for one server: two would not see each other's changes of collections and settings.
    ///
    /// The directory itself is locked, because a file of our own would end up in backups. Where directories cannot
    /// be locked, nothing keeps a second server off.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        let directory = File::open(&self.root).and_then(|directory| match directory.try_lock() {
            Err(TryLockError::Error(error)) => Err(error),
            Err(TryLockError::WouldBlock) => Ok(None),
            Ok(()) => Ok(Some(directory)),
        });
        match directory {
            Ok(None) => Err(Error::InUse(self.root.clone())),
            Ok(locked) => Ok(Lock { _directory: locked }),
            Err(error) => {
                tracing::debug!(%error, "the data directory cannot be locked");
                Ok(Lock { _directory: None })
            }
        }
    }

    /// The folder of the certificates that were fetched, and of their keys. It is no part of backups.
    pub(crate) fn certificates(&self) -> PathBuf {
        self.root.join(".autocert_cache")
    }

    /// The folder of temporary files.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.root.join(".pb_temp_to_delete")
    }

    /// Removes the temporary files that a server left behind. The caller holds the [`Lock`].
    pub(crate) fn empty_scratch(&self) -> Result<(), Error> {
        let path = self.scratch();
        match fs::remove_dir_all(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(Error::Unwritable { path, cause }),
            _ => create(&path),
        }
    }

    /// Opens the databases, in this directory or at an address, and the files, and starts the engine on them, for a
    /// command: it must do nothing that a server must know of.
    pub(crate) async fn start_engine(
        &self,
        options: &cli::DataDir,
        oauth2: Registry,
        extensions: Vec<Arc<dyn Extension>>,
    ) -> Result<Engine, Error> {
        self.start(options, oauth2, extensions, false).await
    }

    /// The same for whoever changes what a server keeps in memory: there is no other one at the address.
    pub(crate) async fn start_server(
        &self,
        options: &cli::DataDir,
        oauth2: Registry,
        extensions: Vec<Arc<dyn Extension>>,
    ) -> Result<Engine, Error> {
        self.start(options, oauth2, extensions, true).await
    }

    async fn start(
        &self,
        options: &cli::DataDir,
        oauth2: Registry,
        extensions: Vec<Arc<dyn Extension>>,
        exclusive: bool,
    ) -> Result<Engine, Error> {
        let databases = databases::open(&self.root, options, exclusive).await?;
        let refused = |cause| self.refused(options, cause);
        if !engine::pending_upgrades(&*databases.data).await.map_err(refused)?.is_empty() {
            self.back_up(options)?;
        }
        Engine::start(self.parts(options, databases, oauth2, extensions)?).await.map_err(refused)
    }

    /// What a start would change in data of an older format; nothing is changed.
    pub(crate) async fn plan_upgrade(
        &self,
        options: &cli::DataDir,
        oauth2: Registry,
    ) -> Result<Vec<Upgraded>, Error> {
        let databases = databases::open(&self.root, options, false).await?;
        let planned = Engine::plan_upgrade(self.parts(options, databases, oauth2, Vec::new())?).await;
        planned.map_err(|cause| self.refused(options, cause))
    }

    fn parts(
        &self,
        options: &cli::DataDir,
        databases: Databases,
        oauth2: Registry,
        extensions: Vec<Arc<dyn Extension>>,
    ) -> Result<Parts, Error> {
        let blobs = match &options.files {
            Some(address) => open_files(&Address::parse(address.expose()).map_err(Error::Files)?)?,
            None => open_folder(&self.storage())?,
        };
        let backups = match &self.archiver {
            Some(archiver) => {
                let blobs = open_folder(&self.root.join("backups"))?;
                Some(BackupParts { blobs, archiver: Arc::clone(archiver) })
            }
            None => None,
        };
        let (clock, entropy) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
        Ok(Parts {
            store: databases.data,
            auxiliary: databases.auxiliary,
            blobs,
            object_stores: Some(Arc::new(ObjectStores)),
            backups,
            thumbs: thumbs::limits(),
            encryption: encryption_key(options.encryption_env.as_deref())?,
            oauth2,
            mailer: Arc::new(SystemMailer::new(clock.clone(), entropy.clone())),
            clock,
            entropy,
            extensions,
        })
    }

    fn refused(&self, options: &cli::DataDir, cause: StartError) -> Error {
        match databases::location(options.database.as_ref()) {
            Ok(Some(location)) => Error::Start { place: format!("the database {location}"), cause },
            _ => Error::Start { place: format!("the data directory {}", self.root.display()), cause },
        }
    }

    /// Copies the database of this directory, before it is upgraded, to the folder of the backups: it is no part of
    /// later backups. A database on a server is backed up by its own means.
    fn back_up(&self, options: &cli::DataDir) -> Result<(), Error> {
        if options.database.is_some() {
            return Ok(());
        }
        let folder = self.root.join("backups");
        create(&folder)?;
        let now = SystemClock.now().strftime("%Y%m%d%H%M%S");
        let copy = folder.join(format!("before_upgrade_{now}.db"));
        let copied = store_sqlite::copy_file(&self.root.join("data.db"), &copy);
        copied.map_err(|cause| Error::Database { path: copy.clone(), cause })?;
        tracing::info!(copy = %copy.display(), "the data is of an older format: it was copied, and is upgraded now");
        Ok(())
    }
}

/// Makes a folder that nobody else may look into.
pub(crate) fn create_private(path: &Path) -> Result<(), Error> {
    create(path)?;
    let made = fs::set_permissions(path, fs::Permissions::from_mode(0o700));
    made.map_err(|cause| Error::Unwritable { path: path.to_owned(), cause })
}

/// The store of files at an address.
pub(crate) fn open_files(address: &Address) -> Result<Arc<dyn Blobs>, Error> {
    address.open().map_err(|cause| Error::FilesUnusable { location: address.location(), cause })
}

/// The store of files in a folder, which is made when it is missing.
pub(crate) fn open_folder(path: &Path) -> Result<Arc<dyn Blobs>, Error> {
    create(path)?;
    match LocalDisk::open(path) {
        Ok(disk) => Ok(Arc::new(disk)),
        Err(cause) => Err(Error::Unwritable { path: path.to_owned(), cause }),
    }
}

/// The key in an environment variable of this name; none where it is missing or empty.
fn encryption_key(name: Option<&str>) -> Result<Option<EncryptionKey>, Error> {
    let Some(name) = name else { return Ok(None) };
    let text = std::env::var(name).unwrap_or_default();
    if text.is_empty() {
        tracing::warn!(name, "the settings are not encrypted: there is no key in this environment variable");
        return Ok(None);
    }
    let key = EncryptionKey::new(&text);
    key.map(Some).map_err(|cause| Error::EncryptionKey { name: name.to_owned(), cause })
}

/// Makes a folder, with those above it.
pub(crate) fn create(path: &Path) -> Result<(), Error> {
    if path.exists() && !path.is_dir() {
        return Err(Error::NotADirectory(path.to_owned()));
    }
    fs::create_dir_all(path).map_err(|cause| Error::Unwritable { path: path.to_owned(), cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_directory_is_created_and_a_file_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("a/b");
        DataDir::prepare(&root).unwrap();
        assert!(root.is_dir());
        fs::write(root.join("file"), "").unwrap();
        assert!(matches!(DataDir::prepare(&root.join("file")), Err(Error::NotADirectory(_))));
        assert!(matches!(DataDir::prepare(&root.join("file/below")), Err(Error::Unwritable { .. })));
    }

    #[test]
    fn one_server_holds_a_directory_until_it_ends() {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::prepare(temp.path()).unwrap();
        let lock = dir.lock().unwrap();
        assert!(matches!(dir.lock(), Err(Error::InUse(_))));
        drop(lock);
        assert!(dir.lock().is_ok());
    }

    #[test]
    fn temporary_files_are_gone_after_the_start() {
        let temp = tempfile::tempdir().unwrap();
        let dir = DataDir::prepare(temp.path()).unwrap();
        dir.empty_scratch().unwrap();
        fs::create_dir(dir.scratch().join("folder")).unwrap();
        fs::write(dir.scratch().join("folder/file"), "x").unwrap();
        dir.empty_scratch().unwrap();
        assert_eq!(fs::read_dir(dir.scratch()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_named() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("data.db"), "this is not a database, but long enough to look like one")
            .unwrap();
        let dir = DataDir::prepare(temp.path()).unwrap();
        let options = cli::DataDir {
            dir: temp.path().to_owned(),
            database: None,
            files: None,
            encryption_env: None,
            query_timeout: 1,
        };
        let error = dir.start_engine(&options, Registry::default(), Vec::new()).await.err().unwrap();
        assert!(
            matches!(&error, Error::Database { path, cause: store::Error::Corrupt(_) } if path.ends_with("data.db"))
        );
    }
}
