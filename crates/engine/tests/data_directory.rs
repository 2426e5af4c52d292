//! The form of a data directory, which PocketBase shares: what a fresh one holds, and that one of this form is
//! served as it is.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::path::Path;

use engine::{Request, Settings};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::json;

use baibase_engine as engine;

mod support;

use support::start;

/// Set to write the expected texts anew.
const UPDATE: &str = "UPDATE_EXPECTED";

#[track_caller]
fn assert_text(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data_directory").join(name);
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(found, expected, "{name}; set {UPDATE} to take it over");
}

fn object(value: serde_json::Value) -> serde_json::Map<String, serde_json::Value> {
    let serde_json::Value::Object(object) = value else { panic!("an object") };
    object
}

/// All rows of a query: texts quoted.
fn rows(database: &Connection, query: &str) -> String {
    let mut statement = database.prepare(query).unwrap();
    let columns = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| -> rusqlite::Result<String> {
        let values: rusqlite::Result<Vec<String>> =
            (0..columns).map(|column| row.get(column).map(text)).collect();
        Ok(values?.join(" | "))
    };
    let lines: Vec<String> = statement.query_map([], row).unwrap().map(Result::unwrap).collect();
    lines.join("\n") + "\n"
}

fn text(value: Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => format!("{text:?}"),
        Value::Blob(bytes) => format!("blob {:?}", String::from_utf8_lossy(&bytes)),
    }
}

const SCHEMA: &str = "SELECT type, name, tbl_name, sql FROM sqlite_master
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_stat%' ORDER BY rowid";

/// Every table with every row.
fn everything(dir: &Path) -> String {
    let database = Connection::open(dir.join("data.db")).unwrap();
    let mut all = rows(&database, SCHEMA);
    let names =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid";
    let mut statement = database.prepare(names).unwrap();
    for name in statement.query_map([], |row| row.get::<_, String>(0)).unwrap().map(Result::unwrap) {
        all += &format!(
            "-- {name}\n{}",
            rows(&database, &format!("SELECT rowid, * FROM \"{name}\" ORDER BY rowid"))
        );
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_directory_has_the_known_form() {
    let dir = tempfile::tempdir().unwrap();
    start(dir.path(), Vec::new()).await.unwrap().close().await.unwrap();
    let database = Connection::open(dir.path().join("data.db")).unwrap();
    let auxiliary = Connection::open(dir.path().join("auxiliary.db")).unwrap();
    let schema = |database| {
        rows(database, "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    };
    let without_statistics = |text: String| -> String {
        text.lines().filter(|line| !line.contains("sqlite_stat")).map(|line| format!("{line}\n")).collect()
    };
    assert_text("schema.txt", &without_statistics(schema(&database)));
    assert_text("auxiliary_schema.txt", &without_statistics(schema(&auxiliary)));
    let collections =
        "SELECT rowid, id, system, type, name, listRule, viewRule, createRule, updateRule, deleteRule,
        fields, indexes FROM _collections ORDER BY rowid";
    assert_text("collections.txt", &rows(&database, collections));
    assert_text("migrations.txt", &rows(&database, "SELECT file FROM _migrations ORDER BY rowid"));
    let settings = rows(&database, "SELECT id, value FROM _params");
    let json = schema::json::to_string(&Settings::default()).unwrap();
    assert_eq!(settings, format!("\"settings\" | blob {json:?}\n"));
    let options = rows(
        &database,
        "SELECT json_extract(options, '$.authToken.duration'), length(json_extract(options,
        '$.authToken.secret')) FROM _collections WHERE type = 'auth'",
    );
    assert_eq!(options, "86400 | 50\n432000 | 50\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_the_logs_that_serves_nobody_is_taken_away() {
    let dir = tempfile::tempdir().unwrap();
    start(dir.path(), Vec::new()).await.unwrap().close().await.unwrap();
    let logs = || Connection::open(dir.path().join("auxiliary.db")).unwrap();
    let pocketbases = "CREATE INDEX idx_logs_message on _logs (message);
        INSERT INTO _logs (id, message) VALUES ('aaaaaaaaaaaaaaa', 'kept')";
    logs().execute_batch(pocketbases).unwrap();
    start(dir.path(), Vec::new()).await.unwrap().close().await.unwrap();
    let indexes = rows(&logs(), "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL");
    assert_eq!(indexes, "\"idx_logs_level\"\n\"idx_logs_created_hour\"\n");
    assert_eq!(rows(&logs(), "SELECT message FROM _logs"), "\"kept\"\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_of_this_form_is_served_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let database = Connection::open(dir.path().join("data.db")).unwrap();
    database.execute_batch(include_str!("data_directory/dump.sql")).unwrap();
    drop(database);
    let before = everything(dir.path());

    let engine = start(dir.path(), Vec::new()).await.unwrap();
    let query = object(json!({"perPage": "500"}));
    let things = engine.list(&Request { query, ..Request::default() }, "things").await.unwrap();
    assert_text("things.json", &(String::from_utf8(things.0).unwrap() + "\n"));
    for (collection, identity, password) in
        [("users", "ann@example.com", "12345678"), ("_superusers", "root@example.com", "1234567890")]
    {
        let body = object(json!({"identity": identity, "password": password}));
        let login = engine
            .auth_with_password(&Request { body, ..Request::default() }, collection)
            .await
            .unwrap()
            .done()
            .unwrap();
        let caller = engine.authenticate(&login.token, engine::TokenKind::Auth).await.unwrap().unwrap();
        assert_eq!(caller.text("email"), identity);
    }
    engine.close().await.unwrap();
    // Where the logins came from is noted, as PocketBase does it.
    let database = Connection::open(dir.path().join("data.db")).unwrap();
    assert_eq!(database.execute("DELETE FROM _authOrigins", []).unwrap(), 2);
    drop(database);
    assert_eq!(everything(dir.path()), before);
}
