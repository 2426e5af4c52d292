use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef as SqliteRef};
use sql::Value;

/// A value on its way into a statement, without a copy.
pub(crate) struct Bind<'a>(pub(crate) &'a Value);

impl ToSql for Bind<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => SqliteRef::Null,
            Value::Bool(value) => SqliteRef::Integer(i64::from(*value)),
            Value::Integer(value) => SqliteRef::Integer(*value),
            Value::Real(value) => SqliteRef::Real(*value),
            Value::Text(value) => SqliteRef::Text(value.as_bytes()),
            Value::Blob(value) => SqliteRef::Blob(value),
        }))
    }
}
