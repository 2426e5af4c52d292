//! Where collections, records, settings and logs are: in files of the data directory, or on a PostgreSQL server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use store::Store;
use store_postgres::PostgresStore;
use store_sqlite::SqliteStore;
use wechat::Secret;

use crate::cli::DataDir;
use crate::error::Error;

/// The store of the data and the one of the logs, open.
pub(crate) struct Databases {
    pub(crate) data: Arc<dyn Store>,
    pub(crate) auxiliary: Arc<dyn Store>,
}

/// Where the data is, for people: without a password. `None` for files in the data directory.
pub(crate) fn location(address: Option<&Secret>) -> Result<Option<String>, Error> {
    let location = |address: &Secret| PostgresStore::location_of(address.expose());
    address.map(location).transpose().map_err(Error::Address)
}

/// Opens the database at an address, or without one the files in a data directory. A server wants to be the only one,
/// `exclusive`; for files, the lock of the data directory sees to it.
pub(crate) async fn open(root: &Path, options: &DataDir, exclusive: bool) -> Result<Databases, Error> {
    let query_timeout = Duration::from_secs(options.query_timeout);
    let Some(address) = &options.database else {
        let options = store_sqlite::Options { query_timeout, ..store_sqlite::Options::default() };
        let data = file(root, "data.db", options.clone())?;
        // Nobody waits for logs to be on the disk: flushing them would only hold up what somebody does wait for.
        let auxiliary = file(root, "auxiliary.db", store_sqlite::Options { durable: false, ..options })?;
        return Ok(Databases { data, auxiliary });
    };
    let location = PostgresStore::location_of(address.expose()).map_err(Error::Address)?;
    let options = store_postgres::Options { query_timeout, exclusive, ..store_postgres::Options::default() };
    let store = PostgresStore::open(address.expose(), options).await;
    let store = Arc::new(store.map_err(|cause| Error::Remote { location: location.clone(), cause })?);
    tracing::info!(database = location, "connected");
    Ok(Databases { data: store.clone(), auxiliary: store })
}

fn file(root: &Path, name: &str, options: store_sqlite::Options) -> Result<Arc<dyn Store>, Error> {
    let path = root.join(name);
    match SqliteStore::open(&path, options) {
        Ok(store) => Ok(Arc::new(store)),
        Err(cause) => Err(Error::Database { path, cause }),
    }
}
