use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use store::Error;
use tokio::sync::oneshot;

use super::spawn;

/// Who waits for a commit to be on the disk.
type Waiting = oneshot::Sender<Result<(), Error>>;

/// A thread that flushes the write-ahead log and then tells those whose commits are in it.
///
/// SQLite appends a commit to the log and, at `synchronous=NORMAL`, leaves it to the operating system when it gets
/// to the disk; in the right order for the file to stay whole. A flush of the log after the commit is all that
/// `synchronous=FULL` adds. Done here, one flush serves all commits before it, and the writer need not wait.
pub(super) struct Flusher {
    committed: Sender<Waiting>,
    thread: JoinHandle<()>,
}

impl Flusher {
    /// Starts the thread for the log of the database at `path`. It sets `broken` when a flush fails.
    pub(super) fn start(path: &Path, broken: Arc<AtomicBool>) -> Result<Self, Error> {
        let (committed, waiting) = mpsc::channel();
        let mut name = OsString::from(path);
        name.push("-wal");
        let log = Log { path: PathBuf::from(name), file: None };
        let thread = spawn("sqlite-flusher", move || run(log, &waiting, &broken))?;
        Ok(Self { committed, thread })
    }

    /// Replies to `waiting` after the next flush. What it waits for is committed.
    pub(super) fn flush(&self, waiting: Waiting) {
        if let Err(mpsc::SendError(waiting)) = self.committed.send(waiting) {
            // Whoever gave up waiting needs no answer.
            let _ = waiting.send(Err(Error::Lost("nobody flushes the log".into())));
        }
    }

    /// Flushes what is left and ends the thread.
    pub(super) fn close(self) {
        drop(self.committed);
        // It ends without a panic, or it has said so.
        let _ = self.thread.join();
    }
}

fn run(mut log: Log, waiting: &Receiver<Waiting>, broken: &AtomicBool) {
    let mut failure: Option<String> = None;
    while let Ok(first) = waiting.recv() {
        // Those who come while the flush runs are for the next one: their commits may have missed this one.
        let batch: Vec<Waiting> = std::iter::once(first).chain(waiting.try_iter()).collect();
        // After a failure a second try could succeed without the pages that were lost, so there is none.
        if failure.is_none()
            && let Err(error) = log.flush()
        {
            let text = format!("flushing {}: {error}", log.path.display());
            tracing::error!("{text}");
            broken.store(true, Ordering::Relaxed);
            failure = Some(text);
        }
        for one in batch {
            // Whoever gave up waiting needs no answer.
            let _ = one.send(failure.clone().map_or(Ok(()), |failure| Err(Error::Storage(failure))));
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
        (Flusher::start(&folder.join("data.db"), Arc::clone(&broken)).unwrap(), broken)
    }

    fn ask(flusher: &Flusher) -> oneshot::Receiver<Result<(), Error>> {
        let (waiting, result) = oneshot::channel();
        flusher.flush(waiting);
        result
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
