use std::borrow::Cow;

use super::class::Class;
use super::form::Form;
use super::{Dialect, Renderer};
use crate::{Arithmetic, CastType, Expr, Function, Ident, Literal};

impl<'a> Renderer<'a> {
    pub(super) fn expr(&mut self, expr: &'a Expr) {
        if self.dialect == Dialect::Postgres && Class::of(expr) == Class::Mixed {
            // A column or a result has one type.
            return self.form(expr, Form::Text);
        }
        match expr {
            Expr::Column { table, name, .. } => {
                self.qualifier(table.as_ref());
                self.ident(name);
            }
            Expr::RowId { table } => {
                self.qualifier(table.as_ref());
                self.push("_rowid_");
            }
            Expr::Value(value) => self.bind(Cow::Borrowed(value)),
            Expr::Literal(literal) => self.literal(*literal),
            Expr::Compare { op, left, right } => self.compare(*op, left, right),
            Expr::All(parts) => self.junction(parts, " AND ", Literal::True),
            Expr::Any(parts) => self.junction(parts, " OR ", Literal::False),
            Expr::Not(operand) => {
                self.push("NOT ");
                self.operand(operand);
            }
            Expr::IsNull { operand, negated } => self.null_check(operand, *negated),
            Expr::Like { subject, pattern, negated } => self.like(subject, pattern, *negated),
            Expr::InList { operand, list, negated } => self.in_list(operand, list, *negated),
            Expr::InSelect { operand, select, negated } => self.in_select(operand, select, *negated),
            Expr::Exists { select, negated } => {
                self.push(if *negated { "NOT EXISTS (" } else { "EXISTS (" });
                self.select(select);
                self.push(")");
            }
            Expr::Scalar(select) => {
                self.push("(");
                self.select_as(select, Form::Plain);
                self.push(")");
            }
            Expr::Arithmetic { op, left, right } => self.arithmetic(*op, left, right),
            Expr::Concat(parts) => self.concat(parts),
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Case { branches, otherwise } => self.case(branches, otherwise.as_deref()),
            Expr::Cast { operand, to } => self.cast(operand, *to),
            Expr::JsonExtract { document, path } => self.json_extract(document, path),
            Expr::JsonArrayLength(operand) => self.json_array_length(operand),
            Expr::JsonArrayOf(operand) => self.json_array_of(operand),
            Expr::JsonArrayLast(operand) => self.json_array_last(operand),
            Expr::Count { operand, distinct } => self.count(operand.as_deref(), *distinct),
        }
    }

    /// Writes an expression in parentheses, unless it cannot be torn apart by what stands around it.
    pub(super) fn operand(&mut self, expr: &'a Expr) {
        let whole = match expr {
            Expr::Column { .. }
            | Expr::RowId { .. }
            | Expr::Value(_)
            | Expr::Literal(_)
            | Expr::Scalar(_)
            | Expr::Call(..)
            | Expr::Cast { .. }
            | Expr::Count { .. } => true,
            Expr::All(parts) | Expr::Any(parts) => parts.is_empty(),
            _ => false,
        };
        if whole {
            self.expr(expr);
        } else {
            self.push("(");
            self.expr(expr);
            self.push(")");
        }
    }

    fn qualifier(&mut self, table: Option<&Ident>) {
        if let Some(table) = table {
            self.ident(table);
            self.push(".");
        }
    }

    pub(super) fn literal(&mut self, literal: Literal) {
        match literal {
            Literal::Null => self.push("NULL"),
            // Not TRUE: SQLite reads `x IS TRUE` as "x is not zero" and not as a comparison.
            Literal::True => self.push_either("1", "TRUE"),
            Literal::False => self.push_either("0", "FALSE"),
            Literal::Empty => self.push("''"),
            Literal::Integer(number) => self.push_number(number),
        }
    }

    fn junction(&mut self, parts: &'a [Expr], join: &str, empty: Literal) {
        if parts.is_empty() {
            self.literal(empty);
        }
        for (position, part) in parts.iter().enumerate() {
            if position > 0 {
                self.push(join);
            }
            self.operand(part);
        }
    }

    fn arithmetic(&mut self, op: Arithmetic, left: &'a Expr, right: &'a Expr) {
        self.factor(left);
        self.push(match op {
            Arithmetic::Add => " + ",
            Arithmetic::Subtract => " - ",
            Arithmetic::Multiply => " * ",
            Arithmetic::Divide => " / ",
        });
        let is_divisor = op == Arithmetic::Divide && self.dialect == Dialect::Postgres;
        if is_divisor {
            self.push("nullif(");
        }
        self.factor(right);
        if is_divisor {
            self.push(", 0)");
        }
    }

    fn factor(&mut self, operand: &'a Expr) {
        match self.dialect {
            Dialect::Sqlite => self.operand(operand),
            Dialect::Postgres => self.quantity(operand),
        }
    }

    fn concat(&mut self, parts: &'a [Expr]) {
        if parts.is_empty() {
            self.literal(Literal::Empty);
        }
        for (position, part) in parts.iter().enumerate() {
            if position > 0 {
                self.push(" || ");
            }
            match self.dialect {
                Dialect::Sqlite => self.operand(part),
                Dialect::Postgres => self.form(part, Form::Text),
            }
        }
    }

    fn call(&mut self, function: Function, arguments: &'a [Expr]) {
        if matches!(function, Function::Random | Function::Strftime) {
            // `now` is a time that `strftime` knows.
            self.asks_elsewhere();
        }
        if self.dialect == Dialect::Postgres {
            return self.postgres_call(function, arguments);
        }
        self.push(match function {
            Function::Coalesce => "coalesce(",
            Function::Lower => "lower(",
            Function::Acos => "acos(",
            Function::Cos => "cos(",
            Function::Sin => "sin(",
            Function::Radians => "radians(",
            Function::Random => "random(",
            Function::Strftime => "strftime(",
            Function::Max => "max(",
            Function::Min => "min(",
        });
        self.list(arguments, Self::expr);
        self.push(")");
    }

    fn case(&mut self, branches: &'a [(Expr, Expr)], otherwise: Option<&'a Expr>) {
        if branches.is_empty() {
            return match otherwise {
                Some(value) => self.operand(value),
                None => self.literal(Literal::Null),
            };
        }
        self.push("CASE");
        for (condition, value) in branches {
            self.push(" WHEN ");
            self.expr(condition);
            self.push(" THEN ");
            self.branch(value);
        }
        if let Some(value) = otherwise {
            self.push(" ELSE ");
            self.branch(value);
        }
        self.push(" END");
    }

    fn branch(&mut self, value: &'a Expr) {
        match self.dialect {
            Dialect::Sqlite => self.expr(value),
            Dialect::Postgres => self.alternative(value),
        }
    }

    fn cast(&mut self, operand: &'a Expr, to: CastType) {
        match (to, self.dialect) {
            (CastType::Text, Dialect::Postgres) => return self.form(operand, Form::Text),
            (CastType::Integer, Dialect::Postgres) => self.push("CAST(trunc("),
            _ => self.push("CAST("),
        }
        self.factor(operand);
        self.push(match (to, self.dialect) {
            (CastType::Text, _) => " AS TEXT)",
            (CastType::Integer, Dialect::Sqlite) => " AS INTEGER)",
            (CastType::Real, Dialect::Sqlite) => " AS REAL)",
            (CastType::Integer, Dialect::Postgres) => ") AS BIGINT)",
            (CastType::Real, Dialect::Postgres) => " AS DOUBLE PRECISION)",
        });
    }

    fn count(&mut self, operand: Option<&'a Expr>, distinct: bool) {
        self.push(if distinct { "count(DISTINCT " } else { "count(" });
        match operand {
            Some(operand) => self.expr(operand),
            None => self.push("*"),
        }
        self.push(")");
    }
}
