//! Filters and sorts on tables that are no collections: logs, and the collections themselves.

use filter::Span;
use filter::sort::SortItem;
use jiff::Timestamp;
use sql::{ColumnType, Expr, Ident, Output, Select, Values};

use crate::compiler::Page;
use crate::condition::{self, Names};
use crate::error::{Error, ErrorKind, Part};
use crate::operand::{Nulls, Operand, Shape};
use crate::selection::Selection;
use crate::sort::Key;
use crate::value::json_segment;

/// A table with names for filters and sorts. There are macros, literals and functions too, but no rules.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// The name in the database.
    pub name: &'static str,
    /// The columns that can be named. Paths lead into those that hold JSON.
    pub columns: &'a [(&'static str, ColumnType)],
}

/// A page of a table's rows.
#[derive(Debug, Clone, Copy)]
pub struct TableList<'a> {
    /// The columns of the result.
    pub columns: &'a [&'static str],
    /// What the client looks for.
    pub filter: Option<&'a filter::Expr>,
    /// In which order.
    pub sort: &'a [SortItem],
    /// At most how many rows.
    pub limit: u64,
    /// How many rows are left out at the start.
    pub offset: u64,
}

impl Table<'_> {
    /// A page of rows, and the number of rows in all. `now` is what `@now` and its like are.
    ///
    /// # Errors
    /// [`Error`] when the filter or the sort cannot be compiled.
    pub fn list(&self, list: &TableList<'_>, now: Timestamp) -> Result<Page, Error> {
        let table = Ident::from(self.name);
        let mut selection = Selection::all(&table);
        if let Some(filter) = list.filter {
            selection.filter(self.condition(filter, now).map_err(|error| error.of(Part::Filter))?);
        }
        let row_id = Expr::RowId { table: Some(table.clone()) };
        let mut names = Scope { table: self, now };
        let keys: Vec<Key> = list
            .sort
            .iter()
            .map(|item| Key::new(&mut names, item, Some(row_id.clone())))
            .collect::<Result<_, _>>()
            .map_err(|error: Error| error.of(Part::Sort))?;
        let output = |name: &&'static str| Output::Expr { expr: Expr::column(&table, *name), alias: None };
        let count = selection.clone().count(false);
        let rows = selection.rows(list.columns.iter().map(output).collect(), keys, false);
        let offset = (list.offset > 0).then_some(list.offset);
        let rows = Select { row_order: Some(table), limit: Some(list.limit), offset, ..rows };
        Ok(Page { rows, count })
    }

    /// The condition that a filter stands for, in a query of this table under its own name.
    ///
    /// # Errors
    /// [`Error`] when the filter cannot be compiled.
    pub fn condition(&self, filter: &filter::Expr, now: Timestamp) -> Result<Expr, Error> {
        condition::condition(&mut Scope { table: self, now }, filter)
    }
}

/// The names of a table at a moment.
struct Scope<'t> {
    table: &'t Table<'t>,
    now: Timestamp,
}

impl Names for Scope<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn path(&mut self, name: &str, span: Span) -> Result<Operand, Error> {
        let (first, rest) = name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)));
        let is_it = |(name, kind): &(&str, ColumnType)| {
            *name == first && (rest.is_none() || *kind == ColumnType::Json)
        };
        let column = self.table.columns.iter().copied().find(is_it);
        let unknown = || {
            let names: Vec<&str> = self.table.columns.iter().map(|(name, _)| *name).collect();
            let expected = format!("one of {}", names.join(", ")).into();
            ErrorKind::UnknownName { expected, name: name.to_owned() }.at(span)
        };
        let (column, kind) = column.ok_or_else(unknown)?;
        let column = Expr::column_of(self.table.name, column, Values::Stored(kind));
        let Some(rest) = rest else {
            return Ok(Operand { own: true, ..Operand::new(Shape::Column(column)) });
        };
        let path = rest.split('.').map(json_segment).collect();
        let value = Expr::JsonExtract { document: Box::new(column), path };
        let mut operand = Operand { own: true, ..Operand::new(Shape::Column(value)) };
        operand.side.nulls = Nulls::Distinct;
        Ok(operand)
    }
}

#[cfg(test)]
mod tests {
    use sql::{Dialect, render};

    use super::*;

    const LOGS: Table<'_> = Table {
        name: "_logs",
        columns: &[
            ("id", ColumnType::Text),
            ("created", ColumnType::Text),
            ("level", ColumnType::Number),
            ("message", ColumnType::Text),
            ("data", ColumnType::Json),
        ],
    };

    fn list(filter: &str, sort: &str) -> Result<Page, Error> {
        let filter = filter::parse(filter).unwrap();
        let sort = filter::sort::parse(sort).unwrap();
        let columns = &["id", "message"];
        let list = TableList { columns, filter: Some(&filter), sort: &sort, limit: 30, offset: 0 };
        LOGS.list(&list, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn columns_and_paths_into_json_are_names() {
        let page = list("data.auth.0:x = 'a' && level > 0 || created < @now", "-@rowid,data.status").unwrap();
        let rows = render(&page.rows, Dialect::Sqlite);
        insta::assert_snapshot!(rows.text, @"SELECT `_logs`.`id`, `_logs`.`message` FROM `_logs` WHERE (((CASE WHEN json_valid(`_logs`.`data`) THEN json_extract(`_logs`.`data`, ?1) END) IS ?2) AND (`_logs`.`level` > ?3)) OR (`_logs`.`created` < ?4) ORDER BY `_logs`._rowid_ DESC, CASE WHEN json_valid(`_logs`.`data`) THEN json_extract(`_logs`.`data`, ?5) END LIMIT ?6");
        insta::assert_snapshot!(render(&page.count, Dialect::Sqlite).text, @"SELECT count(*) FROM `_logs` WHERE (((CASE WHEN json_valid(`_logs`.`data`) THEN json_extract(`_logs`.`data`, ?1) END) IS ?2) AND (`_logs`.`level` > ?3)) OR (`_logs`.`created` < ?4)");
    }

    #[test]
    fn other_names_are_refused() {
        for name in ["rowid", "message.a", "nope", "nope.a", "@request.method", "data:lower"] {
            assert!(list(&format!("{name} = 1"), "id").is_err(), "{name}");
            assert!(list("level = 0", name).is_err(), "{name}");
        }
    }
}
