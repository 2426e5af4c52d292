use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ambient::{Clock as _, SystemClock};
use rusqlite::{Connection, OpenFlags, params};

use super::json;
use super::rows::{Body, Change, NewPost, Posts, Rows, Statements};
use crate::data::Kind;
use crate::error::{Error, Result};

/// A database whose rows are read on the thread of the request, each thread with a connection of its own. Writes take
/// turns on another one, and each is on the disk when it is answered.
pub(super) struct Database {
    file: PathBuf,
    /// And how many rows it created.
    writer: Mutex<(Connection, u64)>,
    statements: Statements,
}

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

impl Database {
    pub(super) fn open(file: &Path) -> Result<Self> {
        let writer = connect(file)?;
        writer.execute_batch("PRAGMA synchronous=FULL")?;
        Ok(Self { file: file.to_owned(), writer: Mutex::new((writer, 0)), statements: Statements::default() })
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        CONNECTION.with_borrow_mut(|connection| {
            if connection.is_none() {
                *connection = Some(connect(&self.file)?);
            }
            let connection = connection.as_ref().ok_or_else(|| Error::Setup("no connection".to_owned()))?;
            read(connection)
        })
    }

    fn write(&self, statement: &str, values: impl rusqlite::Params) -> Body {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        one(&writer.0, Posts::Entries, statement, values)
    }
}

impl Rows for Database {
    async fn view(&self, posts: Posts, id: &str) -> Body {
        self.read(|connection| one(connection, posts, self.statements.view(posts), [id]))
    }

    async fn list(&self, views: i32, totals: bool) -> Body {
        self.read(|connection| {
            let mut out = Vec::with_capacity(32 * 1024);
            json::begin(&mut out);
            let mut statement = connection.prepare_cached(&self.statements.list)?;
            let mut found = statement.query([views])?;
            let mut at = 0;
            while let Some(row) = found.next()? {
                json::comma(at, &mut out);
                json::post(Posts::Public, row, None, &mut out)?;
                at += 1;
            }
            let total = if totals {
                connection.prepare_cached(&self.statements.count)?.query_row([views], |row| row.get(0))?
            } else {
                -1
            };
            json::end(total, &mut out);
            Ok(Some(out))
        })
    }

    async fn related(&self, owner: &str) -> Body {
        self.read(|connection| related(connection, &self.statements, owner))
    }

    async fn create(&self, post: NewPost) -> Body {
        let NewPost { title, body, views, published, owner, tags } = post;
        let tags = serde_json::to_string(&tags)?;
        let id = {
            let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            writer.1 += 1;
            Kind::New.id(writer.1)
        };
        let created = SystemClock.now_text();
        self.write(&self.statements.create, params![title, body, views, published, owner, tags, created, id])
    }

    async fn update(&self, id: &str, change: Change) -> Body {
        self.write(&self.statements.update, params![change.title, change.views, id])
    }

    async fn delete(&self, id: &str) -> Result<bool> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(writer.0.prepare_cached(self.statements.delete)?.execute([id])? > 0)
    }
}

/// The record of the row that a statement gives.
fn one(connection: &Connection, posts: Posts, statement: &str, values: impl rusqlite::Params) -> Body {
    let mut statement = connection.prepare_cached(statement)?;
    let mut found = statement.query(values)?;
    let Some(row) = found.next()? else { return Ok(None) };
    let mut out = Vec::with_capacity(1024);
    json::post(posts, row, None, &mut out)?;
    // A statement that writes has to be run to its end.
    while found.next()?.is_some() {}
    Ok(Some(out))
}

fn related(connection: &Connection, statements: &Statements, owner: &str) -> Body {
    let mut user = Vec::new();
    connection
        .prepare_cached(statements.user)?
        .query_row([owner], |row| Ok(json::user(row, &mut user)))??;
    let (mut out, mut expand) = (Vec::with_capacity(48 * 1024), Vec::new());
    json::begin(&mut out);
    let mut tags: HashMap<String, Vec<u8>> = HashMap::new();
    let mut by_id = connection.prepare_cached(statements.tag)?;
    let mut statement = connection.prepare_cached(&statements.related)?;
    let mut found = statement.query([owner])?;
    let mut at = 0;
    while let Some(row) = found.next()? {
        expand.clear();
        let column = json::Row::text(row, 5)?;
        let write = |id: &str, out: &mut Vec<u8>| {
            if !tags.contains_key(id) {
                let mut tag = Vec::new();
                by_id.query_row([id], |row| Ok(json::tag(row, &mut tag)))??;
                tags.insert(id.to_owned(), tag);
            }
            out.extend_from_slice(tags.get(id).map_or(&[], Vec::as_slice));
            Ok(())
        };
        json::expand(&user, column, write, &mut expand)?;
        json::comma(at, &mut out);
        json::post(Posts::Public, row, Some(&expand), &mut out)?;
        at += 1;
    }
    json::end(-1, &mut out);
    Ok(Some(out))
}

fn connect(file: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    // As the connections of the server.
    connection.execute_batch("PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000")?;
    Ok(connection)
}

impl json::Row for rusqlite::Row<'_> {
    fn text(&self, column: usize) -> Result<&str> {
        Ok(self.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
    }

    fn truth(&self, column: usize) -> Result<bool> {
        Ok(self.get(column)?)
    }

    fn number(&self, column: usize) -> Result<f64> {
        Ok(self.get(column)?)
    }
}
