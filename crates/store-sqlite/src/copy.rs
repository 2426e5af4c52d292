use std::fs::File;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use store::Error;

use crate::Options;
use crate::error::classify;
use crate::link::Link;

/// All pages are copied in one go: writers are not held up by that, and between two goes they would make it begin anew.
const ALL: i32 = -1;

/// Writes a copy of a database, with what is still in its log, to a file that is not there yet, and brings it to the
/// disk. Others may go on using the database: the copy is what it was at one moment. This blocks.
///
/// # Errors
/// [`Error::Storage`] when the copy cannot be written, [`Error::Corrupt`] when there is no database to be copied.
pub fn copy_file(from: &Path, to: &Path) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::Storage(format!("{}: {error}", to.display()));
    let source = Link::open_reader(from, &Options::default())?;
    File::create_new(to).map_err(failed)?;
    let copied = copy(source.connection(), to).map_err(|error| classify(&error));
    let copied = copied.and_then(|()| File::open(to).and_then(|file| file.sync_all()).map_err(failed));
    if copied.is_err() {
        // Half a copy looks like one. That it cannot be removed either adds nothing to the error.
        let _ = std::fs::remove_file(to);
    }
    copied
}

fn copy(source: &Connection, to: &Path) -> rusqlite::Result<()> {
    let mut target = Connection::open(to)?;
    match Backup::new(source, &mut target)?.step(ALL)? {
        StepResult::Done => Ok(()),
        _ => Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_log_is_copied_and_no_file_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a.db"), folder.path().join("b.db"));
        let writer = Link::open_writer(&from, &Options::default()).unwrap();
        writer.batch("CREATE TABLE t (x); INSERT INTO t VALUES (1), (2)").unwrap();
        copy_file(&from, &to).unwrap();
        writer.batch("DELETE FROM t").unwrap();
        let rows = |path: &Path| {
            let connection = Connection::open(path).unwrap();
            connection.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0)).unwrap()
        };
        assert_eq!((rows(&from), rows(&to)), (0, 2));
        assert!(matches!(copy_file(&from, &to), Err(Error::Storage(_))));
        assert_eq!(rows(&to), 2);
    }

    #[test]
    fn what_is_no_database_leaves_no_copy() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a.db"), folder.path().join("b.db"));
        std::fs::write(&from, "not a database, but long enough to look like one to somebody").unwrap();
        assert!(matches!(copy_file(&from, &to), Err(Error::Corrupt(_))));
        assert!(!to.exists());
    }
}
