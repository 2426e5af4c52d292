use std::cell::Cell;

use sqlparser::ast::Expr;

use super::error::Untranslatable;
use super::scope::{Rows, Scope, Source};
use super::term::Term;
use super::{Result, quoted};

/// The groups that rows were put into.
#[derive(Debug)]
pub(super) struct Grouping {
    /// The expressions that are the same in all rows of a group, as they are written.
    keys: Vec<String>,
    /// The columns by which rows are grouped, as PostgreSQL knows them.
    columns: Vec<String>,
    /// The beginnings of the names of all columns of a table, the key of which is the same in all rows of a group.
    tables: Vec<String>,
    /// The same for views, of whose keys PostgreSQL does not know.
    views: Vec<String>,
    /// The value of which the greatest or the least is asked for: the row that has it gives the other columns.
    extreme: Option<(Term, bool)>,
    /// How deep we are inside of what may look at single rows.
    exempt: Cell<usize>,
}

impl Grouping {
    pub(super) fn new(keys: &[(&Expr, Term)], scope: &Scope<'_>) -> Self {
        let columns: Vec<String> = keys.iter().map(|(_, term)| term.sql.clone()).collect();
        let is_key = |prefix: &String| columns.contains(&format!("{prefix}\"id\""));
        let with_key = |rows: Rows| -> Vec<String> {
            let sources = scope.sources.iter().filter(|source| source.rows == rows);
            let prefix = |source: &Source| Some(format!("{}.", quoted(source.alias.as_deref()?)));
            sources.filter_map(prefix).filter(is_key).collect()
        };
        let (tables, views) = (with_key(Rows::Table), with_key(Rows::View));
        let extremes = scope.extremes.borrow();
        Self {
            keys: keys.iter().map(|(expr, _)| written(expr)).collect(),
            columns,
            tables,
            views,
            extreme: extremes.first().filter(|first| extremes.iter().all(|other| other == *first)).cloned(),
            exempt: Cell::new(0),
        }
    }

    fn has_column(&self, sql: &str) -> bool {
        self.columns.iter().any(|column| column == sql)
            || self.tables.iter().any(|table| sql.starts_with(table))
    }
}

/// An expression in a form that is the same for all ways to write it.
pub(super) fn written(expr: &Expr) -> String {
    expr.to_string().replace(['`', '"', '[', ']'], "").to_lowercase()
}

impl Scope<'_> {
    /// A column, where rows are in groups and it is looked at from outside of them.
    pub(super) fn grouped(&self, column: Term, name: &str) -> Result<Term> {
        let Some(grouping) = self.grouping.as_ref().filter(|grouping| grouping.exempt.get() == 0) else {
            return Ok(column);
        };
        if grouping.has_column(&column.sql) {
            return Ok(column);
        }
        if grouping.views.iter().any(|view| column.sql.starts_with(view)) {
            return Ok(Term { sql: format!("(array_agg({}))[1]", column.sql), ..column });
        }
        let Some((by, greatest)) = &grouping.extreme else {
            return Err(Untranslatable::Bare(name.to_owned()));
        };
        let order = if *greatest { "DESC" } else { "ASC" };
        let sql = format!("(array_agg({} ORDER BY {} {order} NULLS LAST))[1]", column.sql, by.ordered());
        Ok(Term { sql, ..column })
    }

    /// Whether an expression is the same in all rows of a group.
    pub(super) fn is_key(&self, expr: &Expr) -> bool {
        let grouping = self.grouping.as_ref().filter(|grouping| grouping.exempt.get() == 0);
        grouping.is_some_and(|grouping| grouping.keys.contains(&written(expr)))
    }

    /// Does something that looks at single rows.
    pub(super) fn in_rows<T>(&self, work: impl FnOnce() -> T) -> T {
        let Some(grouping) = &self.grouping else { return work() };
        grouping.exempt.set(grouping.exempt.get() + 1);
        let result = work();
        grouping.exempt.set(grouping.exempt.get() - 1);
        result
    }
}
