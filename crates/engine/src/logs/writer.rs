use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ambient::{Clock, Entropy, EntropyExt, format_timestamp};
use jiff::{SignedDuration, Timestamp};
use sql::{Comparison, Delete, DropIndex, Expr, Insert, Statement, Value};
use store::Store;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::timeout;

use super::{LOGS, LogEntry};
use crate::{Error, settings};

/// How many entries may wait to be written; more are dropped.
const CAPACITY: usize = 10_000;

/// How many entries are written at once at most.
const PORTION: usize = 500;

/// How long an entry waits for others at most.
const PATIENCE: Duration = Duration::from_secs(1);

/// The sizes of the statements that a portion is written with, so that few of them have to be prepared.
const ROWS_OF_STATEMENTS: [usize; 3] = [100, 10, 1];

/// How many characters of a message are kept when the database does not take all of it.
const SHORT_MESSAGE: usize = 500;

/// The place of the message in a row.
const MESSAGE: usize = 3;

const COLUMNS: [&str; 5] = ["id", "created", "level", "message", "data"];

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

const ID_LENGTH: usize = 15;
const ID_ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// The characters of an id that tell the time, in milliseconds: enough for some decades.
const TIME_DIGITS: usize = 8;
const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The way to the task that writes the logs.
pub(crate) struct Logs {
    jobs: mpsc::Sender<Job>,
    lost: Arc<AtomicU64>,
    urgent: Arc<Notify>,
}

enum Job {
    Add {
        entry: LogEntry,
        created: String,
    },
    /// With `all`, no entry is wanted, and the room is given back.
    Clean {
        until: String,
        min_level: i64,
        all: bool,
    },
    Truncate {
        done: oneshot::Sender<Result<(), store::Error>>,
    },
    Close {
        done: oneshot::Sender<()>,
    },
}

impl Logs {
    /// Starts the task; it ends with the last sender.
    pub(crate) fn start(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let (jobs, queue) = mpsc::channel(CAPACITY);
        let (lost, urgent) = (Arc::<AtomicU64>::default(), Arc::<Notify>::default());
        let writer = Writer {
            store,
            clock,
            entropy,
            rows: Vec::new(),
            lost: Arc::clone(&lost),
            urgent: Arc::clone(&urgent),
        };
        tokio::spawn(writer.run(queue));
        Self { jobs, lost, urgent }
    }

    pub(super) fn add(&self, entry: LogEntry, created: String) {
        if self.jobs.try_send(Job::Add { entry, created }).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        if self.jobs.max_capacity() - self.jobs.capacity() >= PORTION {
            self.urgent.notify_one();
        }
    }

    pub(super) fn clean(&self, settings: &settings::Logs, now: Timestamp) {
        let kept = SignedDuration::from_secs(settings.max_days.saturating_mul(SECONDS_OF_A_DAY));
        let until = now.saturating_sub(kept).unwrap_or(Timestamp::MIN);
        let all = settings.max_days == 0;
        let job = Job::Clean { until: format_timestamp(until), min_level: settings.min_level, all };
        if self.jobs.try_send(job).is_err() {
            tracing::warn!("old logs are not removed now: too much is waiting to be written");
        }
        self.urgent.notify_one();
    }

    /// Removes everything, also what is waiting to be written; returns when it is gone.
    pub(super) async fn truncate(&self) -> crate::Result<()> {
        let (done, truncated) = oneshot::channel();
        self.jobs
            .send(Job::Truncate { done })
            .await
            .map_err(|_| Error::internal("nobody writes the logs"))?;
        self.urgent.notify_one();
        Ok(truncated.await.map_err(Error::internal)??)
    }

    /// Writes what is waiting; returns when it is written.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.jobs.send(Job::Close { done }).await.is_ok() {
            self.urgent.notify_one();
            // A task that is gone has nothing to write.
            let _ = closed.await;
        }
    }
}

/// PocketBase's index of messages, which a directory of its own brings along. It serves only those who know a whole
/// message, and each new entry changes another page of it: that is half of what storing an entry costs.
const OUTDATED_INDEX: &str = "idx_logs_message";

struct Writer {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    rows: Vec<Vec<Expr>>,
    lost: Arc<AtomicU64>,
    /// Told when there is something else to do than to wait for more entries.
    urgent: Arc<Notify>,
}

impl Writer {
    async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        let mut jobs = Vec::with_capacity(PORTION);
        // The first job wakes the task. Those that follow only wait in the queue: waking it for each of them would cost
        // as much as writing it.
        while let Some(first) = queue.recv().await {
            let is_entry = matches!(first, Job::Add { .. });
            let mut closing = self.take(first).await;
            if is_entry {
                // Early or late, all that is there then is taken.
                let _ = timeout(PATIENCE, self.urgent.notified()).await;
            }
            while !queue.is_empty() && queue.recv_many(&mut jobs, PORTION).await > 0 {
                for job in jobs.drain(..) {
                    closing = self.take(job).await.or(closing);
                }
                self.flush().await;
            }
            self.flush().await;
            if let Some(done) = closing {
                // Nobody may be waiting any more.
                let _ = done.send(());
            }
        }
    }

    /// Does a job; gives back whom to tell when everything is written.
    async fn take(&mut self, job: Job) -> Option<oneshot::Sender<()>> {
        match job {
            Job::Add { entry, created } => self.rows.push(self.row(entry, created)),
            Job::Clean { until, min_level, all } => {
                self.flush().await;
                if let Err(error) = self.clean(until, min_level, all).await {
                    tracing::warn!(%error, "old logs could not be removed");
                }
            }
            Job::Truncate { done } => {
                // Nobody may be waiting any more.
                let _ = done.send(self.truncate().await);
            }
            Job::Close { done } => return Some(done),
        }
        None
    }

    /// An id that follows those before it: entries that are written together stand together in the index, too.
    fn id(&self) -> String {
        let mut id = String::with_capacity(ID_LENGTH);
        let mut rest = self.clock.now().as_millisecond().unsigned_abs();
        let digits: [u8; TIME_DIGITS] = std::array::from_fn(|_| {
            let digit = rest % 36;
            rest /= 36;
            DIGITS.get(digit as usize).copied().unwrap_or(b'0')
        });
        id.extend(digits.iter().rev().map(|&digit| char::from(digit)));
        id.push_str(&self.entropy.text(ID_LENGTH - TIME_DIGITS, ID_ALPHABET));
        id
    }

    fn row(&self, entry: LogEntry, created: String) -> Vec<Expr> {
        // PostgreSQL has no text with a NUL in it.
        let message = match entry.message.contains('\0') {
            true => entry.message.replace('\0', "\u{fffd}"),
            false => entry.message,
        };
        vec![
            Expr::value(self.id()),
            Expr::value(created),
            Expr::value(entry.level as i64),
            Expr::value(message),
            Expr::value(entry.data),
        ]
    }

    async fn flush(&mut self) {
        let lost = self.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            tracing::warn!(lost, "requests came faster than they could be logged");
        }
        if self.rows.is_empty() {
            return;
        }
        let statements = inserts(std::mem::take(&mut self.rows));
        match self.execute(&statements).await {
            Ok(()) => {}
            // Nothing is wrong with the entries: they wait for the next time.
            Err(error) if is_passing(&error) => {
                self.rows = rows(statements);
                tracing::warn!(%error, waiting = self.rows.len(), "requests cannot be logged now");
                let surplus = self.rows.len().saturating_sub(CAPACITY);
                self.rows.drain(..surplus);
                self.lost.fetch_add(surplus.try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
            }
            Err(error) => self.flush_singly(rows(statements), &error).await,
        }
    }

    /// Writes what can be written of entries of which the database refused one.
    async fn flush_singly(&self, rows: Vec<Vec<Expr>>, reason: &store::Error) {
        let count = rows.len();
        let mut lost = 0;
        for row in rows {
            let short = shortened(&row);
            let mut written = self.execute(&inserts(vec![row])).await;
            if written.is_err() {
                written = self.execute(&inserts(vec![short])).await;
            }
            lost += usize::from(written.is_err());
        }
        tracing::warn!(%reason, count, lost, "not all requests could be logged as they are");
    }

    async fn clean(&self, until: String, min_level: i64, all: bool) -> Result<(), store::Error> {
        let old = Expr::name("created").compare(Comparison::Lte, Expr::value(until));
        let unimportant = Expr::name("level").compare(Comparison::Lt, Expr::value(min_level));
        let delete = Delete { table: LOGS.into(), filter: Some(old.or(unimportant)) };
        self.execute(&[delete.into()]).await?;
        let outdated = DropIndex { name: OUTDATED_INDEX.into(), if_exists: true };
        self.execute(&[outdated.into()]).await?;
        if all { self.store.shrink().await } else { Ok(()) }
    }

    /// Removes everything, and gives the room back.
    async fn truncate(&mut self) -> Result<(), store::Error> {
        self.rows.clear();
        let delete = Delete { table: LOGS.into(), filter: None };
        self.execute(&[delete.into()]).await?;
        self.store.shrink().await
    }

    async fn execute(&self, statements: &[Statement]) -> Result<(), store::Error> {
        let mut transaction = self.store.begin().await?;
        for statement in statements {
            transaction.execute(statement).await?;
        }
        transaction.commit().await
    }
}

/// Whether the same can be written later.
fn is_passing(error: &store::Error) -> bool {
    use store::Error::{Busy, Conflict, Lost, Storage};
    matches!(error, Busy(_) | Conflict(_) | Lost(_) | Storage(_))
}

/// A row with the beginning of its message.
fn shortened(row: &[Expr]) -> Vec<Expr> {
    let mut row = row.to_vec();
    if let Some(Expr::Value(Value::Text(message))) = row.get_mut(MESSAGE) {
        *message = message.chars().take(SHORT_MESSAGE).collect();
    }
    row
}

fn inserts(mut rows: Vec<Vec<Expr>>) -> Vec<Statement> {
    let mut statements = Vec::new();
    for size in ROWS_OF_STATEMENTS {
        while rows.len() >= size {
            let rest = rows.split_off(size);
            let rows = std::mem::replace(&mut rows, rest);
            let columns = COLUMNS.map(Into::into).into();
            statements.push(Insert { table: LOGS.into(), columns, rows, on_conflict: None }.into());
        }
    }
    statements
}

/// The rows of such statements.
fn rows(statements: Vec<Statement>) -> Vec<Vec<Expr>> {
    let rows = |statement| match statement {
        Statement::Insert(insert) => insert.rows,
        _ => Vec::new(),
    };
    statements.into_iter().flat_map(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_is_written_whole_with_few_kinds_of_statements() {
        let rows = |count| vec![vec![Expr::value("x")]; count];
        let sizes = |count| -> Vec<usize> {
            let size = |statement: &Statement| match statement {
                Statement::Insert(insert) => insert.rows.len(),
                _ => 0,
            };
            inserts(rows(count)).iter().map(size).collect()
        };
        assert_eq!(sizes(0), Vec::<usize>::new());
        assert_eq!(sizes(1), [1]);
        assert_eq!(sizes(212), [100, 100, 10, 1, 1]);
    }
}
