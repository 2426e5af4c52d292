use super::class::Class;
use super::form::Form;
use super::{Dialect, Renderer};
use crate::{Delete, Expr, Insert, OnConflict, Update};

impl<'a> Renderer<'a> {
    pub(super) fn insert(&mut self, insert: &'a Insert) {
        self.push("INSERT INTO ");
        self.ident(&insert.table);
        if insert.columns.is_empty() {
            self.push(" DEFAULT VALUES");
        } else {
            self.push(" (");
            self.list(&insert.columns, Self::ident);
            self.push(") VALUES ");
            self.list(&insert.rows, |renderer, row| {
                renderer.push("(");
                renderer.list(row, Self::stored);
                renderer.push(")");
            });
        }
        if let Some(on_conflict) = &insert.on_conflict {
            self.on_conflict(on_conflict);
        }
    }

    /// Writes the value of a column. What comes out of JSON is stored as text.
    fn stored(&mut self, value: &'a Expr) {
        match (self.dialect, Class::of(value)) {
            (Dialect::Postgres, Class::Dynamic) => self.form(value, Form::Text),
            _ => self.expr(value),
        }
    }

    fn on_conflict(&mut self, on_conflict: &OnConflict) {
        self.push(" ON CONFLICT (");
        self.list(&on_conflict.key, Self::ident);
        if on_conflict.update.is_empty() {
            return self.push(") DO NOTHING");
        }
        self.push(") DO UPDATE SET ");
        self.list(&on_conflict.update, |renderer, column| {
            renderer.ident(column);
            renderer.push(" = excluded.");
            renderer.ident(column);
        });
    }

    pub(super) fn update(&mut self, update: &'a Update) {
        self.push("UPDATE ");
        self.ident(&update.table);
        self.push(" SET ");
        self.list(&update.set, |renderer, (column, value)| {
            renderer.ident(column);
            renderer.push(" = ");
            renderer.stored(value);
        });
        self.filter(update.filter.as_ref());
    }

    pub(super) fn delete(&mut self, delete: &'a Delete) {
        self.push("DELETE FROM ");
        self.ident(&delete.table);
        self.filter(delete.filter.as_ref());
    }
}
