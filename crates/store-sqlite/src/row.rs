use rusqlite::types::ValueRef as SqliteRef;
use sql::ValueRef;
use store::Row;

/// A row of SQLite, read without a copy.
pub(crate) struct SqliteRow<'a, 'statement>(pub(crate) &'a rusqlite::Row<'statement>);

impl Row for SqliteRow<'_, '_> {
    fn get(&self, column: usize) -> ValueRef<'_> {
        match self.0.get_ref(column) {
            Ok(SqliteRef::Integer(value)) => ValueRef::Integer(value),
            Ok(SqliteRef::Real(value)) => ValueRef::Real(value),
            // SQLite does not check that text is UTF-8.
            Ok(SqliteRef::Text(bytes)) => {
                std::str::from_utf8(bytes).map_or(ValueRef::Blob(bytes), ValueRef::Text)
            }
            Ok(SqliteRef::Blob(bytes)) => ValueRef::Blob(bytes),
            Ok(SqliteRef::Null) | Err(_) => ValueRef::Null,
        }
    }

    fn len(&self) -> usize {
        self.0.as_ref().column_count()
    }
}
