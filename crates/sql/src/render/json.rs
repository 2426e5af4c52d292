//! JSON in text columns, where the text can also be something else: every access asks first.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::class::Class;
use super::form::Form;
use super::{Dialect, Renderer};
use crate::{Expr, PathSegment, Value};

impl<'a> Renderer<'a> {
    pub(super) fn json_extract(&mut self, document: &'a Expr, path: &[PathSegment]) {
        if self.dialect == Dialect::Postgres {
            self.push("baibase_json_extract(");
            self.form(document, Form::Text);
            self.push(", CAST(");
            self.bind(Cow::Owned(Value::Text(postgres_path(path))));
            return self.push(" AS text[]))");
        }
        self.push("CASE WHEN json_valid(");
        self.expr(document);
        self.push(") THEN json_extract(");
        self.expr(document);
        self.push(", ");
        self.bind(Cow::Owned(Value::Text(sqlite_path(path))));
        self.push(")");
        if path.is_empty() {
            self.push(" ELSE ");
            self.expr(document);
        }
        self.push(" END");
    }

    pub(super) fn json_array_length(&mut self, operand: &'a Expr) {
        if self.dialect == Dialect::Postgres {
            return self.of_text("baibase_json_array_length(", operand);
        }
        self.push("CASE WHEN ");
        self.is_array(operand);
        self.push(" THEN json_array_length(");
        self.expr(operand);
        self.push(") WHEN ");
        self.is_empty(operand);
        self.push(" THEN 0 ELSE 1 END");
    }

    pub(super) fn json_array_of(&mut self, operand: &'a Expr) {
        if self.dialect == Dialect::Postgres {
            return self.of_list("baibase_json_array_of(", operand);
        }
        self.push("CASE WHEN ");
        self.is_array(operand);
        self.push(" THEN ");
        self.expr(operand);
        self.push(" WHEN ");
        self.is_empty(operand);
        self.push(" THEN '[]' ELSE json_array(");
        self.expr(operand);
        self.push(") END");
    }

    pub(super) fn json_array_last(&mut self, operand: &'a Expr) {
        if self.dialect == Dialect::Postgres {
            return self.of_list("baibase_json_array_last(", operand);
        }
        self.push("CASE WHEN ");
        self.is_array(operand);
        self.push(" THEN coalesce(json_extract(");
        self.expr(operand);
        self.push(", '$[#-1]'), '') ELSE coalesce(");
        self.expr(operand);
        self.push(", '') END");
    }

    /// Writes a call that gives a row for each item of an array.
    pub(super) fn json_each(&mut self, array: &'a Expr) {
        match (array, self.dialect) {
            (_, Dialect::Postgres) => self.of_list("baibase_json_items(", array),
            (Expr::Value(_), Dialect::Sqlite) => {
                self.push("json_each(");
                self.expr(array);
                self.push(")");
            }
            (column, Dialect::Sqlite) => {
                self.push("json_each(CASE WHEN ");
                self.is_array(column);
                self.push(" THEN ");
                self.expr(column);
                self.push(" ELSE json_array(");
                self.expr(column);
                self.push(") END)");
            }
        }
    }

    fn of_text(&mut self, function: &str, operand: &'a Expr) {
        self.push(function);
        self.form(operand, Form::Text);
        self.push(")");
    }

    /// In a column of JSON, a number alone is a number, and not its text.
    fn of_list(&mut self, function: &str, operand: &'a Expr) {
        self.push(function);
        self.form(operand, Form::Text);
        self.push(if Class::of(operand) == Class::Json { ", TRUE)" } else { ", FALSE)" });
    }

    fn is_array(&mut self, operand: &'a Expr) {
        // json_type fails on text that is not JSON, and AND does not promise to stop at the first.
        self.push("iif(json_valid(");
        self.expr(operand);
        self.push("), json_type(");
        self.expr(operand);
        self.push(") = 'array', 0)");
    }

    fn is_empty(&mut self, operand: &'a Expr) {
        self.operand(operand);
        self.push(" = '' OR ");
        self.operand(operand);
        self.push(" IS NULL");
    }
}

/// `$."key"[0]`
fn sqlite_path(path: &[PathSegment]) -> String {
    let mut text = String::from("$");
    for segment in path {
        // Writing to a String does not fail.
        let _ = match segment {
            PathSegment::Key(key) => write!(text, ".\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\"")),
            PathSegment::Index(index) => write!(text, "[{index}]"),
        };
    }
    text
}

/// `{".key","#0"}`
fn postgres_path(path: &[PathSegment]) -> String {
    let steps: Vec<String> = path
        .iter()
        .map(|segment| match segment {
            PathSegment::Key(key) => format!("\".{}\"", key.replace('\\', "\\\\").replace('"', "\\\"")),
            // No array is longer than that.
            PathSegment::Index(index) => format!("\"#{}\"", i32::try_from(*index).unwrap_or(i32::MAX)),
        })
        .collect();
    format!("{{{}}}", steps.join(","))
}
