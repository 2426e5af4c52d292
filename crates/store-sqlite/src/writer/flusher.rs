use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use store::Error;
use tokio::sync::oneshot;

use super::spawn;

/// Who waits for a commit to be on the disk.
type Waiting = oneshot::Sender<Result<(), Error>>;

/// Told when a commit is on the disk.
pub(crate) type Flushed = oneshot::Receiver<Result<(), Error>>;

/// How many flushes run at once.
const FLUSHES: usize = 4;

/// How long a flush may take before another one begins beside it. Most are over by then, and what waits for the next one
/// shares it; on a slow disk it would wait twice: for the one before it, and for its own.
const OVERLAP: Duration = Duration::from_millis(1);

/// Threads that flush the write-ahead log and then tell those whose commits are in it.
///
/// SQLite appends a commit to the log and, at `synchronous=NORMAL`, leaves it to the operating system when it gets
/// to the disk; in the right order for the file to stay whole. A flush of the log after the commit is all that
/// `synchronous=FULL` adds. Done here, one flush serves all commits before it, and the writer need not wait.
pub(super) struct Flusher {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    /// Whether a flush failed: then nobody knows what is on the disk.
    broken: Arc<AtomicBool>,
}

#[derive(Default)]
struct Queue {
    /// Those who wait for the next flush. What they wait for is committed.
    waiting: Vec<Waiting>,
    closed: bool,
    /// How many threads flush.
    flushing: usize,
    /// How many threads wait for nobody to wake them: they flush, or will look again by themselves.
    awake: usize,
    /// When the last flush began.
    begun: Option<Instant>,
}

impl Flusher {
    /// Starts the threads for the log of the database at `path`. They set `broken` when a flush fails.
    pub(super) fn start(path: &Path, broken: &Arc<AtomicBool>) -> Result<Self, Error> {
        let mut name = OsString::from(path);
        name.push("-wal");
        let queue = Mutex::new(Queue { awake: FLUSHES, ..Queue::default() });
        let shared = Arc::new(Shared { queue, broken: Arc::clone(broken), ..Shared::default() });
        let mut flusher = Self { shared, threads: Vec::new() };
        for _ in 0..FLUSHES {
            let log = Log { path: PathBuf::from(&name), file: None };
            let shared = Arc::clone(&flusher.shared);
            flusher.threads.push(spawn("sqlite-flusher", move || shared.run(log))?);
        }
        Ok(flusher)
    }

    /// Has what is committed flushed.
    pub(super) fn flush(&self) -> Flushed {
        let (waiting, flushed) = oneshot::channel();
        let mut queue = self.shared.queue.lock();
        queue.waiting.push(waiting);
        if queue.awake == queue.flushing {
            self.shared.changed.notify_one();
        }
        flushed
    }

    /// Flushes what is left and ends the threads.
    pub(super) fn close(mut self) {
        self.shared.close();
        for thread in mem::take(&mut self.threads) {
            // It ends without a panic, or it has said so.
            let _ = thread.join();
        }
    }
}

impl Drop for Flusher {
    fn drop(&mut self) {
        self.shared.close();
    }
}

impl Shared {
    fn close(&self) {
        self.queue.lock().closed = true;
        self.changed.notify_all();
    }

    fn run(&self, mut log: Log) {
        while let Some(batch) = self.next() {
            // After a failure a second try could succeed without the pages that were lost, so there is none. A flush
            // that runs beside the one that fails has a file of its own, and is told of the failure as well.
            let flushed = match self.broken.load(Ordering::Acquire) {
                true => Err(io::Error::other("an earlier flush failed")),
                false => log.flush(),
            };
            let failure = flushed.err().map(|error| format!("flushing {}: {error}", log.path.display()));
            if let Some(failure) = &failure {
                tracing::error!("{failure}");
                self.broken.store(true, Ordering::Release);
            }
            self.queue.lock().flushing -= 1;
            for one in batch {
                // Whoever gave up waiting needs no answer.
                let _ = one.send(failure.clone().map_or(Ok(()), |failure| Err(Error::Storage(failure))));
            }
        }
    }

    /// Those who wait now, for a flush that begins now; `None` when nobody will any more. Those who come while it runs
    /// are for another one: their commits may have missed this one.
    fn next(&self) -> Option<Vec<Waiting>> {
        let mut queue = self.queue.lock();
        loop {
            let now = Instant::now();
            let beside = queue.begun.filter(|_| queue.flushing > 0).map(|begun| begun + OVERLAP);
            match beside {
                _ if queue.waiting.is_empty() => {
                    queue.awake -= 1;
                    if queue.closed {
                        return None;
                    }
                    self.changed.wait(&mut queue);
                    queue.awake += 1;
                }
                Some(beside) if now < beside => {
                    self.changed.wait_until(&mut queue, beside);
                }
                _ => {
                    (queue.begun, queue.flushing) = (Some(now), queue.flushing + 1);
                    return Some(mem::take(&mut queue.waiting));
                }
            }
        }
    }
}

/// The write-ahead log. It stays the same file for as long as the write connection is open.
struct Log {
    path: PathBuf,
    file: Option<File>,
}

impl Log {
    fn flush(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            // Windows flushes only a file that is open for writing.
            none => none.insert(File::options().read(true).write(true).open(&self.path)?),
        };
        file.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flusher(folder: &Path) -> (Flusher, Arc<AtomicBool>) {
        let broken = Arc::<AtomicBool>::default();
        (Flusher::start(&folder.join("data.db"), &broken).unwrap(), broken)
    }

    fn ask(flusher: &Flusher) -> Flushed {
        flusher.flush()
    }

    #[test]
    fn everybody_is_answered_before_it_closes() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("data.db-wal"), "").unwrap();
        let (flusher, broken) = flusher(folder.path());
        let results: Vec<_> = (0..100).map(|_| ask(&flusher)).collect();
        flusher.close();
        for result in results {
            assert!(matches!(result.blocking_recv(), Ok(Ok(()))));
        }
        assert!(!broken.load(Ordering::Relaxed));
    }

    #[test]
    fn after_a_failure_nothing_is_believed_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let (flusher, broken) = flusher(folder.path());
        assert!(matches!(ask(&flusher).blocking_recv(), Ok(Err(Error::Storage(_)))));
        std::fs::write(folder.path().join("data.db-wal"), "").unwrap();
        assert!(matches!(ask(&flusher).blocking_recv(), Ok(Err(Error::Storage(_)))));
        assert!(broken.load(Ordering::Relaxed));
        flusher.close();
    }
}
