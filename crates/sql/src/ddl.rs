//! Statements that change tables. The names that they create are kept by the database as they are.

use crate::{Authored, Ident};

/// Adds a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateTable {
    /// Its name.
    pub name: Ident,
    /// Whether it is no error when it exists.
    pub if_not_exists: bool,
    /// Its columns, in their order.
    pub columns: Vec<ColumnDef>,
}

/// A column of a new table, or a new column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDef {
    /// Its name.
    pub name: Ident,
    /// Its type, default and constraints.
    pub kind: ColumnKind,
}

/// The type, default and constraints of a column. All are `NOT NULL` unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A text primary key; a random one by default.
    RandomId,
    /// A text primary key without a default.
    TextKey,
    /// Text; empty by default.
    Text,
    /// Text without a default; no two rows have the same.
    UniqueText,
    /// Text or null; null by default.
    NullableText,
    /// Text with this default.
    TextOr(&'static str),
    /// Text; by default the current time as `YYYY-MM-DD HH:MM:SS.mmmZ`.
    CurrentTime,
    /// A number; 0 by default.
    Number,
    /// A whole number; 0 by default.
    Integer,
    /// A whole number without a default.
    RequiredInteger,
    /// True or false; false by default.
    Bool,
    /// JSON text or null; null by default.
    Json,
    /// JSON or null, stored as bytes: that is how PocketBase keeps settings.
    JsonBytes,
    /// JSON text; `[]` by default.
    JsonArray,
    /// JSON text; `{}` by default.
    JsonObject,
    /// JSON text `{"lon":0,"lat":0}`; zeros by default.
    GeoPoint,
}

/// Changes the columns of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlterTable {
    /// The table.
    pub table: Ident,
    /// The change.
    pub change: ColumnChange,
}

/// A change of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnChange {
    /// A new column at the end; the rows get its default.
    Add(ColumnDef),
    /// The column and its values go.
    Drop(Ident),
    /// The column gets another name.
    Rename {
        /// The present name.
        from: Ident,
        /// The new name.
        to: Ident,
    },
}

/// Gives a table another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameTable {
    /// The present name.
    pub from: Ident,
    /// The new name.
    pub to: Ident,
}

/// Removes a table with its rows and indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropTable {
    /// The table.
    pub name: Ident,
    /// Whether it is no error when there is none.
    pub if_exists: bool,
}

/// Adds an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateIndex {
    /// Its name.
    pub name: Ident,
    /// The table.
    pub table: Ident,
    /// Whether no two rows may have the same key.
    pub unique: bool,
    /// Whether it is no error when an index of this name exists.
    pub if_not_exists: bool,
    /// What the key consists of.
    pub columns: Vec<IndexColumn>,
    /// The rows in the index, as a condition written by a superuser; `None` for all.
    pub filter: Option<Authored>,
}

/// A part of an index's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    /// What it is.
    pub key: IndexKey,
    /// The name of a collation; `None` for the column's own.
    pub collation: Option<String>,
    /// Whether the order is given; true for descending.
    pub descending: Option<bool>,
}

/// A column or an expression in an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexKey {
    /// A column.
    Column(Ident),
    /// An expression written by a superuser.
    Authored(Authored),
}

/// Removes an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropIndex {
    /// The index.
    pub name: Ident,
    /// Whether it is no error when there is none.
    pub if_exists: bool,
}

/// Adds a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateView {
    /// Its name.
    pub name: Ident,
    /// A query written by a superuser.
    pub query: Authored,
}

/// Removes a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropView {
    /// The view.
    pub name: Ident,
    /// Whether it is no error when there is none.
    pub if_exists: bool,
}
