use std::borrow::Cow;

use super::{Dialect, Renderer};
use crate::{Arithmetic, CastType, Comparison, Expr, Function, Ident, Literal};

impl<'a> Renderer<'a> {
    pub(super) fn expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Column { table, name } => {
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
            Expr::IsNull { operand, negated } => {
                self.operand(operand);
                self.push(if *negated { " IS NOT NULL" } else { " IS NULL" });
            }
            Expr::Like { subject, pattern, negated } => self.like(subject, pattern, *negated),
            Expr::InList { operand, list, negated } => self.in_list(operand, list, *negated),
            Expr::InSelect { operand, select, negated } => {
                self.operand(operand);
                self.push(if *negated { " NOT IN (" } else { " IN (" });
                self.select(select);
                self.push(")");
            }
            Expr::Exists { select, negated } => {
                self.push(if *negated { "NOT EXISTS (" } else { "EXISTS (" });
                self.select(select);
                self.push(")");
            }
            Expr::Scalar(select) => {
                self.push("(");
                self.select(select);
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

    fn literal(&mut self, literal: Literal) {
        match literal {
            Literal::Null => self.push("NULL"),
            // Not TRUE: SQLite reads `x IS TRUE` as "x is not zero" and not as a comparison.
            Literal::True => self.push_either("1", "TRUE"),
            Literal::False => self.push_either("0", "FALSE"),
            Literal::Empty => self.push("''"),
            Literal::Integer(number) => self.push_number(number),
        }
    }

    fn compare(&mut self, op: Comparison, left: &'a Expr, right: &'a Expr) {
        if op == Comparison::EqIgnoreCase {
            return self.equal_ignoring_case(left, right);
        }
        self.operand(left);
        match op {
            Comparison::Eq | Comparison::EqIgnoreCase => self.push(" = "),
            Comparison::NotEq => self.push(" != "),
            Comparison::Lt => self.push(" < "),
            Comparison::Lte => self.push(" <= "),
            Comparison::Gt => self.push(" > "),
            Comparison::Gte => self.push(" >= "),
            Comparison::Is => self.push_either(" IS ", " IS NOT DISTINCT FROM "),
            Comparison::IsNot => self.push_either(" IS NOT ", " IS DISTINCT FROM "),
        }
        self.operand(right);
    }

    fn equal_ignoring_case(&mut self, left: &'a Expr, right: &'a Expr) {
        match self.dialect {
            Dialect::Sqlite => {
                self.operand(left);
                self.push(" = ");
                self.operand(right);
                self.push(" COLLATE NOCASE");
            }
            Dialect::Postgres => {
                self.push("lower(");
                self.cast(left, CastType::Text);
                self.push(") = lower(");
                self.cast(right, CastType::Text);
                self.push(")");
            }
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

    fn like(&mut self, subject: &'a Expr, pattern: &'a Expr, negated: bool) {
        match self.dialect {
            Dialect::Sqlite => {
                self.operand(subject);
                self.push(if negated { " NOT LIKE " } else { " LIKE " });
                self.operand(pattern);
            }
            Dialect::Postgres => {
                self.cast(subject, CastType::Text);
                self.push(if negated { " NOT ILIKE " } else { " ILIKE " });
                self.cast(pattern, CastType::Text);
            }
        }
        self.push(" ESCAPE '\\'");
    }

    fn in_list(&mut self, operand: &'a Expr, list: &'a [Expr], negated: bool) {
        if list.is_empty() {
            return self.literal(if negated { Literal::True } else { Literal::False });
        }
        self.operand(operand);
        self.push(if negated { " NOT IN (" } else { " IN (" });
        self.list(list, Self::expr);
        self.push(")");
    }

    fn arithmetic(&mut self, op: Arithmetic, left: &'a Expr, right: &'a Expr) {
        self.operand(left);
        self.push(match op {
            Arithmetic::Add => " + ",
            Arithmetic::Subtract => " - ",
            Arithmetic::Multiply => " * ",
            Arithmetic::Divide => " / ",
        });
        self.operand(right);
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
                // Without a type, PostgreSQL cannot tell which || is meant.
                Dialect::Postgres => self.cast(part, CastType::Text),
            }
        }
    }

    fn call(&mut self, function: Function, arguments: &'a [Expr]) {
        match (function, self.dialect) {
            (Function::Acos, Dialect::Postgres) => {
                // SQLite gives null out of range, PostgreSQL an error that would end the whole query.
                self.push("acos(least(1, greatest(-1, ");
                self.list(arguments, Self::expr);
                return self.push(")))");
            }
            (Function::Strftime, Dialect::Postgres) => return self.postgres_strftime(arguments),
            (Function::Lower, Dialect::Postgres) => {
                self.push("lower(");
                self.list(arguments, |renderer, argument| renderer.cast(argument, CastType::Text));
                return self.push(")");
            }
            _ => {}
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

    fn postgres_strftime(&mut self, arguments: &'a [Expr]) {
        let mut arguments = arguments.iter();
        self.push("baibase_strftime(");
        match arguments.next() {
            Some(format) => self.cast(format, CastType::Text),
            None => self.push("NULL"),
        }
        self.push(", ");
        match arguments.next() {
            Some(time) => self.cast(time, CastType::Text),
            None => self.push("'now'"),
        }
        self.push(", ARRAY[");
        self.list(arguments, |renderer, modifier| renderer.cast(modifier, CastType::Text));
        self.push("]::text[])");
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
            self.expr(value);
        }
        if let Some(value) = otherwise {
            self.push(" ELSE ");
            self.expr(value);
        }
        self.push(" END");
    }

    pub(super) fn cast(&mut self, operand: &'a Expr, to: CastType) {
        self.push("CAST(");
        self.expr(operand);
        self.push(" AS ");
        match to {
            CastType::Text => self.push("TEXT"),
            CastType::Integer => self.push_either("INTEGER", "BIGINT"),
            CastType::Real => self.push_either("REAL", "DOUBLE PRECISION"),
        }
        self.push(")");
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
