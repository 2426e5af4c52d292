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
