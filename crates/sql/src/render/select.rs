use std::borrow::Cow;

use super::{Dialect, Renderer};
use crate::{Expr, Join, JoinKind, Order, Output, Select, Value};

impl<'a> Renderer<'a> {
    pub(super) fn select(&mut self, select: &'a Select) {
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
        self.push(if select.distinct { "SELECT DISTINCT " } else { "SELECT " });
        self.list(&select.columns, Self::output);
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
        if !select.order_by.is_empty() {
            self.push(" ORDER BY ");
            self.list(&select.order_by, Self::order);
        }
        self.window(select.limit, select.offset);
    }

    pub(super) fn filter(&mut self, filter: Option<&'a Expr>) {
        if let Some(filter) = filter {
            self.push(" WHERE ");
            self.expr(filter);
        }
    }

    fn output(&mut self, output: &'a Output) {
        match output {
            Output::Expr { expr, alias } => {
                match (expr, self.dialect) {
                    (Expr::Value(value), Dialect::Postgres) => self.typed_value(value),
                    _ => self.expr(expr),
                }
                if let Some(alias) = alias {
                    self.push(" AS ");
                    self.ident(alias);
                }
            }
            Output::All(Some(source)) => {
                self.ident(source);
                self.push(".*");
            }
            Output::All(None) => self.push("*"),
        }
    }

    /// Writes a value with its type: PostgreSQL takes a bare parameter in a result for text.
    fn typed_value(&mut self, value: &'a Value) {
        self.push("CAST(");
        self.bind(Cow::Borrowed(value));
        self.push(match value {
            Value::Null | Value::Text(_) => " AS TEXT)",
            Value::Bool(_) => " AS BOOLEAN)",
            Value::Integer(_) => " AS BIGINT)",
            Value::Real(_) => " AS DOUBLE PRECISION)",
            Value::Blob(_) => " AS BYTEA)",
        });
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

    fn order(&mut self, order: &'a Order) {
        self.expr(&order.by);
        if order.descending {
            self.push_either(" DESC", " DESC NULLS LAST");
        } else {
            self.push_either("", " NULLS FIRST");
        }
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
