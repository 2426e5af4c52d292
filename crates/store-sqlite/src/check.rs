use std::path::Path;

use store::Error;

use crate::Options;
use crate::error::classify;
use crate::link::Link;

/// Looks through a database that nobody uses, page by page, and brings what is in its log into it. This blocks.
///
/// # Errors
/// [`Error::Corrupt`] with the first thing that is wrong, [`Error::Storage`] when it cannot be read or written.
pub fn check_file(path: &Path) -> Result<(), Error> {
    let link = Link::open_writer(path, &Options::default())?;
    let found = link.connection().query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match found.map_err(|error| classify(&error))?.as_str() {
        "ok" => Ok(()),
        problem => Err(Error::Corrupt(problem.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn damage_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let link = Link::open_writer(&path, &Options::default()).unwrap();
        link.batch("CREATE TABLE t (x); CREATE INDEX i ON t (x); INSERT INTO t VALUES (1), (2)").unwrap();
        drop(link);
        check_file(&path).unwrap();
        assert!(!folder.path().join("a.db-wal").exists(), "the log is in the file");
        let mut bytes = fs::read(&path).unwrap();
        let page = 4096;
        bytes[page..page + 200].fill(0xff);
        fs::write(&path, &bytes).unwrap();
        assert!(matches!(check_file(&path), Err(Error::Corrupt(_))));
        fs::write(&path, "hello, this is no database but a text that is long enough").unwrap();
        assert!(matches!(check_file(&path), Err(Error::Corrupt(_))));
    }
}
