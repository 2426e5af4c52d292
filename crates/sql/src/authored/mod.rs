//! SQL that superusers write: the queries of views, and the expressions and conditions of indexes.
//!
//! It is SQLite's SQL, whatever the database is: clients see it as it was written.

mod tables;

pub use tables::{ColumnType, Table, Tables};

/// SQL that a superuser wrote, with the tables that it can name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authored {
    /// The text.
    pub text: String,
    /// What its names can stand for.
    pub tables: Tables,
}

impl Authored {
    /// A text that names these tables.
    pub fn new(text: impl Into<String>, tables: &Tables) -> Self {
        Self { text: text.into(), tables: tables.clone() }
    }
}

impl From<&str> for Authored {
    /// A text that names no table.
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), tables: Tables::default() }
    }
}
