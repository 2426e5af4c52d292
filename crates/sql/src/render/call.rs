//! Functions of PostgreSQL, where they differ from those of SQLite.

use super::Renderer;
use super::class::Class;
use super::form::Form;
use crate::{Expr, Function, Literal};

impl<'a> Renderer<'a> {
    pub(super) fn postgres_call(&mut self, function: Function, arguments: &'a [Expr]) {
        match function {
            Function::Coalesce => self.function("coalesce(", arguments, Self::alternative),
            Function::Lower => self.function("lower(", arguments, Self::collated),
            Function::Acos => self.function("baibase_acos(", arguments, Self::quantity),
            Function::Cos => self.function("baibase_cos(", arguments, Self::quantity),
            Function::Sin => self.function("baibase_sin(", arguments, Self::quantity),
            Function::Radians => self.function("baibase_radians(", arguments, Self::quantity),
            Function::Random => self.push("random()"),
            Function::Strftime => self.strftime(arguments),
            Function::Max => self.extreme("max(", "bool_or(", arguments),
            Function::Min => self.extreme("min(", "bool_and(", arguments),
        }
    }

    fn function(&mut self, name: &str, arguments: &'a [Expr], write: impl FnMut(&mut Self, &'a Expr)) {
        self.push(name);
        self.list(arguments, write);
        self.push(")");
    }

    /// Writes one of several values of one type. Null is of any type as long as it is not bound.
    pub(super) fn alternative(&mut self, expr: &'a Expr) {
        match Class::of(expr) {
            Class::Null => self.literal(Literal::Null),
            _ => self.expr(expr),
        }
    }

    /// Writes text with ASCII letters in lower case.
    pub(super) fn lower(&mut self, expr: &'a Expr) {
        self.push("lower(");
        self.collated(expr);
        self.push(")");
    }

    /// Writes text of which only ASCII letters have two cases, and whose order is that of its bytes.
    pub(super) fn collated(&mut self, expr: &'a Expr) {
        self.form(expr, Form::Text);
        self.push(" COLLATE \"C\"");
    }

    fn strftime(&mut self, arguments: &'a [Expr]) {
        let mut arguments = arguments.iter();
        self.push("baibase_strftime(");
        match arguments.next() {
            Some(format) => self.form(format, Form::Text),
            None => self.push("NULL"),
        }
        self.push(", ");
        match arguments.next() {
            Some(time) => self.moment(time),
            None => self.push("'now'"),
        }
        self.push(", ARRAY[");
        self.list(arguments, |renderer, modifier| renderer.form(modifier, Form::Text));
        self.push("]::text[])");
    }

    /// Writes a time as text: a number, of days or seconds, with all its digits.
    fn moment(&mut self, time: &'a Expr) {
        match Class::of(time) {
            Class::Stored | Class::Real => {
                self.push("CAST(");
                self.expr(time);
                self.push(" AS TEXT)");
            }
            Class::Dynamic => {
                self.operand(time);
                self.push(" #>> '{}'");
            }
            _ => self.form(time, Form::Text),
        }
    }

    /// Writes the greatest or the least of a group.
    fn extreme(&mut self, name: &str, of_bools: &str, arguments: &'a [Expr]) {
        match arguments.first().map(Class::of) {
            Some(Class::Bool) => self.function(of_bools, arguments, Self::expr),
            Some(Class::Text) => self.function(name, arguments, Self::collated),
            // Keys as text, for there is no greatest of bytes.
            Some(Class::Json | Class::Dynamic | Class::Mixed) => {
                self.function(name, arguments, |renderer, argument| {
                    renderer.push("encode(");
                    renderer.form(argument, Form::Key);
                    renderer.push(", 'hex') COLLATE \"C\"");
                });
            }
            _ => self.function(name, arguments, Self::expr),
        }
    }
}
