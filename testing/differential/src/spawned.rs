use std::sync::Arc;

use baibase_tests::{Home, SUPERUSER, SUPERUSER_PASSWORD, Server, Setup};

use crate::{Error, Side};

/// A server that was started for a run, and ends with it.
#[derive(Debug)]
pub struct Spawned(Server);

impl Spawned {
    /// This server with its embedded database.
    pub async fn on_sqlite() -> Self {
        Self::start(Home::on_sqlite()).await
    }

    /// This server with a database on PostgreSQL.
    pub async fn on_postgres() -> Self {
        Self::start(Home::on_postgres()).await
    }

    async fn start(home: Home) -> Self {
        Self(Setup::bare().home(Arc::new(home)).superuser().start().await)
    }

    /// Signs in as its superuser.
    ///
    /// # Errors
    /// As [`Side::connect`].
    pub async fn connect(&self) -> Result<Side, Error> {
        Side::connect(&self.0.url(""), SUPERUSER, SUPERUSER_PASSWORD).await
    }
}
