use crate::{Expr, Select, Source};

/// What a database knows about its own tables, as sources with the same columns everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Catalog {
    /// Tables and views: `name`, `kind` (`table` or `view`), `definition` (the text that made it, or null).
    Tables,
    /// The columns of a table or view, in their order: `name`, `type` (as declared), `required` (0 or 1),
    /// `default` (an SQL text or null), `key` (position in the primary key from 1, or 0).
    Columns {
        /// The table.
        table: String,
    },
    /// Indexes that were created by a statement: `name`, `table`, `definition` (the text that made it).
    Indexes,
}

impl Catalog {
    /// One row if there is a table or view of this name, with letters in any case.
    pub fn exists(name: &str) -> Select {
        Select::from(Source::Catalog(Self::Tables))
            .column(Expr::integer(1))
            .filter(Expr::name("name").lower().eq(Expr::value(name).lower()))
            .limit(1)
    }

    /// `name`, `kind`, `definition` of all tables and views, by name.
    pub fn tables() -> Select {
        Select::from(Source::Catalog(Self::Tables))
            .column(Expr::name("name"))
            .column(Expr::name("kind"))
            .column(Expr::name("definition"))
            .order_by(Expr::name("name"), false)
    }

    /// `name`, `type`, `required`, `default`, `key` of the columns of a table or view, in their order.
    pub fn columns(table: &str) -> Select {
        Select::from(Source::Catalog(Self::Columns { table: table.to_owned() }))
            .column(Expr::name("name"))
            .column(Expr::name("type"))
            .column(Expr::name("required"))
            .column(Expr::name("default"))
            .column(Expr::name("key"))
            .order_by(Expr::name("position"), false)
    }

    /// `name`, `table`, `definition` of the indexes of a table, by name.
    pub fn indexes(table: &str) -> Select {
        Select::from(Source::Catalog(Self::Indexes))
            .column(Expr::name("name"))
            .column(Expr::name("table"))
            .column(Expr::name("definition"))
            .filter(Expr::name("table").lower().eq(Expr::value(table).lower()))
            .order_by(Expr::name("name"), false)
    }
}
