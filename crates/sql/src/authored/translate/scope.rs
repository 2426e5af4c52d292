use std::cell::{Cell, RefCell};

use sqlparser::ast::{Expr, Ident};

use super::super::{ColumnType, Table, Tables};
use super::Result;
use super::error::Untranslatable;
use super::grouping::Grouping;
use super::quoted;
use super::term::{Affinity, Kind, Term};

/// The names that the number of a row goes by.
const ROW_IDS: [&str; 3] = ["rowid", "_rowid_", "oid"];

/// A column of a table or of the result of a query.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) affinity: Affinity,
}

/// Where rows come from.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The name it goes by; `None` when it has none and needs none.
    pub(super) alias: Option<String>,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Rows,
}

/// What is known of the rows of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    /// They have numbers, and the column `id` is their key.
    Table,
    /// No two have the same `id`.
    View,
    Unknown,
}

/// What names mean in a part of a query.
#[derive(Debug, Default)]
pub(super) struct Scope<'p> {
    pub(super) sources: Vec<Source>,
    /// The names of columns that a join has made one of two, in lower case.
    pub(super) merged: Vec<String>,
    /// The columns of the result that have names.
    pub(super) aliases: Vec<(&'p str, &'p Expr)>,
    /// Whether those names can be used.
    pub(super) sees_aliases: Cell<bool>,
    pub(super) grouping: Option<Grouping>,
    /// The aggregate functions `min` and `max` that were met, with whether it was `max`.
    pub(super) extremes: RefCell<Vec<(Term, bool)>>,
    pub(super) has_aggregates: Cell<bool>,
    pub(super) parent: Option<&'p Scope<'p>>,
}

/// What a name means.
pub(super) enum Meaning<'p> {
    Value(Term),
    /// A column of the result.
    Alias(&'p Expr),
}

impl Column {
    pub(super) fn new(name: impl Into<String>, kind: Kind, affinity: Affinity) -> Self {
        Self { name: name.into(), kind, affinity }
    }

    /// The column of a source.
    pub(super) fn term(&self, source: &str) -> Term {
        let sql = format!("{}.{}", quoted(source), quoted(&self.name));
        Term::new(sql, self.kind).with_affinity(self.affinity)
    }

    fn of_table(name: &str, kind: ColumnType) -> Self {
        let (kind, affinity) = match kind {
            ColumnType::Text => (Kind::Text, Affinity::Text),
            ColumnType::Number => (Kind::Numeric, Affinity::Numeric),
            ColumnType::Bool => (Kind::Bool, Affinity::Numeric),
            ColumnType::Json => (Kind::Json, Affinity::Numeric),
        };
        Self::new(name, kind, affinity)
    }
}

impl Source {
    pub(super) fn of_table(table: &Table, alias: Option<String>) -> Self {
        let columns = table.columns.iter().map(|(name, kind)| Column::of_table(name, *kind)).collect();
        Self { alias, columns, rows: if table.is_view { Rows::View } else { Rows::Table } }
    }

    pub(super) fn term(&self, column: &Column) -> Term {
        match &self.alias {
            Some(alias) => column.term(alias),
            None => Term::new(quoted(&column.name), column.kind).with_affinity(column.affinity),
        }
    }

    /// The number of its row.
    pub(super) fn row_number(&self) -> Option<Term> {
        let alias = self.alias.as_deref().filter(|_| self.rows == Rows::Table)?;
        Some(Term::integer(format!("{}.\"_rowid_\"", quoted(alias))))
    }

    fn is_named(&self, name: &str) -> bool {
        self.alias.as_ref().is_some_and(|alias| alias.eq_ignore_ascii_case(name))
    }

    fn column(&self, name: &str) -> Option<Term> {
        let name = name.to_lowercase();
        let column = self.columns.iter().find(|column| column.name.to_lowercase() == name);
        column
            .map(|column| self.term(column))
            .or_else(|| self.row_number().filter(|_| ROW_IDS.contains(&name.as_str())))
    }
}

impl<'p> Scope<'p> {
    /// What names mean in an index of the only table.
    pub(super) fn of_index(tables: &Tables) -> Self {
        let sources = tables.only().map(|table| Source::of_table(table, None)).into_iter().collect();
        Self { sources, ..Self::default() }
    }

    pub(super) fn within(parent: Option<&'p Scope<'p>>) -> Self {
        Self { parent, ..Self::default() }
    }

    /// What a name means here, or in what is around.
    pub(super) fn meaning(&self, path: &[Ident]) -> Result<Option<Meaning<'_>>> {
        let (table, name) = match path {
            [name] => (None, name),
            [table, name] | [_, table, name] => (Some(table), name),
            _ => return Ok(None),
        };
        if let Some(term) = self.own(table.map(|table| table.value.as_str()), &name.value)? {
            return Ok(Some(Meaning::Value(self.grouped(term))));
        }
        if table.is_none()
            && self.sees_aliases.get()
            && let Some((_, expr)) = self.alias(&name.value)
        {
            return Ok(Some(Meaning::Alias(expr)));
        }
        match self.parent {
            Some(parent) => parent.meaning(path),
            None => Ok(None),
        }
    }

    /// The column of the result that has this name.
    pub(super) fn alias(&self, name: &str) -> Option<(&'p str, &'p Expr)> {
        self.aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)).copied()
    }

    fn own(&self, table: Option<&str>, name: &str) -> Result<Option<Term>> {
        let named = |source: &&Source| table.is_none_or(|table| source.is_named(table));
        let mut found = self.sources.iter().filter(named).filter_map(|source| source.column(name));
        let Some(first) = found.next() else { return Ok(None) };
        if found.next().is_none() {
            return Ok(Some(first));
        }
        if table.is_none() && self.merged.contains(&name.to_lowercase()) {
            return Ok(Some(Term { sql: quoted(name), ..first }));
        }
        let path = table.map(|table| format!("{table}.")).unwrap_or_default();
        Err(Untranslatable::Ambiguous(format!("{path}{name}")))
    }
}
