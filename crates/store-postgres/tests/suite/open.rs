//! What keeps a store from being opened, and what is told of it.

use std::io;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::{run, texts};
use baibase_store_postgres::{Options, PostgresStore};
use store::Store;
use test_postgres::Cluster;

async fn refused(address: &str) -> String {
    let options = Options { connect_timeout: Duration::from_millis(300), ..Options::default() };
    let error = PostgresStore::open(address, options).await.err().unwrap();
    let text = error.to_string();
    assert!(!text.contains('\n') && !text.contains("secret"), "{text}");
    text
}

#[tokio::test]
async fn what_is_wrong_is_told_on_one_line() {
    let base = Cluster::shared().base_url();
    let server = base.rsplit_once('@').unwrap().1;
    let at = |user: &str, database: &str| format!("postgres://{user}:secret@{server}/{database}");
    assert!(refused("nonsense").await.starts_with("the address of the database is not valid"));
    assert!(refused(&at("postgres", "no_such")).await.contains("\"no_such\" does not exist"));
    assert!(refused(&at("nobody_here", "postgres")).await.contains("nobody_here"));
    let encrypted = format!("{}?sslmode=require", at("postgres", "postgres"));
    assert!(refused(&encrypted).await.contains("TLS"));
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert!(refused(&format!("postgres://u:secret@{unused}/d")).await.contains("refused"));
    assert!(refused("postgres://u:secret@no-such-host.invalid/d").await.starts_with("cannot connect"));
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let started = Instant::now();
    assert!(refused(&format!("postgres://u:secret@{address}/d")).await.contains("does not answer"));
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_database_of_another_encoding_is_refused() {
    let database = Cluster::shared().database();
    let name = format!("{}_latin", database.url.rsplit_once('/').unwrap().1);
    database.run(&format!(
        "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'"
    ));
    let address = format!("{}_latin", database.url);
    assert!(refused(&address).await.contains("LATIN1"));
    database.run(&format!("DROP DATABASE {name} WITH (FORCE)"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_can_open_a_fresh_database_at_once() {
    let database = Cluster::shared().database();
    let opening = (0..8).map(|_| {
        let address = database.url.clone();
        tokio::spawn(async move { PostgresStore::open(&address, Options::default()).await })
    });
    for store in opening.collect::<Vec<_>>() {
        let store = store.await.unwrap().unwrap();
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_of_another_time_gets_the_functions_of_today() {
    let database = Cluster::shared().database();
    PostgresStore::open(&database.url, Options::default()).await.unwrap().close().await.unwrap();
    database.run("ALTER FUNCTION baibase_key(text) STABLE");
    database
        .run("CREATE OR REPLACE FUNCTION baibase_setup() RETURNS text LANGUAGE sql AS 'SELECT NULL::text'");
    let index = "CREATE INDEX i ON t (baibase_key(a))";
    let store = PostgresStore::open(&database.url, Options::default()).await.unwrap();
    run(&store, &["CREATE TABLE t (a text)", index]).await.unwrap();
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_database_that_does_not_flush_commits_does_so_for_us() {
    let database = Cluster::shared().database();
    let name = database.url.rsplit_once('/').unwrap().1;
    database.run(&format!("ALTER DATABASE {name} SET synchronous_commit = off"));
    let store = crate::support::open(&database, Options::default()).await;
    assert_eq!(
        texts(&database, &*store, "SELECT current_setting('synchronous_commit')").await.unwrap(),
        ["on"]
    );
}

#[tokio::test]
async fn nothing_secret_is_logged() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    let database = Cluster::shared().database();
    let address = database.url.replace('@', ":secret@");
    let store = PostgresStore::open(&address, Options::default()).await.unwrap();
    assert!(!store.location().contains("secret"));
    run(&store, &["CREATE TABLE t (a text)"]).await.unwrap();
    let insert = sql::Insert {
        table: "t".into(),
        columns: vec!["a".into()],
        rows: vec![vec!["confidential".into()]],
        on_conflict: None,
    };
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&insert.into()).await.unwrap();
    transaction.commit().await.unwrap();
    store.close().await.unwrap();
    let log = log.text();
    assert!(log.contains("INSERT INTO"), "statements are logged: {log}");
    assert!(!log.contains("secret") && !log.contains("confidential"), "{log}");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl tracing_subscriber::fmt::MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
