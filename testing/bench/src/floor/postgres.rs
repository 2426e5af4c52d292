use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use ambient::{Clock as _, SystemClock};
use tokio_postgres::{Client, NoTls, Row, Statement};

use super::json;
use super::rows::{Body, Change, NewPost, Posts, Rows, Statements};
use crate::data::Kind;
use crate::error::{Error, Result};

/// How many connections share the requests.
const CONNECTIONS: u64 = 8;

/// A database on a server, with its statements prepared once for each connection.
pub(super) struct Database {
    sessions: Vec<Session>,
    turn: AtomicU64,
    created: AtomicU64,
}

struct Session {
    client: Client,
    views: Vec<Statement>,
    list: Statement,
    count: Statement,
    related: Statement,
    user: Statement,
    tags: Statement,
    create: Statement,
    update: Statement,
    delete: Statement,
}

impl Database {
    pub(super) async fn connect(url: &str) -> Result<Self> {
        let mut sessions = Vec::new();
        for _ in 0..CONNECTIONS {
            sessions.push(Session::connect(url).await?);
        }
        Ok(Self { sessions, turn: AtomicU64::new(0), created: AtomicU64::new(0) })
    }

    fn session(&self) -> Result<&Session> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % CONNECTIONS;
        let session = usize::try_from(turn).ok().and_then(|turn| self.sessions.get(turn));
        session.ok_or_else(|| Error::Setup("no connection".to_owned()))
    }
}

impl Rows for Database {
    async fn view(&self, posts: Posts, id: &str) -> Body {
        let session = self.session()?;
        let statement = session.views.get(posts as usize);
        let statement = statement.ok_or_else(|| Error::Setup("no statement".to_owned()))?;
        one(posts, session.client.query_opt(statement, &[&id]).await?.as_ref())
    }

    async fn list(&self, views: i32, totals: bool) -> Body {
        let session = self.session()?;
        let views = f64::from(views);
        let mut out = Vec::with_capacity(32 * 1024);
        json::begin(&mut out);
        for (at, row) in session.client.query(&session.list, &[&views]).await?.iter().enumerate() {
            json::comma(at, &mut out);
            json::post(Posts::Public, row, None, &mut out)?;
        }
        let total =
            if totals { session.client.query_one(&session.count, &[&views]).await?.try_get(0)? } else { -1 };
        json::end(total, &mut out);
        Ok(Some(out))
    }

    async fn related(&self, owner: &str) -> Body {
        let session = self.session()?;
        let mut user = Vec::new();
        json::user(&session.client.query_one(&session.user, &[&owner]).await?, &mut user)?;
        let posts = session.client.query(&session.related, &[&owner]).await?;
        let mut ids = Vec::new();
        for post in &posts {
            ids.extend(json::ids(json::Row::text(post, 5)?)?);
        }
        ids.sort_unstable();
        ids.dedup();
        let mut tags: HashMap<String, Row> = HashMap::new();
        for tag in session.client.query(&session.tags, &[&ids]).await? {
            tags.insert(tag.try_get(0)?, tag);
        }
        let (mut out, mut expand) = (Vec::with_capacity(48 * 1024), Vec::new());
        json::begin(&mut out);
        for (at, post) in posts.iter().enumerate() {
            expand.clear();
            let write = |id: &str, out: &mut Vec<u8>| tags.get(id).map_or(Ok(()), |tag| json::tag(tag, out));
            json::expand(&user, json::Row::text(post, 5)?, write, &mut expand)?;
            json::comma(at, &mut out);
            json::post(Posts::Public, post, Some(&expand), &mut out)?;
        }
        json::end(-1, &mut out);
        Ok(Some(out))
    }

    async fn create(&self, post: NewPost) -> Body {
        let session = self.session()?;
        let NewPost { title, body, views, published, owner, tags } = post;
        let (tags, views) = (serde_json::to_string(&tags)?, f64::from(views));
        let id = Kind::New.id(self.created.fetch_add(1, Ordering::Relaxed));
        let created = SystemClock.now_text();
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 8] =
            [&title, &body, &views, &published, &owner, &tags, &created, &id];
        one(Posts::Entries, session.client.query_opt(&session.create, &values).await?.as_ref())
    }

    async fn update(&self, id: &str, change: Change) -> Body {
        let session = self.session()?;
        let views = f64::from(change.views);
        let row = session.client.query_opt(&session.update, &[&change.title, &views, &id]).await?;
        one(Posts::Entries, row.as_ref())
    }

    async fn delete(&self, id: &str) -> Result<bool> {
        let session = self.session()?;
        Ok(session.client.execute(&session.delete, &[&id]).await? > 0)
    }
}

/// The record of the row that a statement gave.
fn one(posts: Posts, row: Option<&Row>) -> Body {
    let Some(row) = row else { return Ok(None) };
    let mut out = Vec::with_capacity(1024);
    json::post(posts, row, None, &mut out)?;
    Ok(Some(out))
}

impl Session {
    async fn connect(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        let statements = Statements::default();
        let mut views = Vec::new();
        for posts in Posts::ALL {
            views.push(client.prepare(statements.view(posts)).await?);
        }
        Ok(Self {
            views,
            list: client.prepare(&statements.list).await?,
            count: client.prepare(&statements.count).await?,
            related: client.prepare(&statements.related).await?,
            user: client.prepare(statements.user).await?,
            tags: client.prepare(&statements.tag.replace("= $1", "= ANY($1)")).await?,
            create: client.prepare(&statements.create).await?,
            update: client.prepare(&statements.update).await?,
            delete: client.prepare(statements.delete).await?,
            client,
        })
    }
}

impl json::Row for Row {
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
