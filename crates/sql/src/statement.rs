use crate::{
    AlterTable, CreateIndex, CreateTable, CreateView, DropIndex, DropTable, DropView, Expr, Ident,
    RenameTable,
};

/// A statement that changes data or tables.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// Adds rows.
    Insert(Insert),
    /// Changes rows.
    Update(Update),
    /// Removes rows.
    Delete(Delete),
    /// Adds a table.
    CreateTable(CreateTable),
    /// Adds, drops or renames a column.
    AlterTable(AlterTable),
    /// Gives a table another name.
    RenameTable(RenameTable),
    /// Removes a table.
    DropTable(DropTable),
    /// Adds an index.
    CreateIndex(CreateIndex),
    /// Removes an index.
    DropIndex(DropIndex),
    /// Adds a view.
    CreateView(CreateView),
    /// Removes a view.
    DropView(DropView),
    /// A statement written by a superuser, or one that the database's own catalogue gave, used as it is.
    Authored(String),
}

/// Adds rows to a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    /// The table.
    pub table: Ident,
    /// The columns that get values; the others get their defaults.
    pub columns: Vec<Ident>,
    /// The values, row by row, in the order of the columns.
    pub rows: Vec<Vec<Expr>>,
    /// What happens when a row with the same key exists; `None` for an error.
    pub on_conflict: Option<OnConflict>,
}

/// What happens when a row with the same key exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnConflict {
    /// The columns of the key.
    pub key: Vec<Ident>,
    /// The columns of the existing row that take the new values; when there are none, the new row is left out.
    pub update: Vec<Ident>,
}

/// Changes the rows of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The table.
    pub table: Ident,
    /// Columns and their new values.
    pub set: Vec<(Ident, Expr)>,
    /// Which rows; `None` for all.
    pub filter: Option<Expr>,
}

/// Removes rows from a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// The table.
    pub table: Ident,
    /// Which rows; `None` for all.
    pub filter: Option<Expr>,
}

macro_rules! into_statement {
    ($($name:ident),*) => {$(
        impl From<$name> for Statement {
            fn from(statement: $name) -> Self {
                Self::$name(statement)
            }
        }
    )*};
}

into_statement!(
    Insert,
    Update,
    Delete,
    CreateTable,
    AlterTable,
    RenameTable,
    DropTable,
    CreateIndex,
    DropIndex,
    CreateView,
    DropView
);
