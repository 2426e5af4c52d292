//! The rows of the service in a database of each kind.

use std::any::Any;

use schema::field::ColumnKind as FieldColumn;
use serde_json::{Map, Value};
use sql::{ColumnDef, ColumnKind, CreateTable, Expr, Insert, Select, Statement};
use store::{Cost, Store};
use store_postgres::PostgresStore;
use store_sqlite::SqliteStore;

use super::Collections;

/// A database with the rows of `golden/rows.json`.
pub(crate) struct Database {
    store: Box<dyn Store>,
    /// What must live as long as the store.
    _place: Box<dyn Any>,
}

impl Database {
    pub(crate) async fn sqlite(collections: &Collections) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&directory.path().join("data.db"), store_sqlite::Options::default());
        Self { store: Box::new(store.unwrap()), _place: Box::new(directory) }.filled(collections).await
    }

    pub(crate) async fn postgres(collections: &Collections) -> Self {
        let database = test_postgres::Cluster::shared().database();
        let store = PostgresStore::open(&database.url, store_postgres::Options::default()).await.unwrap();
        Self { store: Box::new(store), _place: Box::new(database) }.filled(collections).await
    }

    async fn filled(self, collections: &Collections) -> Self {
        let rows: Map<String, Value> = serde_json::from_str(include_str!("../golden/rows.json")).unwrap();
        let mut transaction = self.store.begin().await.unwrap();
        for collection in collections.all().iter().filter(|collection| !collection.is_view()) {
            let column = |field: &schema::Field| ColumnDef {
                name: (&field.name).into(),
                kind: column_kind(field.column()),
            };
            let columns = collection.fields.iter().map(column).collect();
            let table = CreateTable { name: (&collection.name).into(), if_not_exists: false, columns };
            transaction.execute(&table.into()).await.unwrap();
            for row in rows.get(&collection.name).and_then(Value::as_array).into_iter().flatten() {
                transaction.execute(&insert(&collection.name, row.as_object().unwrap())).await.unwrap();
            }
        }
        transaction.commit().await.unwrap();
        self
    }

    pub(crate) async fn execute(&self, statement: &Statement) {
        let mut transaction = self.store.begin().await.unwrap();
        transaction.execute(statement).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// The first column of each row. What was compiled must run, whatever is compared.
    pub(crate) async fn run(&self, select: &Select) -> Vec<String> {
        let first = |row: &dyn store::Row| Ok(row.get(0).to_text().unwrap_or_default().into_owned());
        store::fetch(&*self.store, select, Cost::Scan, first).await.unwrap()
    }
}

fn insert(table: &str, row: &Map<String, Value>) -> Statement {
    let value = |value: &Value| match value {
        Value::Bool(value) => (*value).into(),
        Value::Number(value) => value.as_f64().unwrap().into(),
        Value::String(value) => value.as_str().into(),
        _ => Expr::NULL,
    };
    let columns = row.keys().map(Into::into).collect();
    let rows = vec![row.values().map(value).collect()];
    Insert { table: table.to_owned().into(), columns, rows, on_conflict: None }.into()
}

fn column_kind(column: FieldColumn) -> ColumnKind {
    match column {
        FieldColumn::PrimaryKey => ColumnKind::RandomId,
        FieldColumn::Text => ColumnKind::Text,
        FieldColumn::Number => ColumnKind::Number,
        FieldColumn::Bool => ColumnKind::Bool,
        FieldColumn::Json => ColumnKind::Json,
        FieldColumn::JsonList => ColumnKind::JsonArray,
        FieldColumn::GeoPoint => ColumnKind::GeoPoint,
    }
}
