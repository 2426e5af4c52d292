use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use parking_lot::Mutex;
use store::Error;
use tokio::sync::oneshot;

use super::spawn;

/// Who waits for a commit to be on the disk.
type Waiting = oneshot::Sender<Result<(), Error>>;

/// Told when a commit is on the disk.
pub(crate) type Flushed = oneshot::Receiver<Result<(), Error>>;

/// How many flushes run at once. One that waits for its turn would wait twice: for the one before it, and for itself.
const FLUSHES: usize = 4;

/// Threads that flush the write-ahead log and then tell those whose commits are in it.
///
/// SQLite appends a commit to the log and, at `synchronous=NORMAL`, leaves it to the operating system when it gets
/// to the disk; in the right order for the file to stay whole. A flush of the log after the commit is all that
/// `synchronous=FULL` adds. Done here, one flush serves all commits before it, and the writer need not wait.
pub(super) struct Flusher {
    committed: Sender<Waiting>,
    threads: Vec<JoinHandle<()>>,
}

impl Flusher {
    /// Starts the threads for the log of the database at `path`. They set `broken` when a flush fails.
    pub(super) fn start(path: &Path, broken: &Arc<AtomicBool>) -> Result<Self, Error> {
        let (committed, waiting) = mpsc::channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let mut name = OsString::from(path);
        name.push("-wal");
        let start = |_| {
            let log = Log { path: PathBuf::from(&name), file: None };
            let (waiting, broken) = (Arc::clone(&waiting), Arc::clone(broken));
            spawn("sqlite-flusher", move || run(log, &waiting, &broken))
        };
        let threads = (0..FLUSHES).map(start).collect::<Result<_, _>>()?;
        Ok(Self { committed, threads })
    }

    /// Has what is committed flushed.
    pub(super) fn flush(&self) -> Result<Flushed, Error> {
        let (waiting, flushed) = oneshot::channel();
        let sent = self.committed.send(waiting);
        sent.map(|()| flushed).map_err(|_| Error::Lost("nobody flushes the log".into()))
    }

    /// Flushes what is left and ends the threads.
    pub(super) fn close(self) {
        drop(self.committed);
        for thread in self.threads {
            // It ends without a panic, or it has said so.
            let _ = thread.join();
        }
    }
}

fn run(mut log: Log, waiting: &Mutex<Receiver<Waiting>>, broken: &AtomicBool) {
    while let Some(batch) = next(waiting) {
        // After a failure a second try could succeed without the pages that were lost, so there is none. A flush that
        // runs beside the one that fails has a file of its own, and is told of the failure as well.
        let flushed = match broken.load(Ordering::Acquire) {
            true => Err(io::Error::other("an earlier flush failed")),
            false => log.flush(),
        };
        let failure = flushed.err().map(|error| format!("flushing {}: {error}", log.path.display()));
        if let Some(failure) = &failure {
            tracing::error!("{failure}");
            broken.store(true, Ordering::Release);
        }
        for one in batch {
            // Whoever gave up waiting needs no answer.
            let _ = one.send(failure.clone().map_or(Ok(()), |failure| Err(Error::Storage(failure))));
        }
    }
}

/// Those who wait now; `None` when nobody will any more. Those who come while the flush runs are for another one: their
/// commits may have missed this one.
fn next(waiting: &Mutex<Receiver<Waiting>>) -> Option<Vec<Waiting>> {
    let waiting = waiting.lock();
    let first = waiting.recv().ok()?;
    Some(std::iter::once(first).chain(waiting.try_iter()).collect())
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
        flusher.flush().unwrap()
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
