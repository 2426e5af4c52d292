//! The forms in which PostgreSQL gets values, so that it can do with them what SQLite does with any value.

use super::Renderer;
use super::class::Class;
use crate::{Expr, Literal};

/// How a value is written for PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As it is.
    Plain,
    /// As text; numbers as SQLite prints them.
    Text,
    /// As a float. Text is NaN, which PostgreSQL takes for greater than every number, as SQLite does text.
    Number,
    /// The same, but text that reads like a number is that number.
    Numeric,
    /// As bytes that compare as SQLite compares values of different types.
    Key,
    /// The same, but text that reads like a number is that number.
    NumericKey,
}

impl<'a> Renderer<'a> {
    /// Writes an expression in a form, such that it cannot be torn apart by what stands around it.
    pub(super) fn form(&mut self, expr: &'a Expr, form: Form) {
        if form == Form::Plain {
            return self.operand(expr);
        }
        match (Class::of(expr), form) {
            (Class::Null, _) => self.null_in(form),
            (Class::Mixed, _) => self.each_in(expr, form),
            _ if matches!(expr, Expr::Scalar(_)) => self.each_in(expr, form),
            (class, Form::Text) => self.as_text(expr, class),
            (class, Form::Number | Form::Numeric) => self.as_number(expr, class, form),
            (class, _) => self.as_key(expr, class, form),
        }
    }

    fn null_in(&mut self, form: Form) {
        self.push(match form {
            Form::Plain => "NULL",
            Form::Text => "CAST(NULL AS TEXT)",
            Form::Number | Form::Numeric => "CAST(NULL AS DOUBLE PRECISION)",
            Form::Key | Form::NumericKey => "CAST(NULL AS BYTEA)",
        });
    }

    /// Writes one of several expressions, each of which is of another class.
    fn each_in(&mut self, expr: &'a Expr, form: Form) {
        match expr {
            Expr::Call(_, arguments) => {
                self.push("coalesce(");
                self.list(arguments, |renderer, argument| renderer.form(argument, form));
                self.push(")");
            }
            Expr::Case { branches, otherwise } => {
                self.push("CASE");
                for (condition, value) in branches {
                    self.push(" WHEN ");
                    self.expr(condition);
                    self.push(" THEN ");
                    self.form(value, form);
                }
                if let Some(value) = otherwise {
                    self.push(" ELSE ");
                    self.form(value, form);
                }
                self.push(" END");
            }
            Expr::Scalar(select) => {
                self.push("(");
                self.select_as(select, form);
                self.push(")");
            }
            // Nothing else is mixed.
            _ => self.operand(expr),
        }
    }

    fn wrap(&mut self, before: &str, expr: &'a Expr, after: &str) {
        self.push(before);
        self.expr(expr);
        self.push(after);
    }

    fn as_text(&mut self, expr: &'a Expr, class: Class) {
        match (class, expr) {
            (Class::Bool, Expr::Literal(Literal::True)) => self.push("'1'"),
            (Class::Bool, Expr::Literal(_)) => self.push("'0'"),
            (Class::Bool, _) => self.wrap("CAST(CAST(", expr, " AS INTEGER) AS TEXT)"),
            (Class::Unknown | Class::Integer, _) => self.wrap("CAST(", expr, " AS TEXT)"),
            (Class::Stored, _) => self.wrap("baibase_number_text(", expr, ")"),
            (Class::Real | Class::Dynamic, _) => self.wrap("baibase_text(", expr, ")"),
            (Class::Text | Class::Json | Class::Null | Class::Mixed, _) => self.operand(expr),
        }
    }

    fn as_number(&mut self, expr: &'a Expr, class: Class, form: Form) {
        match (class, form) {
            (Class::Bool, _) => self.wrap("CAST(", expr, " AS INTEGER)"),
            (Class::Json, _) | (Class::Text | Class::Dynamic, Form::Numeric) => {
                self.wrap("baibase_numeric(", expr, ")");
            }
            (Class::Text | Class::Dynamic, _) => self.wrap("baibase_rank(", expr, ")"),
            _ => self.operand(expr),
        }
    }

    fn as_key(&mut self, expr: &'a Expr, class: Class, form: Form) {
        let is_read = form == Form::NumericKey && matches!(class, Class::Text | Class::Dynamic);
        let function = if is_read || class == Class::Json { "baibase_numeric_key(" } else { "baibase_key(" };
        self.wrap(function, expr, ")");
    }

    /// Writes an argument of a mathematical function: text that does not read like a number is null.
    pub(super) fn quantity(&mut self, expr: &'a Expr) {
        match Class::of(expr) {
            Class::Text | Class::Json | Class::Dynamic => self.wrap("baibase_number(", expr, ")"),
            Class::Mixed => {
                self.push("baibase_number(");
                self.each_in(expr, Form::Text);
                self.push(")");
            }
            Class::Bool => self.wrap("CAST(", expr, " AS INTEGER)"),
            Class::Null => self.null_in(Form::Number),
            Class::Unknown | Class::Integer | Class::Real | Class::Stored => self.operand(expr),
        }
    }
}
