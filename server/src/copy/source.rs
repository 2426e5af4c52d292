use std::path::PathBuf;
use std::sync::Arc;

use ::copy::Snapshot;
use engine::transfer::Contents;
use files::S3Bucket;
use store::Store;
use store_sqlite::SqliteSnapshot;

use super::target::{PATIENCE, connect};
use crate::cli::Place;
use crate::data_dir::{DataDir, Lock};
use crate::error::Error;

/// The instance to copy, open to be read.
pub(super) struct Source {
    data: Arc<dyn Store>,
    logs: Option<Arc<dyn Store>>,
    /// What `data` and `logs` look into.
    database: Option<Arc<dyn Store>>,
    _lock: Option<Lock>,
}

impl Source {
    pub(super) async fn open(place: &Place) -> Result<Self, Error> {
        match place {
            Place::Directory(root) => {
                let lock = DataDir::existing(root)?.lock()?;
                let logs = Some(root.join("auxiliary.db")).filter(|path| path.is_file());
                let (data, logs) = (open(root.join("data.db"))?, logs.map(open).transpose()?);
                Ok(Self { data, logs, database: None, _lock: Some(lock) })
            }
            Place::Database(address) => {
                let database = connect(address, false).await?;
                let data: Arc<dyn Store> = Arc::new(Snapshot::of(&*database).await?);
                let logs = Some(Arc::clone(&data));
                Ok(Self { data, logs, database: Some(database), _lock: None })
            }
        }
    }

    pub(super) fn stores(&self) -> ::copy::Source<'_> {
        ::copy::Source { data: &*self.data, logs: self.logs.as_deref() }
    }

    /// The bucket that the settings keep the files in, if they do.
    pub(super) async fn bucket(&self) -> Result<Option<S3Bucket>, Error> {
        let contents = Contents::read(&*self.data).await.map_err(::copy::Error::Source)?;
        Ok(contents.and_then(|contents| contents.files_bucket()))
    }

    pub(super) async fn close(self) {
        for store in [Some(self.data), self.logs, self.database].into_iter().flatten() {
            if let Err(error) = store.close().await {
                tracing::debug!(%error, "the source did not close");
            }
        }
    }
}

fn open(path: PathBuf) -> Result<Arc<dyn Store>, Error> {
    let options = store_sqlite::Options { query_timeout: PATIENCE, ..store_sqlite::Options::default() };
    match SqliteSnapshot::open(&path, &std::env::temp_dir(), options) {
        Ok(store) => Ok(Arc::new(store)),
        Err(cause) => Err(Error::Database { path, cause }),
    }
}
