use super::{Dialect, Renderer};
use crate::{Authored, authored};

impl Renderer<'_> {
    /// Writes a query that superusers wrote. Where it cannot be said to the database, it says why.
    pub(super) fn authored_query(&mut self, query: &Authored) {
        match self.dialect {
            Dialect::Sqlite => self.push(&query.text),
            Dialect::Postgres => match authored::query(query) {
                Ok(translated) => {
                    self.push(&translated.text);
                    translated.columns.iter().for_each(|name| self.note(name));
                }
                Err(error) => self.refuse(error.to_string()),
            },
        }
    }

    /// Writes the view of a query that superusers wrote.
    pub(super) fn authored_view(&mut self, query: &Authored) {
        match self.dialect {
            Dialect::Sqlite => {
                if !query.columns.is_empty() {
                    // So they stay when the query's columns get other names with those of a table.
                    self.push(" (");
                    self.list(&query.columns, |renderer, (name, _)| renderer.ident(name));
                    self.push(")");
                }
                self.push(" AS SELECT * FROM (");
                self.push(&query.text);
                self.push(")");
            }
            Dialect::Postgres => {
                self.push(" AS ");
                self.authored_query(query);
            }
        }
    }

    /// Writes an expression of an index.
    pub(super) fn authored_expression(&mut self, expression: &Authored) {
        match self.dialect {
            Dialect::Sqlite => self.push(&expression.text),
            Dialect::Postgres => match authored::expression(expression) {
                Ok(text) => {
                    self.push("(");
                    self.push(&text);
                    self.push(")");
                }
                Err(error) => self.refuse(error.to_string()),
            },
        }
    }

    /// Writes a condition of an index.
    pub(super) fn authored_condition(&mut self, condition: &Authored) {
        match self.dialect {
            Dialect::Sqlite => self.push(&condition.text),
            Dialect::Postgres => match authored::condition(condition) {
                Ok(text) => self.push(&text),
                Err(error) => self.refuse(error.to_string()),
            },
        }
    }

    fn refuse(&mut self, reason: String) {
        self.refused.get_or_insert(reason);
    }
}
