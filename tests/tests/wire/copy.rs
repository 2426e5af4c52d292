//! `baibase copy`: an instance, made by a server, goes from place to place, and another server goes on with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use baibase_tests::{Home, Output, PASSWORD, Server, Setup, binary, register, run};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tempfile::TempDir;

const RECORDS: &str = "/api/collections/notes/records";

/// What clients see of an instance, whatever it is kept in.
async fn seen(server: &Server) -> Value {
    let token = server.superuser().await;
    let mut seen = Vec::new();
    for path in [
        "/api/collections?perPage=500",
        "/api/settings",
        &format!("{RECORDS}?perPage=500"),
        &format!("{RECORDS}?filter=number>1%26%26title~'a'&sort=-title"),
        "/api/collections/short/records?perPage=500",
        "/api/collections/tbl_auth_users/records?perPage=500",
    ] {
        let reply = server.get(path).token(&token).send().await.expect(200);
        seen.push(reply.json.clone());
    }
    seen.into()
}

/// A directory with all that an instance has, made by a server that has ended.
async fn made() -> Arc<Home> {
    let home = Arc::new(Home::on_sqlite());
    let mut server = Setup::new().home(Arc::clone(&home)).superuser().start().await;
    let token = server.superuser().await;
    let post =
        async |path: &str, body: Value| server.post(path).token(&token).json(&body).send().await.expect(200);
    post(
        "/api/collections",
        json!({
            "name": "notes", "type": "base", "listRule": "", "viewRule": "", "createRule": "",
            "indexes": [
                "CREATE UNIQUE INDEX `idx_notes` ON `notes` (lower(`title`)) WHERE `title` != ''",
                "CREATE UNIQUE INDEX `idx_json` ON `notes` (`number`) WHERE `json` = '{\"a\":[1]}'",
            ],
            "fields": [
                {"type": "text", "name": "title"}, {"type": "number", "name": "number"},
                {"type": "bool", "name": "flag"}, {"type": "json", "name": "json"},
                {"type": "date", "name": "date"}, {"type": "geoPoint", "name": "place"},
                {"type": "select", "name": "kinds", "maxSelect": 2, "values": ["a", "b", "c"]},
                {"type": "file", "name": "paper"},
            ],
        }),
    )
    .await;
    post(
        "/api/collections",
        json!({"name": "short", "type": "view", "listRule": "", "viewQuery": "SELECT id, title FROM notes"}),
    )
    .await;
    for (title, number, json) in [
        ("", json!(0), Value::Null),
        ("Straße 附件", json!(1.5), json!({"a": [1, 2.50, "x"]})),
        ("tab\tand\nline", json!(-1e21), json!("12")),
        ("last", json!(123_456_789), json!(1e300)),
    ] {
        let body = json!({
            "title": title, "number": number, "json": json, "flag": title.is_empty(), "kinds": ["b", "a"],
            "date": "2024-02-29 12:34:56.789Z", "place": {"lon": 1.25, "lat": -3},
        });
        post(RECORDS, body).await;
    }
    let part = Part::bytes(b"on paper".to_vec()).file_name("paper.txt");
    let form = Form::new().text("title", "with a file").text("id", "filefilefilefil").part("paper", part);
    server.post(RECORDS).form(form).send().await.expect(200);
    register(&server, "13800000001").await.expect(200);
    server.terminate();
    server.ended().await;
    home
}

/// Starts a server on a copy and tries it; gives what clients see.
async fn tried(home: &Arc<Home>) -> Value {
    let mut server = Setup::new().home(Arc::clone(home)).start().await;
    let all = seen(&server).await;
    let record = server.get(&format!("{RECORDS}/filefilefilefil")).send().await.expect(200);
    let path = format!("/api/files/notes/filefilefilefil/{}", record.at("/paper"));
    let file = server.get(&path).send().await.expect(200);
    assert_eq!(
        (file.text().as_str(), file.header("content-type")),
        ("on paper", "text/plain; charset=utf-8")
    );
    let login = json!({"users_phone": "13800000001", "password": PASSWORD});
    server.post("/api/platform/login").json(&login).send().await.expect(200);
    server.post(RECORDS).json(&json!({"title": "LAST"})).send().await.expect(400);
    for (first, status) in [(1, 200), (1, 400), (2, 200)] {
        let body = json!({"number": 7, "json": {"a": [first]}});
        let reply = server.post(RECORDS).json(&body).send().await.expect(status);
        assert_eq!(reply.json.pointer("/data/number/code").is_some(), status == 400);
    }
    server.terminate();
    server.ended().await;
    all
}

fn copy(from: &str, to: &str, more: &[&str]) -> Output {
    run(&[&["copy", "--from", from, "--to", to][..], more].concat(), &[])
}

#[track_caller]
fn done(output: &Output) {
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.stdout.starts_with("Copied and compared: "), "{output:?}");
}

#[track_caller]
fn refused(output: &Output, word: &str) {
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.stderr.contains(word) && !output.stderr.contains("panicked"), "{word}: {output:?}");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every file and folder below a folder, with its time and content.
fn everything(folder: &Path) -> BTreeMap<PathBuf, (SystemTime, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        found.insert(folder.clone(), (folder.metadata().unwrap().modified().unwrap(), Vec::new()));
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let modified = path.metadata().unwrap().modified().unwrap();
                found.insert(path.clone(), (modified, std::fs::read(&path).unwrap()));
            }
        }
    }
    found
}

/// The rows of a database file as text, in their order, with their types.
fn rows(file: &Path) -> Vec<String> {
    let database = rusqlite::Connection::open(file).unwrap();
    let texts = |query: &str| -> Vec<String> {
        let mut statement = database.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let tables = texts(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    );
    let rows = tables.into_iter().flat_map(|table| {
        let columns = texts(&format!("SELECT name FROM pragma_table_info('{table}') ORDER BY name"));
        let quoted = columns.iter().map(|name| format!("typeof(`{name}`) || ' ' || quote(`{name}`)"));
        let query = format!(
            "SELECT {} FROM `{table}` ORDER BY rowid",
            quoted.collect::<Vec<_>>().join(" || ' | ' || ")
        );
        texts(&query).into_iter().map(move |row| format!("{table}: {row}"))
    });
    rows.collect()
}

#[tokio::test]
async fn a_directory_is_copied_and_stays_as_it_was() {
    let source = made().await;
    let target = Arc::new(Home::on_sqlite());
    let before = everything(&source.data());
    let output = copy(text(&source.data()), text(&target.data()), &[]);
    done(&output);
    assert!(output.stderr.contains("notes: 5\n"), "{output:?}");
    assert_eq!(everything(&source.data()), before);
    for file in ["data.db", "auxiliary.db"] {
        assert_eq!(rows(&target.data().join(file)), rows(&source.data().join(file)));
    }
    let mut names: Vec<_> =
        std::fs::read_dir(target.data()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["auxiliary.db", "data.db", "storage"]);
    assert_eq!(tried(&target).await, tried(&source).await);
}

#[tokio::test]
async fn postgres_and_back_is_the_same() {
    let source = made().await;
    let (between, target) = (Arc::new(Home::on_postgres()), Arc::new(Home::on_sqlite()));
    let address = between.env()[0].1.to_owned();
    let files = between.data().join("storage");
    done(&copy(text(&source.data()), &address, &["--to-files", text(&files)]));
    done(&copy(&address, text(&target.data()), &["--from-files", text(&files)]));
    for file in ["data.db", "auxiliary.db"] {
        assert_eq!(rows(&target.data().join(file)), rows(&source.data().join(file)));
    }
    let expected = tried(&source).await;
    assert_eq!(tried(&between).await, expected);
    assert_eq!(tried(&target).await, expected);
    refused(&copy(text(&source.data()), &address, &["--to-files", text(&files)]), "is not empty");

    // From one database to another, over the same files.
    let other = Home::on_postgres();
    let same = ["--from-files", text(&files), "--to-files", text(&files)];
    done(&copy(&address, other.env()[0].1, &same));
}

#[tokio::test]
async fn what_postgres_cannot_hold_leaves_it_empty() {
    let source = made().await;
    let database = rusqlite::Connection::open(source.data().join("data.db")).unwrap();
    database.execute_batch("UPDATE notes SET title = 'a' || char(0) WHERE title = 'last'").unwrap();
    drop(database);
    let target = Home::on_postgres();
    let address = target.env()[0].1.to_owned();
    let files = target.data().join("storage");
    refused(&copy(text(&source.data()), &address, &["--to-files", text(&files)]), "title of notes");
    assert!(!files.exists());
    let storage = source.data().join("storage");
    refused(&copy(text(&source.data()), &address, &["--to-files", text(&storage)]), "has the character NUL");
    assert!(storage.exists(), "the files of the source");
    refused(&copy(&address, text(&target.data()), &["--from-files", text(&files)]), "holds no instance");
    assert!(!target.data().exists());
}

#[tokio::test]
async fn a_source_in_use_and_a_target_with_something_in_it_are_refused() {
    let server = Setup::bare().home(Arc::new(Home::on_sqlite())).start().await;
    let target = TempDir::new().unwrap();
    let to = target.path().join("copy");
    refused(&copy(text(&server.data()), text(&to), &[]), "is served by another baibase");
    assert!(!to.exists());
    std::fs::create_dir(&to).unwrap();
    std::fs::write(to.join("mine.txt"), "mine").unwrap();
    let source = made().await;
    refused(&copy(text(&source.data()), text(&to), &[]), "is not empty: it has mine.txt");
    assert_eq!(std::fs::read_dir(&to).unwrap().count(), 1);
    refused(&copy(text(&source.data()), text(&source.data()), &[]), "are the same");
    refused(&copy(text(target.path()), text(&to), &[]), "holds no data");
    refused(&copy("postgres://127.0.0.1:1/none", text(&to), &[]), "127.0.0.1:1");
}

/// A copy that takes a while, and the folder that it goes to.
async fn under_way(source: &Home, target: &Path) -> Child {
    let database = rusqlite::Connection::open(source.data().join("data.db")).unwrap();
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        INSERT OR IGNORE INTO notes (id, title) SELECT 'r' || i, 'title ' || i FROM n";
    database.execute_batch(many).unwrap();
    drop(database);
    let mut command = Command::new(binary());
    command.args(["copy", "--from", text(&source.data()), "--to", text(target)]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let staging = target.join(".pb_temp_to_delete/copy/data.db-wal");
    while !staging.metadata().is_ok_and(|file| file.len() > 1_000_000) {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was looked at");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child
}

#[tokio::test]
async fn an_interrupted_copy_is_no_copy() {
    let source = made().await;
    let folder = TempDir::new().unwrap();
    let to = folder.path().join("copy");
    let mut child = under_way(&source, &to).await;
    let status = Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(!to.exists());

    let mut child = under_way(&source, &to).await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!to.join("data.db").exists(), "nothing looks complete");
    done(&copy(text(&source.data()), text(&to), &[]));
    assert_eq!(rows(&to.join("data.db")), rows(&source.data().join("data.db")));
}

#[test]
fn the_help_says_what_there_is() {
    let help = run(&["copy", "--help"], &[]);
    for word in
        ["--from", "--to", "--from-files", "--to-files", "BAIBASE_COPY_FROM", "PostgreSQL", "must be empty"]
    {
        assert!(help.stdout.contains(word), "{word}: {help:?}");
    }
}
