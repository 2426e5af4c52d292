//! A server whose data is in PostgreSQL: what it says, and what becomes of it when the database goes away.

use std::sync::Arc;
use std::time::{Duration, Instant};

use baibase_tests::{Home, Server, Setup, run};
use serde_json::json;
use tempfile::TempDir;
use test_postgres::Cluster;

const COMPANIES: &str = "/api/collections/tbl_company/records";

/// Serves with this address of a database, which keeps it from starting, and gives what it says.
fn refusal(address: &str) -> String {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("pb_data");
    let args = ["serve", "--http", "127.0.0.1:0", "--dir", data.to_str().unwrap()];
    let output = run(&args, &[("BAIBASE_DATABASE", address)]);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(!output.stderr.contains("TOPSECRET") && !output.stdout.contains("TOPSECRET"), "{output:?}");
    let lines: Vec<_> = output.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(lines.len(), 1, "{output:?}");
    lines[0].to_owned()
}

#[test]
fn an_address_that_leads_nowhere_is_told_without_the_password() {
    assert!(refusal("mysql://u:TOPSECRET@h/d").contains("postgres://"));
    assert!(
        refusal("postgres://u:TOPSECRET@127.0.0.1:1/d")
            .contains("postgres://u@127.0.0.1:1/d: cannot connect")
    );
    let server = Cluster::shared().base_url().replace('@', ":TOPSECRET@");
    assert!(refusal(&format!("{server}/no_such_database")).contains("no_such_database"));
}

#[tokio::test]
async fn the_banner_says_where_the_data_is() {
    let server = Setup::bare().home(Arc::new(Home::on_postgres())).start().await;
    let url = server.home().env()[0].1.to_owned();
    assert!(server.log().contains(&format!("database {url}")), "{}", server.log());
    assert!(!server.data().join("data.db").exists());
    assert!(server.data().join("storage").is_dir());
}

#[tokio::test]
async fn a_server_and_a_command_can_set_a_database_up_at_once() {
    let home = Arc::new(Home::on_postgres());
    let superuser = {
        let home = Arc::clone(&home);
        tokio::task::spawn_blocking(move || {
            let data = home.data();
            let args =
                ["superuser", "upsert", "root@example.com", "12345678", "--dir", data.to_str().unwrap()];
            run(&args, &home.env())
        })
    };
    let server = Setup::bare().home(home).start().await;
    let output = superuser.await.unwrap();
    assert_eq!(output.code, Some(0), "{output:?}");
    let body = json!({"identity": "root@example.com", "password": "12345678"});
    server.post("/api/collections/_superusers/auth-with-password").json(&body).send().await.expect(200);
}

#[tokio::test]
async fn requests_without_a_database_are_unavailable_until_it_is_back() {
    let cluster = Cluster::new();
    let database = cluster.database();
    let server = Setup::new().env("BAIBASE_DATABASE", &database.url).start().await;
    let create = || server.post(COMPANIES).json(&json!({"name": "x"}));
    create().send().await.expect(200);

    let stopped = Instant::now();
    cluster.stop();
    create().send().await.expect(503);
    server.get(COMPANIES).send().await.expect(503);
    assert!(stopped.elapsed() < Duration::from_secs(5));
    // It needs no database to say that it lives.
    server.get("/api/health").send().await.expect(200);

    cluster.start();
    server.get(COMPANIES).send().await.expect(200);
    create().send().await.expect(200);
    assert_eq!(count(&server).await, 2);
}

#[tokio::test]
async fn a_restart_of_the_database_between_requests_goes_unnoticed() {
    let cluster = Cluster::new();
    let database = cluster.database();
    let server = Setup::new().env("BAIBASE_DATABASE", &database.url).start().await;
    for round in 1..4 {
        server.post(COMPANIES).json(&json!({"name": "x"})).send().await.expect(200);
        assert_eq!(count(&server).await, round);
        cluster.restart();
    }
}

async fn count(server: &Server) -> i64 {
    server.get(COMPANIES).send().await.expect(200).json["totalItems"].as_i64().unwrap()
}

/// Serves with a data directory of its own on a database, which another server has.
fn second(url: &str) -> String {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("pb_data");
    let args = ["serve", "--http", "127.0.0.1:0", "--dir", data.to_str().unwrap()];
    let output = run(&args, &[("BAIBASE_DATABASE", url)]);
    assert_eq!(output.code, Some(1), "{output:?}");
    let lines: Vec<_> = output.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(lines.len(), 1, "{output:?}");
    lines[0].to_owned()
}

#[tokio::test]
async fn a_database_has_one_server() {
    let cluster = Cluster::new();
    let database = cluster.database();
    let mut server = Setup::new().env("BAIBASE_DATABASE", &database.url).start().await;
    let refused = || {
        let url = database.url.clone();
        tokio::task::spawn_blocking(move || second(&url))
    };
    assert!(refused().await.unwrap().ends_with("another server uses this database"));
    // What a server need not know of can be done.
    let home = Home::on_sqlite();
    let data = home.data();
    let args = ["superuser", "upsert", "root@example.com", "12345678", "--dir", data.to_str().unwrap()];
    let output = run(&args, &[("BAIBASE_DATABASE", &database.url)]);
    assert_eq!(output.code, Some(0), "{output:?}");
    // What it keeps in memory cannot be changed behind its back.
    for command in [["superuser", "ips", "127.0.0.1"].as_slice(), &["migrate", "up"]] {
        let args = [command, &["--dir", data.to_str().unwrap()]].concat();
        let output = run(&args, &[("BAIBASE_DATABASE", &database.url)]);
        assert_eq!(output.code, Some(1), "{output:?}");
        assert!(output.stderr.trim_end().ends_with("another server uses this database"), "{output:?}");
    }
    // It takes the lock again when its connection is lost.
    let lost = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'";
    database.run(lost);
    let held = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory'";
    let deadline = Instant::now() + Duration::from_secs(20);
    while database.text(held).as_deref() != Some("1") {
        assert!(Instant::now() < deadline, "the lock is not taken again");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(refused().await.unwrap().ends_with("another server uses this database"));
    server.post(COMPANIES).json(&json!({"name": "x"})).send().await.expect(200);
    cluster.restart();
    server.post(COMPANIES).json(&json!({"name": "x"})).send().await.expect(200);
    server.kill();
    Setup::new().env("BAIBASE_DATABASE", &database.url).start().await;
}

/// SQLite has no limit for what is in an index; PostgreSQL has one, and the field is told.
#[tokio::test]
async fn a_value_too_long_for_an_index_is_told_by_field() {
    let long = incompressible(4_000);
    for (home, status) in [(Home::on_sqlite(), 200), (Home::on_postgres(), 400)] {
        let server = Setup::bare().superuser().home(Arc::new(home)).start().await;
        let token = server.superuser().await;
        let collection = json!({
            "name": "notes", "type": "base", "createRule": "", "updateRule": "", "viewRule": "",
            "fields": [{"type": "text", "name": "title"}, {"type": "text", "name": "body"}],
            "indexes": ["CREATE INDEX idx_title ON notes (title)"],
        });
        server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
        let path = "/api/collections/notes/records";
        let note = json!({"id": "note00000000000", "title": "short", "body": long});
        server.post(path).json(&note).send().await.expect(200);
        let created = server.post(path).json(&json!({"title": long})).send().await.expect(status);
        let path = format!("{path}/note00000000000");
        let updated = server.patch(&path).json(&json!({"title": long})).send().await.expect(status);
        if status == 400 {
            for reply in [created, updated] {
                assert_eq!(reply.at("/data/title/code"), "validation_too_long_for_index");
                assert_eq!(reply.json["data"].as_object().unwrap().len(), 1);
            }
        }
        // An index on what is there already cannot be made either.
        let index = json!({"indexes": ["CREATE INDEX idx_body ON notes (body)"]});
        let change = server.patch("/api/collections/notes").token(&token).json(&index);
        let changed = change.send().await.expect(status);
        assert!(
            status == 200 || changed.at("/data/indexes/0/message").contains("idx_body"),
            "{}",
            changed.text()
        );
    }
}

/// Text that takes as many bytes in an index as it has characters.
fn incompressible(length: usize) -> String {
    let letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut state: u64 = 88_172_645_463_325_252;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % 62).unwrap()
    };
    (0..length).map(|_| char::from(letters[next()])).collect()
}

/// A message that the index of another time has no room for is shortened, and takes nothing else with it.
#[tokio::test]
async fn no_log_is_lost_for_a_long_message() {
    for old in [false, true] {
        let home = Home::on_postgres();
        let server = Setup::bare().superuser().home(Arc::new(home)).start().await;
        if old {
            let index = "CREATE INDEX idx_logs_message ON _logs (message)";
            server.database().run(index);
        }
        let token = server.superuser().await;
        let long = incompressible(6_000);
        for path in ["/api/nope?before", &format!("/api/nope?x={long}"), "/api/nope?after"] {
            server.get(path).send().await.expect(404);
        }
        let deadline = Instant::now() + Duration::from_secs(10);
        let messages = loop {
            let query = [("filter", "message ~ '/api/nope'"), ("sort", "@rowid")];
            let page = server.get("/api/logs").query(&query).token(&token).send().await.expect(200);
            let items = page["items"].as_array().unwrap().clone();
            if items.len() == 3 || Instant::now() > deadline {
                break items;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let lengths: Vec<usize> =
            messages.iter().map(|item| item["message"].as_str().unwrap().len()).collect();
        let [before, between, after] = lengths.as_slice() else { panic!("{lengths:?}") };
        assert_eq!((*before, *after), ("GET /api/nope?before".len(), "GET /api/nope?after".len()));
        assert!(if old { *between == 500 } else { *between > 2_900 }, "{between}");
    }
}
