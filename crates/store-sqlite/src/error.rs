//! What SQLite's errors mean.

use rusqlite::{ErrorCode, ffi};
use store::Error;

/// Puts an error of SQLite in its class.
pub(crate) fn classify(error: &rusqlite::Error) -> Error {
    let text = error.to_string();
    let Some(code) = error.sqlite_error() else {
        return Error::Statement(text);
    };
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

fn constraint(extended_code: i32, text: String) -> Error {
    let unique =
        [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_CONSTRAINT_PRIMARYKEY, ffi::SQLITE_CONSTRAINT_ROWID];
    if !unique.contains(&extended_code) {
        return Error::Constraint(text);
    }
    let (table, columns) = unique_key(&text);
    Error::Unique { table, columns }
}

/// The table and columns in `UNIQUE constraint failed: t.a, t.b`; an index on an expression is only named there.
fn unique_key(message: &str) -> (String, Vec<String>) {
    let key = message.split_once("constraint failed: ").map_or("", |(_, key)| key);
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
        assert_eq!(key("UNIQUE constraint failed: t.a, t.b"), ("t".into(), vec!["a".into(), "b".into()]));
        assert_eq!(key("UNIQUE constraint failed: index 'idx'"), (String::new(), vec![]));
        assert_eq!(key(""), (String::new(), vec![]));
    }
}
