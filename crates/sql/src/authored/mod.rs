//! SQL that superusers write: the queries of views, and the expressions and conditions of indexes.
//!
//! It is SQLite's SQL, whatever the database is: clients see it as it was written. For PostgreSQL it is translated,
//! as far as it can be.

mod tables;
mod translate;

pub use tables::{ColumnType, Table, Tables};
pub(crate) use translate::{condition, expression, query};

use crate::Ident;

/// SQL that a superuser wrote, with the tables that it can name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authored {
    /// The text.
    pub text: String,
    /// What its names can stand for.
    pub tables: Tables,
    /// For a query: the names and types that its columns are to have. When there are none, they are its own.
    pub columns: Vec<(Ident, ColumnType)>,
}

impl Authored {
    /// A text that names these tables.
    pub fn new(text: impl Into<String>, tables: &Tables) -> Self {
        Self { text: text.into(), tables: tables.clone(), columns: Vec::new() }
    }

    /// A query with columns of these types.
    #[must_use]
    pub fn with_columns(self, columns: Vec<(Ident, ColumnType)>) -> Self {
        Self { columns, ..self }
    }
}

impl From<&str> for Authored {
    /// A text that names no table.
    fn from(text: &str) -> Self {
        Self::new(text, &Tables::default())
    }
}
