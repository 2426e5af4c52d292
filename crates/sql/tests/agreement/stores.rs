//! A store of each kind with the same rows.

use std::any::Any;

use baibase_sql::{ColumnDef, ColumnKind, CreateTable, Insert, Select, Statement, Value};
use store::{Cost, Store};

use crate::rows;

/// The column of each kind, in every row.
pub(crate) const COLUMNS: [(&str, ColumnKind); 4] = [
    ("text", ColumnKind::Text),
    ("number", ColumnKind::Number),
    ("flag", ColumnKind::Bool),
    ("json", ColumnKind::Json),
];

/// Both stores, with a table `v` of [`rows::all`].
pub(crate) struct Stores {
    runtime: tokio::runtime::Runtime,
    pub(crate) sqlite: Box<dyn Store>,
    pub(crate) postgres: Box<dyn Store>,
    /// What must live as long as the stores.
    _places: Box<dyn Any>,
}

impl Stores {
    pub(crate) fn open() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let sqlite = store_sqlite::SqliteStore::open(&folder.path().join("data.db"), <_>::default()).unwrap();
        let database = test_postgres::Cluster::shared().database();
        let postgres = store_postgres::PostgresStore::open(&database.url, <_>::default());
        let postgres = runtime.block_on(postgres).unwrap();
        let stores = Self {
            sqlite: Box::new(sqlite),
            postgres: Box::new(postgres),
            runtime,
            _places: Box::new((folder, database)),
        };
        stores.runtime.block_on(fill(&*stores.sqlite));
        stores.runtime.block_on(fill(&*stores.postgres));
        stores
    }

    /// The rows of a query in SQLite and in PostgreSQL, each as `read` sees it.
    pub(crate) fn rows<T: Send + 'static>(
        &self,
        select: &Select,
        read: fn(&dyn store::Row) -> T,
    ) -> [Vec<T>; 2] {
        [&self.sqlite, &self.postgres].map(|store| {
            self.try_rows(&**store, select, read).unwrap_or_else(|error| panic!("{error:?} in {select:?}"))
        })
    }

    /// The rows of a query in one of the stores, if it can be run there.
    pub(crate) fn try_rows<T: Send + 'static>(
        &self,
        store: &dyn Store,
        select: &Select,
        read: fn(&dyn store::Row) -> T,
    ) -> Result<Vec<T>, store::Error> {
        self.runtime.block_on(store::fetch(store, select, Cost::Scan, move |row| Ok(read(row))))
    }
}

async fn fill(store: &dyn Store) {
    let mut transaction = store.begin().await.unwrap();
    let columns = COLUMNS.map(|(name, kind)| ColumnDef { name: name.into(), kind }).to_vec();
    let table = CreateTable { name: "v".into(), if_not_exists: false, columns };
    transaction.execute(&table.into()).await.unwrap();
    let rows = rows::all().into_iter().map(|row| row.map(|value: Value| value.into()).to_vec()).collect();
    let columns = COLUMNS.map(|(name, _)| name.into()).to_vec();
    let insert = Insert { table: "v".into(), columns, rows, on_conflict: None };
    transaction.execute(&Statement::from(insert)).await.unwrap();
    transaction.commit().await.unwrap();
}
