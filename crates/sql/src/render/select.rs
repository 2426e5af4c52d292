use std::borrow::Cow;

use super::class::Class;
use super::form::Form;
use super::{Dialect, Renderer, Written};
use crate::{
    ColumnType, Expr, Function, Ident, Join, JoinKind, Order, Output, Select, Source, Value, Values,
};

impl<'a> Renderer<'a> {
    pub(super) fn select(&mut self, select: &'a Select) {
        self.query(select, None);
    }

    /// Writes a query whose first column is an operand in a form.
    pub(super) fn select_as(&mut self, select: &'a Select, form: Form) {
        self.query(select, Some(form));
    }

    fn query(&mut self, select: &'a Select, form: Option<Form>) {
        if !select.with.is_empty() {
            self.push("WITH ");
            self.list(&select.with, |renderer, (name, query)| {
                renderer.ident(name);
                renderer.push(" AS (");
                renderer.select(query);
                renderer.push(")");
            });
            self.push(" ");
        }
        let is_ordered =
            !select.order_by.is_empty() || select.row_order.is_some() || select.key_order.is_some();
        if select.distinct && is_ordered && self.dialect == Dialect::Postgres {
            self.distinct_in_order(select);
        } else {
            self.push(if select.distinct { "SELECT DISTINCT " } else { "SELECT " });
            self.outputs(&select.columns, form);
            self.rows(select);
        }
        self.order(select);
        self.window(select.limit, select.offset);
    }

    /// Writes a query of different rows without their order: PostgreSQL orders different rows only by what is selected.
    fn distinct_in_order(&mut self, select: &'a Select) {
        self.push("SELECT ");
        let (Some(source @ Source::Table { .. }), Some(table)) = (&select.from, &select.row_order) else {
            self.push("* FROM (SELECT DISTINCT ");
            self.outputs(&select.columns, None);
            self.rows(select);
            self.push(")");
            return match select.from.as_ref().and_then(Source::name) {
                Some(name) => self.alias(name),
                None => self.push(" AS \"rows\""),
            };
        };
        self.outputs(&select.columns, None);
        self.push(" FROM ");
        self.source(source);
        self.push(" WHERE ");
        self.row_id(table);
        self.push(" IN (SELECT ");
        self.row_id(table);
        self.rows(select);
        self.push(")");
    }

    fn row_id(&mut self, table: &Ident) {
        self.ident(table);
        self.push("._rowid_");
    }

    fn outputs(&mut self, outputs: &'a [Output], first: Option<Form>) {
        let forms = std::iter::once(first).chain(std::iter::repeat(None));
        self.list(outputs.iter().zip(forms), |renderer, (output, form)| renderer.output(output, form));
    }

    /// Writes where the rows come from.
    fn rows(&mut self, select: &'a Select) {
        if let Some(source) = &select.from {
            self.push(" FROM ");
            self.source(source);
        }
        for join in &select.joins {
            self.join(join);
        }
        self.filter(select.filter.as_ref());
        if !select.group_by.is_empty() {
            self.push(" GROUP BY ");
            self.list(&select.group_by, Self::expr);
        }
    }

    pub(super) fn filter(&mut self, filter: Option<&'a Expr>) {
        if let Some(filter) = filter {
            self.push(" WHERE ");
            self.expr(filter);
        }
    }

    fn output(&mut self, output: &'a Output, form: Option<Form>) {
        match output {
            Output::Expr { expr, alias } => {
                match form {
                    Some(form) => self.form(expr, form),
                    None => self.result(expr),
                }
                if let Some(alias) = alias {
                    self.push(" AS ");
                    self.ident(alias);
                }
            }
            Output::Shared(columns) => {
                let Written { text, renamed } = columns.written(self.dialect);
                self.push(text);
                self.renamed.extend_from_slice(renamed);
            }
            Output::All(Some(source)) => {
                self.ident(source);
                self.push(".*");
            }
            Output::All(None) => self.push("*"),
        }
    }

    /// Writes a value that leaves the query. What comes out of JSON is text then.
    pub(super) fn result(&mut self, expr: &'a Expr) {
        match (self.dialect, Class::of(expr)) {
            // Without a type, PostgreSQL has none for null.
            (Dialect::Postgres, Class::Null) => {
                self.push("CAST(");
                self.expr(expr);
                self.push(" AS TEXT)");
            }
            (Dialect::Postgres, Class::Dynamic) => self.form(expr, Form::Text),
            _ => self.expr(expr),
        }
    }

    fn join(&mut self, join: &'a Join) {
        match join.kind {
            JoinKind::Left => self.push(" LEFT JOIN "),
            JoinKind::Inner => self.push(" JOIN "),
            // SQLite takes CROSS JOIN as an order to keep the order of the tables.
            JoinKind::Cross => self.push_either(" JOIN ", " CROSS JOIN "),
        }
        self.source(&join.source);
        if let Some(on) = &join.on {
            self.push(" ON ");
            self.expr(on);
        } else if join.kind != JoinKind::Cross {
            self.push_either("", " ON TRUE");
        }
    }

    fn order(&mut self, select: &'a Select) {
        let is_postgres = self.dialect == Dialect::Postgres;
        let row_order = select.row_order.as_ref().filter(|_| is_postgres);
        let key_order = select.key_order.as_ref().filter(|_| is_postgres);
        if select.order_by.is_empty() && row_order.is_none() && key_order.is_none() {
            return;
        }
        self.push(" ORDER BY ");
        let table = select.from.as_ref().and_then(Source::name);
        self.list(&select.order_by, |renderer, order| renderer.key(order, table));
        if let Some(table) = row_order {
            self.push(if select.order_by.is_empty() { "" } else { ", " });
            self.row_id(table);
        }
        if let Some(key) = key_order {
            self.push(if select.order_by.is_empty() && row_order.is_none() { "" } else { ", " });
            self.expr(key);
        }
    }

    /// Writes a part of an order. `table` is the source whose rows are ordered, not one that is joined to it.
    fn key(&mut self, order: &'a Order, table: Option<&Ident>) {
        match (self.dialect, Class::of(&order.by), &order.by) {
            (Dialect::Sqlite, ..) | (_, _, Expr::Column { values: Values::Stored(ColumnType::Text), .. }) => {
                self.expr(&order.by);
            }
            (_, _, Expr::Call(Function::Max | Function::Min, _)) => self.expr(&order.by),
            (_, Class::Text, _) => self.collated(&order.by),
            (_, Class::Json | Class::Dynamic | Class::Mixed, _) => self.form(&order.by, Form::Key),
            _ => self.expr(&order.by),
        }
        self.push(match (self.dialect, order.descending) {
            (Dialect::Sqlite, true) => " DESC",
            (Dialect::Sqlite, false) => "",
            // So that an index can give the order.
            (Dialect::Postgres, true) if is_never_null(&order.by, table) => " DESC",
            (Dialect::Postgres, false) if is_never_null(&order.by, table) => "",
            (Dialect::Postgres, true) => " DESC NULLS LAST",
            (Dialect::Postgres, false) => " NULLS FIRST",
        });
    }

    /// Binds the limits, so that the pages of one list share a prepared statement.
    fn window(&mut self, limit: Option<u64>, offset: Option<u64>) {
        let rows = |count: u64| Cow::Owned(Value::Integer(i64::try_from(count).unwrap_or(i64::MAX)));
        match limit {
            Some(limit) => {
                self.push(" LIMIT ");
                self.bind(rows(limit));
            }
            None if offset.is_some() => self.push_either(" LIMIT -1", ""),
            None => {}
        }
        if let Some(offset) = offset {
            self.push(" OFFSET ");
            self.bind(rows(offset));
        }
    }
}

fn is_never_null(expr: &Expr, of: Option<&Ident>) -> bool {
    match expr {
        Expr::RowId { table } => table.as_ref().is_none_or(|table| Some(table) == of),
        Expr::Column { table: Some(table), values: Values::Stored(kind), .. } => {
            *kind != ColumnType::Json && Some(table) == of
        }
        Expr::Call(Function::Random, _) => true,
        _ => false,
    }
}
