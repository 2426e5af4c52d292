use std::cell::RefCell;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::ListQuery;
use super::json;
use crate::error::{Error, Result};

/// A database whose rows are read on the thread of the request, each thread with a connection of its own.
pub(super) struct Database {
    file: PathBuf,
}

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

impl Database {
    pub(super) fn open(file: &Path) -> Result<Self> {
        connect(file)?;
        Ok(Self { file: file.to_owned() })
    }

    pub(super) fn view(&self, id: &str) -> Result<Option<Vec<u8>>> {
        const STATEMENT: &str =
            "SELECT body, created, id, owner, published, tags, title, views FROM bench_posts WHERE id = ?1";
        self.read(|connection| {
            let mut statement = connection.prepare_cached(STATEMENT)?;
            let mut rows = statement.query([id])?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let mut out = Vec::with_capacity(1024);
            json::post(row, &mut out)?;
            Ok(Some(out))
        })
    }

    pub(super) fn list(&self, query: &ListQuery) -> Result<Option<Vec<u8>>> {
        const COUNT: &str = "SELECT COUNT(*) FROM bench_posts WHERE published = 1 AND views >= ?1";
        const STATEMENT: &str = "SELECT body, created, id, owner, published, tags, title, views FROM bench_posts \
                                 WHERE published = 1 AND views >= ?1 ORDER BY views DESC LIMIT 30";
        self.read(|connection| {
            let mut out = Vec::with_capacity(32 * 1024);
            json::begin(&mut out);
            let mut statement = connection.prepare_cached(STATEMENT)?;
            let mut rows = statement.query([query.views])?;
            let mut first = true;
            while let Some(row) = rows.next()? {
                if !first {
                    out.push(b',');
                }
                first = false;
                json::post(row, &mut out)?;
            }
            let total = if query.totals {
                connection.prepare_cached(COUNT)?.query_row([query.views], |row| row.get(0))?
            } else {
                -1
            };
            json::end(total, 30, &mut out);
            Ok(Some(out))
        })
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
}

fn connect(file: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
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
