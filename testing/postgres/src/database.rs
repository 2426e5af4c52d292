use crate::admin;

/// A database with nothing in it, dropped with the value.
#[derive(Debug)]
pub struct TestDatabase {
    /// Where it is: `postgres://...`.
    pub url: String,
    name: String,
    admin_url: String,
}

impl TestDatabase {
    /// Makes a database on a server.
    pub(crate) fn create(base_url: &str, name: String) -> Self {
        let admin_url = format!("{base_url}/postgres");
        // One of this name may have been left over by a process that was killed.
        let drop = drop_statement(&name);
        let create = format!("CREATE DATABASE \"{name}\" TEMPLATE template0");
        if let Err(error) = admin::run(&admin_url, &[&drop, &create]) {
            panic!("no database could be made on {base_url}: {error:?}");
        }
        Self { url: format!("{base_url}/{name}"), name, admin_url }
    }

    /// Runs statements, separated by semicolons, as somebody else who uses the database.
    ///
    /// # Panics
    /// When one of them fails.
    pub fn run(&self, statements: &str) {
        self.text(statements);
    }

    /// The first value of the last row of a query, as text; `None` for null and when there is no row.
    ///
    /// # Panics
    /// When the query fails.
    pub fn text(&self, query: &str) -> Option<String> {
        match admin::run(&self.url, &[query]) {
            Ok(value) => value,
            Err(error) => panic!("{query}: {error:?}"),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // A test may have stopped the server.
        let _ = admin::run(&self.admin_url, &[&drop_statement(&self.name)]);
    }
}

fn drop_statement(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")
}
