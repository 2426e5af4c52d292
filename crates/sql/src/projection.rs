use std::sync::OnceLock;

use crate::render::Written;
use crate::{Dialect, Expr, Ident, Values};

/// Columns of one table that queries select together, again and again. They are put together once, and what they are in
/// the text of a statement is written once for each kind of database.
#[derive(Debug)]
pub struct Projection {
    columns: Vec<Expr>,
    sqlite: OnceLock<Written>,
    postgres: OnceLock<Written>,
}

impl Projection {
    /// Columns of a table, by its name or the alias under which it is read, each with what is known of its values.
    pub fn new(table: &Ident, columns: impl IntoIterator<Item = (Ident, Values)>) -> Self {
        let column = |(name, values)| Expr::Column { table: Some(table.clone()), name, values };
        let columns = columns.into_iter().map(column).collect();
        Self { columns, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// The columns, each as it is named in the query.
    pub fn columns(&self) -> &[Expr] {
        &self.columns
    }

    /// The columns as text, with commas between. No value is in it, so that it is the same wherever it stands.
    pub(crate) fn written(&self, dialect: Dialect) -> &Written {
        let written = match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::Postgres => &self.postgres,
        };
        written.get_or_init(|| Written::results(&self.columns, dialect))
    }
}

/// Equal when the columns are.
impl PartialEq for Projection {
    fn eq(&self, other: &Self) -> bool {
        self.columns == other.columns
    }
}
