//! A statement tree with bound values, rendered for SQLite and for PostgreSQL.
//!
//! * [`Select`] and [`Statement`] are what a store runs; [`Expr`] is what they are made of.
//! * [`Catalog`] asks a database about its own tables.
//! * [`render`] turns a tree into text and values. Trees of the same shape give the same text, so that a store can
//!   keep prepared statements by it.
//!
//! A [`Value`] never becomes text, and an [`Ident`] is quoted. The only text taken over was written by a superuser:
//! the query of a view and the expressions of an index ([`Authored`], which is SQLite's SQL and is translated for
//! PostgreSQL), and [`Statement::Authored`].

mod authored;
mod build;
mod catalog;
mod ddl;
mod expr;
mod ident;
mod projection;
mod render;
mod select;
mod setup;
mod statement;
mod value;
mod values;

pub use authored::{Authored, ColumnType, Table, Tables};
pub use catalog::Catalog;
pub use ddl::{
    AlterTable, ColumnChange, ColumnDef, ColumnKind, CreateIndex, CreateTable, CreateView, DropIndex,
    DropTable, DropView, IndexColumn, IndexKey, RenameTable,
};
pub use expr::{Arithmetic, CastType, Comparison, Expr, Function, Literal, PathSegment};
pub use ident::Ident;
pub use projection::Projection;
pub use render::{Dialect, Footprint, Render, Rendered, render};
pub use select::{Join, JoinKind, Order, Output, Select, Source};
pub use setup::POSTGRES_SETUP;
pub use statement::{Delete, Insert, OnConflict, Statement, Update};
pub use value::{Value, ValueRef};
pub use values::Values;
