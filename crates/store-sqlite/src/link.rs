use std::borrow::Borrow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthContext, Authorization};
use rusqlite::{Connection, OpenFlags};
use sql::Value;
use store::{Console, Error, Row, SinkError};

use crate::Options;
use crate::bind::Bind;
use crate::console::{self, Outcome, Rights};
use crate::error::classify;
use crate::limit::{Abandoned, Limit, Patience};
use crate::math;
use crate::row::SqliteRow;

/// How long a connection waits for another process that has the file locked.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);
/// After how many steps of SQLite's virtual machine (about a tenth of a millisecond) the limit is looked at.
const STEPS: i32 = 10_000;

/// What a connection that reads keeps of the file, in KiB. There are many of them, and what one has read the others read
/// from the system's memory again: a page more or less costs a microsecond.
const READER_CACHE: u32 = 2_000;
/// What the connection that writes keeps, in KiB: above it, a large transaction is written out in pieces.
const WRITER_CACHE: u32 = 8_000;

/// One connection with its limit.
pub(crate) struct Link {
    connection: Connection,
    limit: Arc<Limit>,
    timeout: Duration,
}

impl Link {
    /// A connection that only reads. The file must have a writer already.
    pub(crate) fn open_reader(path: &Path, options: &Options) -> Result<Self, Error> {
        let mut link = Self::open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, READER_CACHE, options)?;
        link.watch()?;
        Ok(link)
    }

    /// A connection that only reads a file that nobody writes. Nothing is locked, and no file is made beside it.
    pub(crate) fn open_immutable(path: &Path, options: &Options) -> Result<Self, Error> {
        let uri = immutable_uri(path)
            .ok_or_else(|| Error::Storage(format!("{} is no path that SQLite can have", path.display())))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let mut link = Self::open(&uri, flags, READER_CACHE, options)?;
        link.watch()?;
        Ok(link)
    }

    /// The connection that writes. It makes the file when there is none.
    pub(crate) fn open_writer(path: &Path, options: &Options) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut link = Self::open(path, flags, WRITER_CACHE, options)?;
        let connection = &link.connection;
        if connection.is_readonly("main").map_err(|error| classify(&error))? {
            return Err(Error::Storage(format!("{} cannot be written", path.display())));
        }
        let mode: String = connection
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
            .map_err(|error| classify(&error))?;
        if mode != "wal" {
            return Err(Error::Storage(format!("{} cannot have a write-ahead log", path.display())));
        }
        // NORMAL leaves flushing the log at a commit to us: the flusher does it for many commits at once.
        link.batch("PRAGMA journal_size_limit=200000000; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON")?;
        link.watch()?;
        Ok(link)
    }

    fn open(path: &Path, flags: OpenFlags, cache: u32, options: &Options) -> Result<Self, Error> {
        let open = || -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            connection.busy_timeout(LOCK_TIMEOUT)?;
            math::register(&connection)?;
            connection.set_prepared_statement_cache_capacity(options.statements);
            // Otherwise a statement is prepared again whenever a value is bound that the planner has looked at.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            connection.execute_batch("PRAGMA temp_store=MEMORY")?;
            connection.pragma_update(None, "cache_size", -i64::from(cache))?;
            Ok(connection)
        };
        let connection = open().map_err(|error| classify(&error))?;
        Ok(Self { connection, limit: Arc::default(), timeout: options.query_timeout })
    }

    /// How long a statement may usually run here, or until it is `abandoned`.
    pub(crate) fn patience(&self, abandoned: Option<Abandoned>) -> Patience {
        Patience::Usual(self.timeout, abandoned)
    }

    /// The connection itself, for what is no statement.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Has SQLite ask, while a statement runs, whether its time is over.
    fn watch(&mut self) -> Result<(), Error> {
        let limit = Arc::clone(&self.limit);
        self.connection
            .progress_handler(STEPS, Some(move || limit.is_over()))
            .map_err(|error| classify(&error))
    }

    /// Has `tell` called with the number of pages in the log after each commit, instead of SQLite copying them
    /// into the file by itself now and then.
    pub(crate) fn on_commit(&mut self, mut tell: impl FnMut(i32) + Send + 'static) -> Result<(), Error> {
        let hook = move |_: &mut rusqlite::hooks::Wal, pages| {
            tell(pages);
            Ok(())
        };
        self.connection.wal_hook(Some(hook)).map_err(|error| classify(&error))
    }

    /// Runs a statement, hands its rows to `sink`, and returns the number of rows it changed.
    pub(crate) fn run(
        &self,
        text: &str,
        values: &[impl Borrow<Value>],
        patience: Patience,
        mut sink: impl FnMut(&dyn Row) -> Result<(), SinkError>,
    ) -> Result<u64, Error> {
        let _limit = self.limit.start(patience);
        let before = self.connection.total_changes();
        // The text holds no values: they are bound.
        tracing::debug!(text, "statement");
        let mut statement = self.connection.prepare_cached(text).map_err(|error| classify(&error))?;
        for (position, value) in values.iter().enumerate() {
            statement
                .raw_bind_parameter(position + 1, Bind(value.borrow()))
                .map_err(|error| classify(&error))?;
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| classify(&error))? {
            sink(&SqliteRow(row)).map_err(Error::Sink)?;
        }
        // Not the count of the last statement, which one that changes tables would leave as it was.
        Ok(self.connection.total_changes().saturating_sub(before))
    }

    /// Runs statements in somebody's own words.
    pub(crate) fn console(
        &mut self,
        console: &Console,
        rights: Rights,
        abandoned: Option<Abandoned>,
    ) -> Result<Outcome, Error> {
        let authorize = move |context: AuthContext<'_>| console::authorize(&context, rights);
        self.connection.authorizer(Some(authorize)).map_err(|error| classify(&error))?;
        let limit = self.limit.start(Patience::Usual(console.timeout, abandoned));
        let outcome = console::run(&self.connection, console, rights);
        drop(limit);
        let everything = None::<fn(AuthContext<'_>) -> Authorization>;
        self.connection.authorizer(everything).map_err(|error| classify(&error))?;
        outcome
    }

    /// Runs a statement of our own that is needed again and again, without a limit.
    pub(crate) fn order(&self, text: &str) -> Result<(), Error> {
        let order = || self.connection.prepare_cached(text)?.execute(());
        order().map(|_| ()).map_err(|error| classify(&error))
    }

    /// Runs statements of our own, without a limit.
    pub(crate) fn batch(&self, text: &str) -> Result<(), Error> {
        self.connection.execute_batch(text).map_err(|error| classify(&error))
    }

    /// Has `run` run statements, which fail at once where they would wait for another process.
    pub(crate) fn without_waiting(&self, run: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        let patience = |time| self.connection.busy_timeout(time).map_err(|error| classify(&error));
        patience(Duration::ZERO)?;
        let result = run();
        patience(LOCK_TIMEOUT)?;
        result
    }

    /// Whether a transaction is under way. SQLite ends one by itself when the disk is full, for example.
    pub(crate) fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }
}

/// The address under which SQLite takes a file for one that never changes.
fn immutable_uri(path: &Path) -> Option<PathBuf> {
    let path = path.to_str()?.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Some(format!("file:{path}?immutable=1").into())
}
