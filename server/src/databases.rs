//! Where collections, records, settings and logs are: in files of the data directory, or on a PostgreSQL server.

use std::path::Path;
use std::sync::Arc;

use store::Store;
use store_postgres::PostgresStore;
use store_sqlite::SqliteStore;
use wechat::Secret;

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

/// Opens the database at an address, or without one the files in a data directory.
pub(crate) async fn open(root: &Path, address: Option<&Secret>) -> Result<Databases, Error> {
    let Some(address) = address else {
        return Ok(Databases { data: file(root, "data.db")?, auxiliary: file(root, "auxiliary.db")? });
    };
    let location = PostgresStore::location_of(address.expose()).map_err(Error::Address)?;
    let store = PostgresStore::open(address.expose(), store_postgres::Options::default()).await;
    let store = Arc::new(store.map_err(|cause| Error::Remote { location: location.clone(), cause })?);
    tracing::info!(database = location, "connected");
    Ok(Databases { data: store.clone(), auxiliary: store })
}

fn file(root: &Path, name: &str) -> Result<Arc<dyn Store>, Error> {
    let path = root.join(name);
    match SqliteStore::open(&path, store_sqlite::Options::default()) {
        Ok(store) => Ok(Arc::new(store)),
        Err(cause) => Err(Error::Database { path, cause }),
    }
}
