use std::path::PathBuf;

use tempfile::TempDir;
use test_postgres::{Cluster, TestDatabase};

use crate::Database;

/// The environment variable that says where servers keep their data: `sqlite` (as without it) or `postgres`.
const STORE: &str = "BAIBASE_TEST_STORE";

/// What servers leave behind for others: the data directory, the log, and a database where it is not in the directory.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    database: Option<TestDatabase>,
}

impl Home {
    /// A home with nothing in it, with the kind of database that the environment asks for.
    ///
    /// # Panics
    /// When the environment asks for a kind that does not exist, or that cannot be had.
    #[expect(clippy::new_without_default, reason = "each is a new one")]
    pub fn new() -> Self {
        match std::env::var(STORE).as_deref() {
            Ok("postgres") => Self::on_postgres(),
            Ok("sqlite") | Err(_) => Self::on_sqlite(),
            Ok(other) => panic!("{STORE} is neither sqlite nor postgres but {other}"),
        }
    }

    /// A home with nothing in it, whose database is in the data directory.
    ///
    /// # Panics
    /// When there cannot be a temporary directory.
    pub fn on_sqlite() -> Self {
        Self { folder: TempDir::new().expect("a temporary directory"), database: None }
    }

    /// A home with nothing in it, whose database is on the PostgreSQL server of the tests.
    ///
    /// # Panics
    /// When there cannot be one.
    pub fn on_postgres() -> Self {
        Self { database: Some(Cluster::shared().database()), ..Self::on_sqlite() }
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("pb_data")
    }

    /// What the binary has to find in its environment beside the data directory.
    pub fn env(&self) -> Vec<(&str, &str)> {
        self.database.iter().map(|database| ("BAIBASE_DATABASE", database.url.as_str())).collect()
    }

    /// Where the output of servers goes.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// The database, for what no request can do or see.
    pub(crate) fn database(&self) -> Database<'_> {
        match &self.database {
            Some(database) => Database::Server(database),
            None => Database::open(&self.data().join("data.db")),
        }
    }
}
