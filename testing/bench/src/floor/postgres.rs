use std::sync::atomic::{AtomicUsize, Ordering};

use tokio_postgres::{Client, NoTls, Statement};

use super::ListQuery;
use super::json;
use crate::error::{Error, Result};

/// How many connections share the requests.
const CONNECTIONS: usize = 8;

/// A database on a server, with its statements prepared once for each connection.
pub(super) struct Database {
    sessions: Vec<Session>,
    turn: AtomicUsize,
}

struct Session {
    client: Client,
    view: Statement,
    list: Statement,
    count: Statement,
}

impl Database {
    pub(super) async fn connect(url: &str) -> Result<Self> {
        let mut sessions = Vec::new();
        for _ in 0..CONNECTIONS {
            sessions.push(Session::connect(url).await?);
        }
        Ok(Self { sessions, turn: AtomicUsize::new(0) })
    }

    pub(super) async fn view(&self, id: &str) -> Result<Option<Vec<u8>>> {
        let session = self.session()?;
        let Some(row) = session.client.query_opt(&session.view, &[&id]).await? else { return Ok(None) };
        let mut out = Vec::with_capacity(1024);
        json::post(&row, &mut out)?;
        Ok(Some(out))
    }

    pub(super) async fn list(&self, query: &ListQuery) -> Result<Option<Vec<u8>>> {
        let session = self.session()?;
        let views = query.views as f64;
        let mut out = Vec::with_capacity(32 * 1024);
        json::begin(&mut out);
        for (at, row) in session.client.query(&session.list, &[&views]).await?.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            json::post(row, &mut out)?;
        }
        let total = if query.totals {
            session.client.query_one(&session.count, &[&views]).await?.try_get(0)?
        } else {
            -1
        };
        json::end(total, 30, &mut out);
        Ok(Some(out))
    }

    fn session(&self) -> Result<&Session> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let session = self.sessions.get(turn % CONNECTIONS);
        session.ok_or_else(|| Error::Setup("no connection".to_owned()))
    }
}

impl Session {
    async fn connect(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let columns = "body, created, id, owner, published, tags::text, title, views";
        let condition = "FROM bench_posts WHERE published AND views >= $1";
        let view = client.prepare(&format!("SELECT {columns} FROM bench_posts WHERE id = $1")).await?;
        let list = format!("SELECT {columns} {condition} ORDER BY views DESC LIMIT 30");
        let list = client.prepare(&list).await?;
        let count = client.prepare(&format!("SELECT COUNT(*) {condition}")).await?;
        Ok(Self { client, view, list, count })
    }
}

impl json::Row for tokio_postgres::Row {
    fn text(&self, column: usize) -> Result<&str> {
        Ok(self.try_get(column)?)
    }

    fn truth(&self, column: usize) -> Result<bool> {
        Ok(self.try_get(column)?)
    }

    fn number(&self, column: usize) -> Result<f64> {
        Ok(self.try_get(column)?)
    }
}
