//! An instance, from one place to another: nothing is lost, and nothing is half done.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod support;

use std::sync::Arc;

use ambient::SystemEntropy;
use baibase_copy::{Error, Files, Misfit, Source, Target, copy};
use files::{Blobs, Key, LocalDisk, Properties, Scratch};
use store_sqlite::{Options, SqliteStore};

use support::{Altered, Instance, Quiet};

#[tokio::test(flavor = "multi_thread")]
async fn every_row_is_there_as_it_was() {
    let source = Instance::from_dump();
    source.run("UPDATE things SET f_number = 1.25, f_json = '\"a\\u0000\"' WHERE id = 'number000000003'");
    let target = Instance::empty();
    let report = source.copy_to(&target).await.unwrap();
    assert_eq!(target.rows(), source.rows());
    assert_eq!((report.tables, report.notes), (10, Vec::<String>::new()));
    assert_eq!(report.rows, source.rows().len() as u64);
    let indexes = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name != '_logs' ORDER BY name";
    assert_eq!(target.query(indexes), source.query(indexes));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_and_large_rows_come_in_portions() {
    let source = Instance::from_dump();
    source.run("UPDATE things SET rowid = -rowid WHERE id LIKE 'number%'");
    source.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
         INSERT INTO things (id, f_text) SELECT 'r' || i, CASE WHEN i % 1000 = 0 THEN hex(zeroblob(1500000)) ELSE i END FROM n",
    );
    let target = Instance::empty();
    source.copy_to(&target).await.unwrap();
    assert!(target.rows() == source.rows());
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_older_versions_are_taken() {
    let source = Instance::from_dump();
    source.run(
        "CREATE TABLE old (id TEXT PRIMARY KEY, f_text TEXT, f_number REAL DEFAULT 0, f_bool Boolean, f1 TEXT, f2 JSON DEFAULT '[]',
           f_date TEXT, f_email TEXT, f_url TEXT, f_editor TEXT, f_json JSON, f_autodate TEXT, f_password TEXT,
           gone INTEGER);
         INSERT INTO old (id, f_number, f2) VALUES ('a', 3, NULL), ('b', 2.5, '[\"x\"]')",
    );
    source.become_table("old", "things");
    let target = Instance::empty();
    let report = source.copy_to(&target).await.unwrap();
    let things =
        "SELECT id, typeof(f_number), f_number, f_text, f_bool, f2, f_json FROM things ORDER BY rowid";
    assert_eq!(
        target.query(things),
        [
            "\"a\" | \"integer\" | 3 | \"\" | 0 | \"[]\" | NULL",
            "\"b\" | \"real\" | 2.5 | \"\" | 0 | \"[\\\"x\\\"]\" | NULL",
        ]
    );
    assert_eq!(report.notes, ["the column gone of things belongs to no field and was not copied"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn views_come_in_an_order_that_works() {
    let source = Instance::from_dump();
    // The first is made of the second; nothing can be made of the third.
    source.add_view("late", "SELECT id, f_text FROM early");
    source.add_view("early", "SELECT id, f_text FROM things");
    source.add_view("broken", "SELECT id, nothing FROM things");
    let target = Instance::empty();
    let report = source.copy_to(&target).await.unwrap();
    let count = |name: &str| target.query(&format!("SELECT count(*) FROM {name}"));
    assert_eq!(count("late"), count("things"));
    let [note] = report.notes.as_slice() else { panic!("{:?}", report.notes) };
    assert!(note.starts_with("the view broken does not work"), "{note}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_no_collection_is_told() {
    let source = Instance::from_dump();
    source.run("CREATE TABLE mine (a); INSERT INTO mine VALUES (1)");
    let report = source.copy_to(&Instance::empty()).await.unwrap();
    assert_eq!(report.notes, ["the table mine belongs to no collection and was not copied"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_typed_target_cannot_hold_is_told_by_row() {
    let source = Instance::from_dump();
    source.run(
        "UPDATE things SET f_text = 'a' || char(0) || 'b' WHERE id = 'number000000001';
         UPDATE things SET f_number = 'many' WHERE id IN ('number000000002', 'number000000003')",
    );
    let target = Instance::empty();
    let error = source.copy_with(&target, |target| Target { typed: true, ..target }).await.unwrap_err();
    let misfit = |row: &str, column: &str, reason| Misfit {
        table: "things".into(),
        row: row.into(),
        column: column.into(),
        reason,
    };
    let Error::Misfits { count, first } = error else { panic!("{error}") };
    assert_eq!(count, 3);
    assert_eq!(
        first,
        [
            misfit("number000000001", "f_text", "has the character NUL"),
            misfit("number000000002", "f_number", "is no number of 64 bits"),
            misfit("number000000003", "f_number", "is no number of 64 bits"),
        ]
    );
    assert!(target.query("SELECT name FROM sqlite_master").is_empty());
    source.copy_to(&target).await.unwrap();
    assert_eq!(target.rows(), source.rows(), "SQLite can hold them");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_not_empty_stays_as_it_is() {
    let (source, target) = (Instance::from_dump(), Instance::empty());
    target.run("CREATE TABLE mine (a)");
    let error = source.copy_to(&target).await.unwrap_err();
    assert_eq!(error.to_string(), "the target is not empty: it has a table mine");
    let nothing = Instance::empty();
    nothing.run("VACUUM");
    let error = nothing.copy_to(&Instance::empty()).await.unwrap_err();
    assert!(matches!(error, Error::NoInstance));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_changes_values_is_noticed() {
    let (source, target) = (Instance::from_dump(), Instance::empty());
    let store = Altered(SqliteStore::open(&target.file(), Options::default()).unwrap());
    let (data, logs) = source.open();
    let source_stores = Source { data: &data, logs: Some(&logs) };
    let altered = Target { data: &store, logs: None, typed: false, replace: false };
    let error = copy(source_stores, altered, None, &SystemEntropy, &Quiet).await.unwrap_err();
    assert!(matches!(&error, Error::Differs { table, .. } if table == "_migrations"), "{error}");
    assert!(target.query("SELECT name FROM sqlite_master").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_format_is_refused() {
    let source = Instance::from_dump();
    source.run("DELETE FROM _migrations WHERE file LIKE '1778828400%'");
    let error = source.copy_to(&Instance::empty()).await.unwrap_err();
    assert!(matches!(error, Error::Source(engine::StartError::OlderFormat { .. })), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_with_their_properties() {
    let (source, target) = (Instance::from_dump(), Instance::empty());
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let open = |dir: &tempfile::TempDir| -> Arc<dyn Blobs> { Arc::new(LocalDisk::open(dir.path()).unwrap()) };
    let files = Files { from: open(&from), to: open(&to), scratch: Scratch::new(to.path().join(".scratch")) };
    let key = |text: &str| Key::parse(text).unwrap();
    let properties = Properties { content_type: "image/png".into(), original_name: Some("ä.png".into()) };
    // The collection of "things" has the id pbc_1492593907; nobody owns the last one.
    for (name, size) in [
        ("pbc_1492593907/a/small.png", 10),
        ("pbc_1492593907/a/large.png", 700_000),
        ("pbc_1492593907/a/thumbs_large.png/1x1_large.png", 0),
        ("deleted/a/orphan.png", 1),
    ] {
        files.from.put(&key(name), &vec![7_u8; size].into(), &properties).await.unwrap();
    }
    std::fs::write(from.path().join("pbc_1492593907/a/small.png"), "damaged").unwrap();
    let (data, logs) = source.open();
    let stores = Source { data: &data, logs: Some(&logs) };
    let database = SqliteStore::open(&target.file(), Options::default()).unwrap();
    let report = copy(
        stores,
        Target { data: &database, logs: None, typed: false, replace: false },
        Some(&files),
        &SystemEntropy,
        &Quiet,
    )
    .await
    .unwrap();
    assert_eq!((report.files, report.bytes), (3, 700_007));
    let note = "the file pbc_1492593907/a/small.png is not as it was stored; it was copied as it is";
    assert_eq!(report.notes, [note]);
    let copied = files.to.metadata(&key("pbc_1492593907/a/large.png")).await.unwrap();
    assert_eq!((copied.size, copied.properties), (700_000, properties));
    assert!(files.to.metadata(&key("pbc_1492593907/a/thumbs_large.png/1x1_large.png")).await.is_ok());
    assert!(files.to.metadata(&key("deleted/a/orphan.png")).await.is_err());
}
