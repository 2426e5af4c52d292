use std::borrow::Borrow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use sql::{Dialect, Select, Value, render};
use store::{Console, Error, Row, Sink};
use tokio::sync::Semaphore;

use crate::Options;
use crate::console::{Outcome, Rights};
use crate::lengthy::{Glance, Lengthy};
use crate::limit::{AbandonOnDrop, Patience};
use crate::link::Link;

/// The connections that read.
///
/// There is one for each query that runs at once, opened when it is first needed. Point reads are bounded by the
/// threads of the runtime, scans by the number of permits. A scan begins like a point read: most of them are over before
/// another thread would have begun with them.
pub(crate) struct Readers {
    path: PathBuf,
    options: Options,
    open: fn(&Path, &Options) -> Result<Link, Error>,
    /// `None` when closed.
    idle: Mutex<Option<Vec<Link>>>,
    scans: Semaphore,
    lengthy: Lengthy,
}

impl Readers {
    /// Connections to a file that has a writer.
    pub(crate) fn new(path: &Path, options: Options) -> Self {
        Self::opened_by(Link::open_reader, path, options)
    }

    /// Connections to a file that nobody writes.
    pub(crate) fn immutable(path: &Path, options: Options) -> Self {
        Self::opened_by(Link::open_immutable, path, options)
    }

    fn opened_by(open: fn(&Path, &Options) -> Result<Link, Error>, path: &Path, options: Options) -> Self {
        let scans = Semaphore::new(options.scans);
        let idle = Mutex::new(Some(Vec::new()));
        Self { path: path.to_owned(), options, open, idle, scans, lengthy: Lengthy::default() }
    }

    /// Runs a query on this thread.
    pub(crate) fn point(&self, query: &Select, sink: &mut dyn Sink) -> Result<(), Error> {
        let rendered = render(query, Dialect::Sqlite);
        self.run(&rendered.text, &rendered.values, |link| link.patience(None), sink)
    }

    /// Runs a query on this thread as long as it is a matter of moments, and else on one that may block. It is stopped
    /// when the future is dropped.
    pub(crate) async fn scan(self: &Arc<Self>, query: &Select, mut sink: Box<dyn Sink>) -> Result<(), Error> {
        let rendered = render(query, Dialect::Sqlite);
        let run = || self.run(&rendered.text, &rendered.values, |_| Patience::Brief, &mut *sink);
        match self.lengthy.glance(&rendered.text, run) {
            Glance::Done(done) => return done,
            // A sink that panics takes its own query with it.
            Glance::Panicked => {
                return Err(Error::Lost("a query ended early: its rows could not be taken".into()));
            }
            Glance::Lengthy => sink.restart(),
        }
        let permit = tokio::time::timeout(self.options.query_timeout, self.scans.acquire())
            .await
            .map_err(|_| Error::Busy("too many queries at once".into()))?
            .map_err(|_| closed())?;
        let (text, values) = rendered.into_owned();
        let waiting = AbandonOnDrop::default();
        let abandoned = Arc::clone(&waiting.0);
        let readers = Arc::clone(self);
        let query = tokio::task::spawn_blocking(move || {
            readers.run(&text, &values, |link| link.patience(Some(abandoned)), &mut *sink)
        });
        let result = query.await.map_err(|error| Error::Lost(format!("a query ended early: {error}")))?;
        drop(permit);
        result
    }

    fn run(
        &self,
        text: &str,
        values: &[impl Borrow<Value>],
        patience: impl FnOnce(&Link) -> Patience,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let link = self.take()?;
        let result = link.run(text, values, patience(&link), |row: &dyn Row| sink.row(row));
        self.give_back(link);
        result.map(|_| ())
    }

    /// Runs statements in somebody's own words, on a connection of their own: they could leave something behind on it.
    pub(crate) async fn console(self: &Arc<Self>, console: Console) -> Result<Outcome, Error> {
        let permit = tokio::time::timeout(self.options.query_timeout, self.scans.acquire())
            .await
            .map_err(|_| Error::Busy("too many queries at once".into()))?
            .map_err(|_| closed())?;
        let waiting = AbandonOnDrop::default();
        let abandoned = Arc::clone(&waiting.0);
        let readers = Arc::clone(self);
        let run = tokio::task::spawn_blocking(move || {
            let mut link = (readers.open)(&readers.path, &readers.options)?;
            link.console(&console, Rights::Read, Some(abandoned))
        });
        let outcome = run.await.map_err(|error| Error::Lost(format!("a query ended early: {error}")))?;
        drop(permit);
        outcome
    }

    /// Waits for the scans that run, and closes the connections.
    pub(crate) async fn close(&self) {
        let all = u32::try_from(self.options.scans).unwrap_or(u32::MAX);
        // Without a permit they are closed already.
        let permits = self.scans.acquire_many(all).await;
        self.scans.close();
        drop(permits);
        self.idle.lock().take();
    }

    fn take(&self) -> Result<Link, Error> {
        let idle = self.idle.lock().as_mut().ok_or_else(closed)?.pop();
        match idle {
            Some(link) => Ok(link),
            None => (self.open)(&self.path, &self.options),
        }
    }

    fn give_back(&self, link: Link) {
        if let Some(idle) = self.idle.lock().as_mut() {
            idle.push(link);
        }
    }
}

/// The error of everything that is asked of a closed store.
pub(crate) fn closed() -> Error {
    Error::Lost("the store is closed".into())
}
