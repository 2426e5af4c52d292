//! The server comes, goes and comes back.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use baibase_test_postgres::{BASE_URL, Cluster};
use tokio_postgres::{Client, NoTls};

/// Set for the process that is to be killed.
const TO_BE_KILLED: &str = "TO_BE_KILLED";

async fn connect(url: &str) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn text(client: &Client, query: &str) -> String {
    client.query_one(query, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn databases_come_and_go() {
    let cluster = Cluster::shared();
    let (one, two) = (cluster.database(), cluster.database());
    one.run("CREATE TABLE t (n int); INSERT INTO t VALUES (1)");
    let client = connect(&two.url).await.unwrap();
    assert!(client.query("SELECT * FROM t", &[]).await.is_err(), "each is its own");
    assert_eq!(text(&client, "SHOW server_encoding").await, "UTF8");
    let url = two.url.clone();
    drop(two);
    assert!(connect(&url).await.is_err(), "it is dropped although somebody is connected");
}

#[tokio::test]
async fn a_server_comes_back_with_what_was_committed() {
    let cluster = Cluster::new();
    let database = cluster.database();
    database.run("CREATE TABLE t (n int)");
    cluster.stop();
    assert!(connect(&database.url).await.is_err());
    cluster.start();
    let client = connect(&database.url).await.unwrap();
    assert!(client.query("SELECT * FROM t", &[]).await.unwrap().is_empty());
    cluster.restart();
    assert!(client.query("SELECT * FROM t", &[]).await.is_err());
    let client = connect(&database.url).await.unwrap();
    let data = text(&client, "SHOW data_directory").await;
    cluster.stop();
    assert!(Path::new(&data).is_dir());
    drop(cluster);
    assert!(!Path::new(&data).exists());
}

#[tokio::test]
async fn a_server_does_not_outlive_a_process_that_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let found = folder.path().join("found");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "starts_a_server_to_be_killed"])
        .env(TO_BE_KILLED, &found)
        .env_remove(BASE_URL)
        .spawn()
        .unwrap();
    let (url, data) = within(Duration::from_secs(60), || {
        let text = std::fs::read_to_string(&found).ok()?;
        let (url, data) = text.strip_suffix('\n')?.split_once('\n')?;
        Some((url.to_owned(), PathBuf::from(data)))
    });
    assert!(connect(&url).await.is_ok() && data.is_dir());
    child.kill().unwrap();
    child.wait().unwrap();
    within(Duration::from_secs(30), || (!data.exists()).then_some(()));
    assert!(connect(&url).await.is_err());
}

/// Not a test of its own: the one above runs it in a process that it kills.
#[tokio::test]
#[ignore = "it waits to be killed"]
async fn starts_a_server_to_be_killed() {
    let found = std::env::var_os(TO_BE_KILLED).expect("the other test runs this one");
    let database = Cluster::shared().database();
    let client = connect(&database.url).await.unwrap();
    let data = text(&client, "SHOW data_directory").await;
    std::fs::write(Path::new(&found), format!("{}\n{data}\n", database.url)).unwrap();
    std::thread::sleep(Duration::from_secs(600));
}

#[tokio::test]
async fn other_programs_get_a_server_and_a_database() {
    let program = env!("CARGO_BIN_EXE_test-postgres");
    let mut asked = Command::new(program)
        .args(["run", program, "database"])
        .env_remove(BASE_URL)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(asked.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let client = connect(url.trim_end()).await.unwrap();
    let data = PathBuf::from(text(&client, "SHOW data_directory").await);
    assert!(text(&client, "SELECT current_database()::text").await.starts_with("test_"));
    drop(asked.stdin.take());
    assert!(asked.wait().unwrap().success());
    within(Duration::from_secs(30), || (!data.exists()).then_some(()));

    let status = |arguments: &[&str]| {
        Command::new(program).args(arguments).env(BASE_URL, "postgres://nobody").status().unwrap().code()
    };
    assert_eq!(
        status(&["run", "sh", "-c", "test $BAIBASE_TEST_POSTGRES = postgres://nobody && exit 7"]),
        Some(7)
    );
    assert_eq!(status(&[]), Some(1));
}

fn within<T>(time: Duration, mut done: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + time;
    loop {
        if let Some(value) = done() {
            return value;
        }
        assert!(Instant::now() < deadline, "it took too long");
        std::thread::sleep(Duration::from_millis(20));
    }
}
