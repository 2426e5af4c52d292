//! JSON in text columns, where the text can also be something else: every access asks first.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::{Dialect, Renderer};
use crate::{CastType, Expr, PathSegment, Value};

impl<'a> Renderer<'a> {
    pub(super) fn json_extract(&mut self, document: &'a Expr, path: &[PathSegment]) {
        self.push("CASE WHEN ");
        self.is_json(document);
        self.push(" THEN ");
        match self.dialect {
            Dialect::Sqlite => {
                self.push("json_extract(");
                self.expr(document);
                self.push(", ");
                self.bind(Cow::Owned(Value::Text(sqlite_path(path))));
                self.push(")");
            }
            Dialect::Postgres => {
                self.jsonb(document);
                self.push(" #>> CAST(");
                self.bind(Cow::Owned(Value::Text(postgres_path(path))));
                self.push(" AS text[])");
            }
        }
        if path.is_empty() {
            self.push(" ELSE ");
            match self.dialect {
                Dialect::Sqlite => self.expr(document),
                Dialect::Postgres => self.cast(document, CastType::Text),
            }
        }
        self.push(" END");
    }

    pub(super) fn json_array_length(&mut self, operand: &'a Expr) {
        self.push("CASE WHEN ");
        self.is_json_array(operand);
        self.push(" THEN ");
        self.push_either("json_array_length(", "jsonb_array_length(");
        match self.dialect {
            Dialect::Sqlite => self.expr(operand),
            Dialect::Postgres => self.jsonb(operand),
        }
        self.push(") WHEN ");
        self.is_empty(operand);
        self.push(" THEN 0 ELSE 1 END");
    }

    pub(super) fn json_array_of(&mut self, operand: &'a Expr) {
        self.push("CASE WHEN ");
        self.is_json_array(operand);
        self.push(" THEN ");
        self.expr(operand);
        self.push(" WHEN ");
        self.is_empty(operand);
        self.push(" THEN '[]' ELSE ");
        self.array_of_itself(operand);
        self.push_either("", "::text");
        self.push(" END");
    }

    pub(super) fn json_array_last(&mut self, operand: &'a Expr) {
        self.push("CASE WHEN ");
        self.is_json_array(operand);
        self.push(" THEN coalesce(");
        match self.dialect {
            Dialect::Sqlite => {
                self.push("json_extract(");
                self.expr(operand);
                self.push(", '$[#-1]')");
            }
            Dialect::Postgres => {
                self.jsonb(operand);
                self.push(" ->> -1");
            }
        }
        self.push(", '') ELSE coalesce(");
        self.expr(operand);
        self.push(", '') END");
    }

    /// Writes a call that gives a row for each item of an array.
    pub(super) fn json_each(&mut self, array: &'a Expr) {
        self.push_either("json_each(", "jsonb_array_elements_text(");
        match (array, self.dialect) {
            (Expr::Value(_), Dialect::Sqlite) => self.expr(array),
            (Expr::Value(_), Dialect::Postgres) => self.jsonb(array),
            (column, dialect) => {
                self.push("CASE WHEN ");
                self.is_json_array(column);
                self.push(" THEN ");
                match dialect {
                    Dialect::Sqlite => self.expr(column),
                    Dialect::Postgres => self.jsonb(column),
                }
                self.push(" ELSE ");
                self.array_of_itself(column);
                self.push(" END");
            }
        }
        self.push(")");
    }

    fn is_json(&mut self, operand: &'a Expr) {
        match self.dialect {
            Dialect::Sqlite => {
                self.push("json_valid(");
                self.expr(operand);
                self.push(")");
            }
            Dialect::Postgres => {
                self.cast(operand, CastType::Text);
                self.push(" IS JSON");
            }
        }
    }

    fn is_json_array(&mut self, operand: &'a Expr) {
        match self.dialect {
            Dialect::Sqlite => {
                // json_type fails on text that is not JSON, and AND does not promise to stop at the first.
                self.push("iif(json_valid(");
                self.expr(operand);
                self.push("), json_type(");
                self.expr(operand);
                self.push(") = 'array', 0)");
            }
            Dialect::Postgres => {
                self.cast(operand, CastType::Text);
                self.push(" IS JSON ARRAY");
            }
        }
    }

    fn is_empty(&mut self, operand: &'a Expr) {
        self.operand(operand);
        self.push(" = '' OR ");
        self.operand(operand);
        self.push(" IS NULL");
    }

    fn array_of_itself(&mut self, operand: &'a Expr) {
        self.push_either("json_array(", "jsonb_build_array(");
        self.expr(operand);
        self.push(")");
    }

    fn jsonb(&mut self, operand: &'a Expr) {
        self.push("CAST(");
        self.expr(operand);
        self.push(" AS jsonb)");
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

/// `{"key","0"}`
fn postgres_path(path: &[PathSegment]) -> String {
    let steps: Vec<String> = path
        .iter()
        .map(|segment| match segment {
            PathSegment::Key(key) => format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\"")),
            PathSegment::Index(index) => format!("\"{index}\""),
        })
        .collect();
    format!("{{{}}}", steps.join(","))
}
