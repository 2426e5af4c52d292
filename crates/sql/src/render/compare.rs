//! Conditions on values. In PostgreSQL, both sides are brought into a form in which they compare as in SQLite.

use std::borrow::Cow;

use super::class::{Affinity, Class, first_output};
use super::form::Form;
use super::{Dialect, Renderer};
use crate::{Comparison, Expr, Function, Literal, Select, Value};

/// A text that no row of a PostgreSQL database can hold.
const IMPOSSIBLE: &str = "\0";

impl<'a> Renderer<'a> {
    pub(super) fn compare(&mut self, op: Comparison, left: &'a Expr, right: &'a Expr) {
        match (op, self.dialect) {
            (Comparison::EqIgnoreCase, Dialect::Sqlite) => {
                self.operand(left);
                self.push(" = ");
                self.operand(right);
                self.push(" COLLATE NOCASE");
            }
            (Comparison::EqIgnoreCase, Dialect::Postgres) => {
                self.lower(left);
                self.push(" = ");
                self.lower(right);
            }
            (_, Dialect::Sqlite) => {
                self.operand(left);
                self.push(operator(op, Dialect::Sqlite));
                self.operand(right);
            }
            (_, Dialect::Postgres) => self.compare_forms(op, left, right),
        }
    }

    fn compare_forms(&mut self, op: Comparison, left: &'a Expr, right: &'a Expr) {
        if let Some(other) = beside_null(left, right) {
            return self.compare_null(op, other);
        }
        let (left_form, right_form) = forms(left, right, Affinity::between(left, right));
        self.form(left, left_form);
        self.push(operator(op, Dialect::Postgres));
        self.form(right, right_form);
        let is_text = left_form == Form::Text || Class::of(left) == Class::Text && left_form == Form::Plain;
        if is_text && !matches!(op, Comparison::Eq | Comparison::NotEq | Comparison::Is | Comparison::IsNot) {
            self.push(" COLLATE \"C\"");
        }
    }

    /// Writes whether an expression is null, or whether it is not.
    pub(super) fn null_check(&mut self, operand: &'a Expr, negated: bool) {
        // Without a type, PostgreSQL has none for null.
        let untyped = self.dialect == Dialect::Postgres && Class::of(operand) == Class::Null;
        self.form(operand, if untyped { Form::Text } else { Form::Plain });
        self.push(if negated { " IS NOT NULL" } else { " IS NULL" });
    }

    /// Writes a comparison with null.
    fn compare_null(&mut self, op: Comparison, other: &'a Expr) {
        match op {
            Comparison::Is | Comparison::IsNot => self.null_check(other, op == Comparison::IsNot),
            _ => self.push("CAST(NULL AS BOOLEAN)"),
        }
    }

    pub(super) fn in_list(&mut self, operand: &'a Expr, list: &'a [Expr], negated: bool) {
        if list.is_empty() {
            return self.literal(if negated { Literal::True } else { Literal::False });
        }
        // SQLite fits the list to the operand, but not the operand to the list.
        let affinity = Affinity::of(operand);
        let pairs = list.iter().map(|item| forms(operand, item, affinity));
        let (form, item_form) = match self.dialect {
            Dialect::Sqlite => (Form::Plain, Form::Plain),
            Dialect::Postgres => pairs.reduce(both).unwrap_or((Form::Plain, Form::Plain)),
        };
        self.form(operand, form);
        self.push(if negated { " NOT IN (" } else { " IN (" });
        self.list(list, |renderer, item| renderer.form(item, item_form));
        self.push(")");
    }

    pub(super) fn in_select(&mut self, operand: &'a Expr, select: &'a Select, negated: bool) {
        let (form, output_form) = match (first_output(select), self.dialect) {
            (Some(output), Dialect::Postgres) => forms(operand, output, Affinity::between(operand, output)),
            _ => (Form::Plain, Form::Plain),
        };
        self.form(operand, form);
        self.push(if negated { " NOT IN (" } else { " IN (" });
        self.select_as(select, output_form);
        self.push(")");
    }

    pub(super) fn like(&mut self, subject: &'a Expr, pattern: &'a Expr, negated: bool) {
        match self.dialect {
            Dialect::Sqlite => {
                self.operand(subject);
                self.push(if negated { " NOT LIKE " } else { " LIKE " });
                self.operand(pattern);
                self.push(" ESCAPE '\\'");
            }
            Dialect::Postgres if is_whole(pattern) => {
                self.form(subject, Form::Text);
                self.push(if negated { " COLLATE \"C\" NOT ILIKE " } else { " COLLATE \"C\" ILIKE " });
                self.pattern(pattern);
            }
            Dialect::Postgres => {
                self.push(if negated { "NOT baibase_like(" } else { "baibase_like(" });
                self.form(subject, Form::Text);
                self.push(", ");
                self.form(pattern, Form::Text);
                self.push(")");
            }
        }
    }

    /// Writes a pattern for ILIKE, which refuses one that ends inside an escape. SQLite finds nothing with it.
    fn pattern(&mut self, pattern: &'a Expr) {
        match pattern {
            Expr::Value(Value::Text(text)) if ends_in_escape(text) => {
                self.bind(Cow::Owned(IMPOSSIBLE.into()));
            }
            Expr::Call(Function::Lower, arguments)
                if let [argument @ Expr::Value(_)] = arguments.as_slice() =>
            {
                self.push("lower(");
                self.pattern(argument);
                self.push(" COLLATE \"C\")");
            }
            _ => self.form(pattern, Form::Text),
        }
    }
}

/// Whether it is known before the statement runs where a pattern ends.
fn is_whole(pattern: &Expr) -> bool {
    match pattern {
        Expr::Value(_) | Expr::Literal(_) => true,
        Expr::Call(Function::Lower, arguments) => {
            arguments.iter().all(|argument| matches!(argument, Expr::Value(_)))
        }
        // After any text, the wildcard at the end is either one or an escaped character.
        Expr::Concat(parts) => matches!(parts.last(), Some(Expr::Value(Value::Text(text))) if text == "%"),
        _ => false,
    }
}

fn ends_in_escape(pattern: &str) -> bool {
    pattern.chars().rev().take_while(|char| *char == '\\').count() % 2 == 1
}

/// The forms in which two values compare as SQLite compares them after it has fitted them to each other.
fn forms(left: &Expr, right: &Expr, affinity: Affinity) -> (Form, Form) {
    let (l, r) = (Class::of(left), Class::of(right));
    let (number, key) = match affinity {
        Affinity::Numeric => (Form::Numeric, Form::NumericKey),
        Affinity::Text | Affinity::None => (Form::Number, Form::Key),
    };
    let plain = |class: Class| !matches!(class, Class::Dynamic | Class::Mixed);
    match (l, r) {
        (Class::Unknown, other) | (other, Class::Unknown) if plain(other) => (Form::Plain, Form::Plain),
        _ if affinity == Affinity::Text => (Form::Text, Form::Text),
        _ if l.is_number() && r.is_number() => (Form::Plain, Form::Plain),
        (Class::Bool, Class::Bool) | (Class::Text, Class::Text) => (Form::Plain, Form::Plain),
        // Where one is surely a number, the other one is either one too or greater.
        _ if is_quantity(l) || is_quantity(r) => (number, number),
        _ => (key, key),
    }
}

fn is_quantity(class: Class) -> bool {
    class.is_number() || class == Class::Bool
}

/// The forms in which a value compares with both of two others.
fn both(one: (Form, Form), other: (Form, Form)) -> (Form, Form) {
    let is_read = |forms: (Form, Form)| matches!(forms.0, Form::Numeric | Form::NumericKey);
    match (one == other, is_read(one) || is_read(other)) {
        (true, _) => one,
        (false, true) => (Form::NumericKey, Form::NumericKey),
        (false, false) => (Form::Key, Form::Key),
    }
}

/// The other one when one of two values is surely null.
fn beside_null<'a>(left: &'a Expr, right: &'a Expr) -> Option<&'a Expr> {
    match (Class::of(left), Class::of(right)) {
        (_, Class::Null) => Some(left),
        (Class::Null, _) => Some(right),
        _ => None,
    }
}

fn operator(op: Comparison, dialect: Dialect) -> &'static str {
    match (op, dialect) {
        (Comparison::Eq | Comparison::EqIgnoreCase, _) => " = ",
        (Comparison::NotEq, _) => " != ",
        (Comparison::Lt, _) => " < ",
        (Comparison::Lte, _) => " <= ",
        (Comparison::Gt, _) => " > ",
        (Comparison::Gte, _) => " >= ",
        (Comparison::Is, Dialect::Sqlite) => " IS ",
        (Comparison::Is, Dialect::Postgres) => " IS NOT DISTINCT FROM ",
        (Comparison::IsNot, Dialect::Sqlite) => " IS NOT ",
        (Comparison::IsNot, Dialect::Postgres) => " IS DISTINCT FROM ",
    }
}
