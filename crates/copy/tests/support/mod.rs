//! Instances in files of SQLite.

use std::path::PathBuf;

use ambient::SystemEntropy;
use async_trait::async_trait;
use baibase_copy::{Error, Progress, Report, Source, Target, copy};
use rusqlite::Connection;
use rusqlite::types::Value;
use sql::{Expr, Select, Statement};
use store::{Cost, Sink, Store, Transaction};
use store_sqlite::{Options, SqliteSnapshot, SqliteStore};
use tempfile::TempDir;

/// A data directory of PocketBase's form, with a collection of all types of fields.
const DUMP: &str = include_str!("../../../engine/tests/data_directory/dump.sql");

pub(crate) struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}

pub(crate) struct Instance {
    directory: TempDir,
}

impl Instance {
    pub(crate) fn empty() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn from_dump() -> Self {
        let instance = Self::empty();
        instance.run(DUMP);
        instance
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.directory.path().join("data.db")
    }

    pub(crate) fn run(&self, statements: &str) {
        Connection::open(self.file()).unwrap().execute_batch(statements).unwrap();
    }

    /// The rows of a query as text.
    pub(crate) fn query(&self, query: &str) -> Vec<String> {
        let database = Connection::open(self.file()).unwrap();
        let mut statement = database.prepare(query).unwrap();
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
            let values: rusqlite::Result<Vec<String>> =
                (0..columns).map(|column| row.get(column).map(text)).collect();
            Ok(values?.join(" | "))
        };
        statement.query_map([], row).unwrap().map(Result::unwrap).collect()
    }

    /// All rows of all tables, in their order.
    pub(crate) fn rows(&self) -> Vec<String> {
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
            AND name NOT IN ('_logs') ORDER BY name";
        let rows = self.query(tables).into_iter().flat_map(|table| {
            let table = table.trim_matches('"').to_owned();
            let columns = self.query(&format!("SELECT name FROM pragma_table_info('{table}') ORDER BY name"));
            let query = format!("SELECT {} FROM \"{table}\" ORDER BY rowid", columns.join(", "));
            self.query(&query).into_iter().map(move |row| format!("{table}: {row}"))
        });
        rows.collect()
    }

    /// Puts a table in the place of another one.
    pub(crate) fn become_table(&self, table: &str, name: &str) {
        let columns = format!(
            "SELECT name FROM pragma_table_info('{name}') WHERE name NOT IN (SELECT name FROM pragma_table_info('{table}'))"
        );
        for column in self.query(&columns) {
            self.run(&format!("ALTER TABLE {table} ADD COLUMN {column} TEXT"));
        }
        self.run(&format!("DROP TABLE {name}; ALTER TABLE {table} RENAME TO {name}"));
    }

    /// Adds a view collection, but no view.
    pub(crate) fn add_view(&self, name: &str, query: &str) {
        self.run(&format!(
            "INSERT INTO _collections (id, type, name, fields, options) VALUES ('{name}_id', 'view', '{name}',
               json('[{{\"name\":\"id\",\"type\":\"text\",\"id\":\"text1\"}},{{\"name\":\"f_text\",\"type\":\"text\",\"id\":\"text2\"}}]'),
               json_object('viewQuery', '{query}'))"
        ));
    }

    pub(crate) fn open(&self) -> (SqliteSnapshot, SqliteStore) {
        let data = SqliteSnapshot::open(&self.file(), self.directory.path(), Options::default()).unwrap();
        let logs = SqliteStore::open(&self.directory.path().join("logs.db"), Options::default()).unwrap();
        (data, logs)
    }

    pub(crate) async fn copy_to(&self, target: &Self) -> Result<Report, Error> {
        self.copy_with(target, |target| target).await
    }

    pub(crate) async fn copy_with(
        &self,
        target: &Self,
        change: impl FnOnce(Target<'_>) -> Target<'_>,
    ) -> Result<Report, Error> {
        let (data, logs) = self.open();
        let store = SqliteStore::open(&target.file(), Options::default()).unwrap();
        let source = Source { data: &data, logs: Some(&logs) };
        let target = change(Target { data: &store, logs: None, typed: false, replace: false });
        let report = copy(source, target, None, &SystemEntropy, &Quiet).await;
        store.close().await.unwrap();
        report
    }
}

fn text(value: Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => format!("{text:?}"),
        Value::Blob(bytes) => format!("blob {bytes:?}"),
    }
}

/// A database that keeps something else than what it is given.
pub(crate) struct Altered(pub(crate) SqliteStore);

#[async_trait]
impl Store for Altered {
    async fn read(&self, query: &Select, cost: Cost, sink: Box<dyn Sink>) -> Result<(), store::Error> {
        self.0.read(query, cost, sink).await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, store::Error> {
        Ok(Box::new(AlteredTransaction(self.0.begin().await?)))
    }

    async fn close(&self) -> Result<(), store::Error> {
        self.0.close().await
    }
}

struct AlteredTransaction(Box<dyn Transaction>);

#[async_trait]
impl Transaction for AlteredTransaction {
    async fn execute(&mut self, statement: &Statement) -> Result<u64, store::Error> {
        let mut statement = statement.clone();
        if let Statement::Insert(insert) = &mut statement {
            for value in insert.rows.iter_mut().flatten() {
                if matches!(value, Expr::Value(sql::Value::Integer(number)) if *number > 1000) {
                    *value = Expr::value(1000);
                }
            }
        }
        self.0.execute(&statement).await
    }

    async fn read(&mut self, query: &Select, sink: Box<dyn Sink>) -> Result<(), store::Error> {
        self.0.read(query, sink).await
    }

    fn tells_newest_index(&self) -> bool {
        self.0.tells_newest_index()
    }

    async fn commit(self: Box<Self>) -> Result<(), store::Error> {
        self.0.commit().await
    }

    async fn rollback(self: Box<Self>) -> Result<(), store::Error> {
        self.0.rollback().await
    }
}
