//! What SQLite's errors mean.

use rusqlite::{ErrorCode, ffi};
use store::Error;

/// Puts an error of SQLite in its class.
pub(crate) fn classify(error: &rusqlite::Error) -> Error {
    let (code, message) = match error {
        rusqlite::Error::SqliteFailure(code, message) => (code, message.as_deref()),
        rusqlite::Error::SqlInputError { error, msg, .. } => (error, Some(msg.as_str())),
        _ => return Error::Statement(error.to_string()),
    };
    let text = text(code.extended_code, message);
    // A row that an index cannot have, such as one with the present time in words.
    if message.is_some_and(|message| message.starts_with("non-deterministic use of ")) {
        return Error::Constraint(text);
    }
    match code.code {
        ErrorCode::ConstraintViolation => constraint(code.extended_code, text),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::OperationInterrupted => {
            Error::Busy(text)
        }
        ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => Error::Corrupt(text),
        ErrorCode::CannotOpen
        | ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::ReadOnly
        | ErrorCode::PermissionDenied
        | ErrorCode::OutOfMemory
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::NoLargeFileSupport => Error::Storage(text),
        _ => Error::Statement(text),
    }
}

/// What SQLite says, in the form of [`text`].
pub(crate) fn wording(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(code, message) => text(code.extended_code, message.as_deref()),
        rusqlite::Error::SqlInputError { error, msg, .. } => text(error.extended_code, Some(msg)),
        _ => error.to_string(),
    }
}

/// An error in the form in which PocketBase's driver words it: `SQL logic error: no such column: a (1)`. Superusers
/// see it when a collection cannot be saved.
fn text(extended_code: i32, message: Option<&str>) -> String {
    let class = ffi::code_to_str(extended_code & 0xff);
    match message.filter(|&message| message != class) {
        Some(message) => format!("{class}: {message} ({extended_code})"),
        None => format!("{class} ({extended_code})"),
    }
}

fn constraint(extended_code: i32, text: String) -> Error {
    let unique =
        [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY, ffi::SQLITE_CONSTRAINT_ROWID];
    if !unique.contains(&extended_code) {
        return Error::Constraint(text);
    }
    let (table, columns) = unique_key(&text);
    Error::Unique { table, columns }
}

/// The table and columns in `constraint failed: UNIQUE constraint failed: t.a, t.b (2067)`; an index on an expression is only named there.
fn unique_key(message: &str) -> (String, Vec<String>) {
    let key = message.rsplit_once("constraint failed: ").map_or("", |(_, key)| key);
    let key = key.rsplit_once(" (").map_or(key, |(key, _)| key);
    let mut table = "";
    let mut columns = Vec::new();
    for part in key.split(", ") {
        if let Some((of, column)) = part.split_once('.') {
            table = of;
            columns.push(column.to_owned());
        }
    }
    (table.to_owned(), columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_from_the_message() {
        let key = |message| unique_key(message);
        assert_eq!(
            key("constraint failed: UNIQUE constraint failed: t.a, t.b (2067)"),
            ("t".into(), vec!["a".into(), "b".into()])
        );
        assert_eq!(
            key("constraint failed: UNIQUE constraint failed: index 'idx' (2067)"),
            (String::new(), vec![])
        );
        assert_eq!(key(""), (String::new(), vec![]));
    }

    #[test]
    fn errors_are_worded_as_by_the_driver_of_pocketbase() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)").unwrap();
        let refused = |sql| classify(&connection.execute(sql, []).unwrap_err());
        for (sql, text) in [
            ("CREATE INDEX i ON t (b)", "SQL logic error: no such column: b (1)"),
            ("CREATE INDEX i ON t (", "SQL logic error: incomplete input (1)"),
            ("CREATE INDEX i ON t (a COLLATE b)", "SQL logic error: no such collation sequence: b (257)"),
        ] {
            assert!(matches!(refused(sql), Error::Statement(found) if found == text), "{sql}");
        }
        let unique = refused("INSERT INTO t VALUES (1)");
        assert!(matches!(unique, Error::Unique { table, columns } if table == "t" && columns == ["a"]));
    }
}
