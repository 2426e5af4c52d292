use std::cell::Cell;

use sqlparser::ast::Expr;

use super::quoted;
use super::scope::{Rows, Scope, Source};
use super::term::Term;

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
    /// In which order the rows of a group are looked at: the first one gives the columns that are not the same in all.
    order: String,
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
        Self {
            keys: keys.iter().map(|(expr, _)| written(expr)).collect(),
            columns,
            tables,
            views,
            order: order(scope),
            exempt: Cell::new(0),
        }
    }

    fn has_column(&self, sql: &str) -> bool {
        self.columns.iter().any(|column| column == sql)
            || self.tables.iter().any(|table| sql.starts_with(table))
    }
}

/// In which order SQLite looks at the rows of a group: that with the greatest or the least value comes first where one
/// is asked for, the last one that is, and else the first that was made. Rows without a number come in some order that
/// stays the same.
fn order(scope: &Scope<'_>) -> String {
    let extreme = scope.extremes.borrow().last().map(|(by, greatest)| {
        format!("{} {} NULLS LAST", by.ordered(), if *greatest { "DESC" } else { "ASC" })
    });
    let rows = scope.sources.iter().filter_map(|source| match source.row_number() {
        Some(number) => Some(format!("{} NULLS FIRST", number.sql)),
        None => Some(format!("{}::text COLLATE \"C\" NULLS FIRST", quoted(source.alias.as_deref()?))),
    });
    let parts: Vec<String> = extreme.into_iter().chain(rows).collect();
    if parts.is_empty() { String::new() } else { format!(" ORDER BY {}", parts.join(", ")) }
}

/// An expression in a form that is the same for all ways to write it.
pub(super) fn written(expr: &Expr) -> String {
    expr.to_string().replace(['`', '"', '[', ']'], "").to_lowercase()
}

impl Scope<'_> {
    /// A column, where rows are in groups and it is looked at from outside of them.
    pub(super) fn grouped(&self, column: Term) -> Term {
        let Some(grouping) = self.grouping.as_ref().filter(|grouping| grouping.exempt.get() == 0) else {
            return column;
        };
        if grouping.has_column(&column.sql) {
            return column;
        }
        let is_of_key = grouping.views.iter().any(|view| column.sql.starts_with(view));
        let order = if is_of_key { "" } else { grouping.order.as_str() };
        Term { sql: format!("(array_agg({}{order}))[1]", column.sql), ..column }
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
