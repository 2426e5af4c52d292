use std::error::Error as StdError;
use std::fmt;

use bytes::{BufMut, BytesMut};
use sql::Value;
use tokio_postgres::types::{IsNull, ToSql, Type};

/// What stands for NUL in a query: no row can have the one, and none has the other, which is not a character.
const NOT_A_CHARACTER: &str = "\u{10ffff}";

/// A value on its way into a statement, without a copy.
pub(crate) struct Bind<'a>(pub(crate) &'a Value);

/// The type under which the server is told of a value; for null it finds one by itself.
pub(crate) fn type_of(value: &Value) -> Type {
    match value {
        Value::Null => Type::UNKNOWN,
        Value::Bool(_) => Type::BOOL,
        Value::Integer(_) => Type::INT8,
        Value::Real(_) => Type::FLOAT8,
        Value::Text(_) => Type::TEXT,
        Value::Blob(_) => Type::BYTEA,
    }
}

/// Whether PostgreSQL has no such text.
pub(crate) fn has_nul(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.contains('\0'))
}

impl ToSql for Bind<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self.0 {
            Value::Null => return Ok(IsNull::Yes),
            Value::Bool(value) => out.put_u8(u8::from(*value)),
            Value::Integer(value) => out.put_i64(*value),
            // SQLite has no zero below zero in its columns.
            Value::Real(value) => out.put_f64(*value + 0.0),
            Value::Text(value) if value.contains('\0') => {
                out.put_slice(value.replace('\0', NOT_A_CHARACTER).as_bytes());
            }
            Value::Text(value) => out.put_slice(value.as_bytes()),
            Value::Blob(value) => out.put_slice(value),
        }
        Ok(IsNull::No)
    }

    /// The statement was prepared with [`type_of`] the same values.
    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        as_type: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        self.to_sql(as_type, out)
    }
}

/// The client writes values to its log.
impl fmt::Debug for Bind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(type_of(self.0).name())
    }
}
