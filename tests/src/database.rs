use std::path::Path;
use std::time::Duration;

use rusqlite::types::ValueRef;
use test_postgres::TestDatabase;

/// The database of a server, behind its back. Names are quoted as `"name"`, which every database understands.
#[derive(Debug)]
pub enum Database<'a> {
    /// A file of SQLite.
    File(rusqlite::Connection),
    /// A database on a PostgreSQL server.
    Server(&'a TestDatabase),
}

impl Database<'_> {
    pub(crate) fn open(file: &Path) -> Self {
        let connection = rusqlite::Connection::open(file).expect("the database opens");
        connection.busy_timeout(Duration::from_secs(10)).expect("a busy timeout");
        Self::File(connection)
    }

    /// Runs statements, separated by semicolons.
    ///
    /// # Panics
    /// When one of them fails.
    pub fn run(&self, statements: &str) {
        match self {
            Self::File(connection) => connection.execute_batch(statements).expect(statements),
            Self::Server(database) => database.run(statements),
        }
    }

    /// The first value of a query that gives one row.
    ///
    /// # Panics
    /// When it gives none, or null.
    pub fn text(&self, query: &str) -> String {
        match self {
            Self::File(connection) => connection
                .query_row(query, [], |row| {
                    Ok(match row.get_ref(0)? {
                        ValueRef::Integer(value) => value.to_string(),
                        value => value.as_str()?.to_owned(),
                    })
                })
                .expect(query),
            Self::Server(database) => database.text(query).expect(query),
        }
    }
}
