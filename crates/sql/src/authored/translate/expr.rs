use sqlparser::ast::{BinaryOperator, Expr, Ident, Query, UnaryOperator};

use super::Result;
use super::arithmetic;
use super::compare::{self, Comparison};
use super::error::Untranslatable;
use super::literal;
use super::parse::is_arrow;
use super::query::{Relation, Translator};
use super::scope::{Meaning, Scope};
use super::term::{Affinity, Kind, Term};

impl Translator<'_> {
    /// An expression, in which the names of the result's columns can be used too.
    pub(super) fn with_aliases(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Term> {
        let before = scope.sees_aliases.replace(true);
        let term = self.expr(expr, scope);
        scope.sees_aliases.set(before);
        term
    }

    /// An expression.
    pub(super) fn expr(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Term> {
        if scope.is_key(expr) {
            return scope.in_rows(|| self.any_expr(expr, scope));
        }
        self.any_expr(expr, scope)
    }

    fn any_expr(&mut self, expr: &Expr, scope: &Scope<'_>) -> Result<Term> {
        match expr {
            Expr::Nested(inner) => self.expr(inner, scope),
            Expr::Identifier(name) => self.name(std::slice::from_ref(name), scope),
            Expr::CompoundIdentifier(path) => self.name(path, scope),
            Expr::Value(value) => literal::value(&value.value),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr, scope),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, scope),
            Expr::IsNull(operand) => self.is_null(operand, false, scope),
            Expr::IsNotNull(operand) => self.is_null(operand, true, scope),
            Expr::IsTrue(operand) => self.is(operand, "TRUE", scope),
            Expr::IsNotTrue(operand) => self.is(operand, "NOT TRUE", scope),
            Expr::IsFalse(operand) => self.is(operand, "FALSE", scope),
            Expr::IsNotFalse(operand) => self.is(operand, "NOT FALSE", scope),
            Expr::IsDistinctFrom(left, right) => self.compare(left, Comparison::IsNot, right, scope),
            Expr::IsNotDistinctFrom(left, right) => self.compare(left, Comparison::Is, right, scope),
            Expr::Between { expr, negated, low, high } => self.between(expr, low, high, *negated, scope),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated, scope),
            Expr::InSubquery { expr, subquery, negated } => {
                let relation = self.query(subquery, Some(scope))?;
                self.in_rows_of(expr, &relation, *negated, scope)
            }
            Expr::Exists { subquery, negated } => {
                let relation = self.query(subquery, Some(scope))?;
                Ok(negatable(format!("EXISTS ({})", relation.sql), *negated))
            }
            Expr::Subquery(query) => self.first_value(query, scope),
            Expr::Like { negated, expr, pattern, escape_char, any: false } => {
                self.like(expr, pattern, escape_char.as_deref(), *negated, scope)
            }
            Expr::Cast { expr, data_type, .. } => {
                let operand = self.expr(expr, scope)?;
                Ok(cast(&operand, &data_type.to_string()))
            }
            Expr::Collate { expr, collation } => {
                let collation = Some(collation.to_string().to_uppercase());
                Ok(Term { collation, ..self.expr(expr, scope)? })
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), scope)
            }
            Expr::Function(function) => self.function(function, scope),
            Expr::Substring { expr, substring_from, substring_for, .. } => {
                let parts = [Some(&**expr), substring_from.as_deref(), substring_for.as_deref()];
                self.spelled("substr", parts, scope)
            }
            Expr::Trim { expr, trim_what: None, trim_where: None, trim_characters } => {
                let what = trim_characters.as_ref().and_then(|what| what.first());
                let mut args = vec![self.expr(expr, scope)?];
                args.extend(what.map(|what| self.expr(what, scope)).transpose()?);
                self.scalar("trim", &args)
            }
            Expr::Ceil { expr, .. } => self.spelled("ceil", [Some(&**expr), None, None], scope),
            Expr::Floor { expr, .. } => self.spelled("floor", [Some(&**expr), None, None], scope),
            Expr::Tuple(_) => Err(Untranslatable::unsupported("rows of several values")),
            other => Err(Untranslatable::unsupported(format!("the expression {other}"))),
        }
    }

    fn between(
        &mut self,
        expr: &Expr,
        low: &Expr,
        high: &Expr,
        negated: bool,
        scope: &Scope<'_>,
    ) -> Result<Term> {
        let (expr, low, high) = (self.expr(expr, scope)?, self.expr(low, scope)?, self.expr(high, scope)?);
        let least = compare::compare(&expr, Comparison::GreaterEqual, &low);
        let most = compare::compare(&expr, Comparison::LessEqual, &high);
        Ok(negatable(format!("({} AND {})", least.sql, most.sql), negated))
    }

    fn first_value(&mut self, query: &Query, scope: &Scope<'_>) -> Result<Term> {
        let relation = self.query(query, Some(scope))?;
        let [column] = relation.columns.as_slice() else {
            return Err(Untranslatable::unsupported("a row of several values"));
        };
        let alias = self.make_up();
        let value = column.term(&alias);
        let value = if value.kind == Kind::Null { value.as_text() } else { value.sql };
        // SQLite takes the first row.
        let sql = format!("(SELECT {value} FROM ({}) AS {} LIMIT 1)", relation.sql, super::quoted(&alias));
        let kind = if column.kind == Kind::Null { Kind::Text } else { column.kind };
        Ok(Term::new(sql, kind).with_affinity(column.affinity))
    }

    fn like(
        &mut self,
        text: &Expr,
        pattern: &Expr,
        escape: Option<&Expr>,
        negated: bool,
        scope: &Scope<'_>,
    ) -> Result<Term> {
        let (text, pattern) = (self.expr(text, scope)?.as_text(), self.expr(pattern, scope)?.as_text());
        let escape = match escape {
            Some(escape) => self.expr(escape, scope)?.literal.unwrap_or_default(),
            None => String::new(),
        };
        let escape = escape.replace('\'', "''");
        let sql = format!("(({text} COLLATE \"C\") ILIKE {pattern} ESCAPE '{escape}')");
        Ok(negatable(sql, negated))
    }

    fn spelled(&mut self, name: &str, parts: [Option<&Expr>; 3], scope: &Scope<'_>) -> Result<Term> {
        let args: Result<Vec<Term>> =
            parts.into_iter().flatten().map(|part| self.expr(part, scope)).collect();
        self.scalar(name, &args?)
    }

    fn name(&mut self, path: &[Ident], scope: &Scope<'_>) -> Result<Term> {
        match scope.meaning(path)? {
            Some(Meaning::Value(term)) => return Ok(term),
            Some(Meaning::Alias(expr)) => {
                let before = scope.sees_aliases.replace(false);
                let term = self.expr(expr, scope);
                scope.sees_aliases.set(before);
                return term;
            }
            None => {}
        }
        match path {
            // SQLite takes a name that nothing has for a text.
            [name] if name.quote_style == Some('"') => Ok(literal::text(&name.value)),
            path => {
                let path: Vec<&str> = path.iter().map(|name| name.value.as_str()).collect();
                Err(Untranslatable::Column(path.join(".")))
            }
        }
    }

    fn unary(&mut self, op: UnaryOperator, operand: &Expr, scope: &Scope<'_>) -> Result<Term> {
        let operand = self.expr(operand, scope)?;
        match op {
            UnaryOperator::Not => Ok(Term::bool(format!("(NOT {})", operand.truth()))),
            UnaryOperator::Plus => Ok(Term { affinity: Affinity::None, ..operand }),
            UnaryOperator::Minus => {
                let number = operand.as_number();
                let literal = operand.literal.map(|literal| format!("-{literal}"));
                Ok(Term { literal, ..Term::new(format!("(- {})", number.sql), number.kind) })
            }
            UnaryOperator::BitwiseNot => Ok(Term::integer(format!("(~ {})", operand.as_integer()))),
            other => Err(Untranslatable::unsupported(format!("the operator {other}"))),
        }
    }

    fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr, scope: &Scope<'_>) -> Result<Term> {
        if is_arrow(op) {
            let document = self.expr(left, scope)?;
            return super::json::arrow(&document, right, matches!(op, BinaryOperator::LongArrow));
        }
        if let Some(comparison) = Comparison::from_operator(op) {
            return self.compare(left, comparison, right, scope);
        }
        let (left, right) = (self.expr(left, scope)?, self.expr(right, scope)?);
        match op {
            BinaryOperator::And => Ok(Term::bool(format!("({} AND {})", left.truth(), right.truth()))),
            BinaryOperator::Or => Ok(Term::bool(format!("({} OR {})", left.truth(), right.truth()))),
            BinaryOperator::StringConcat => {
                Ok(Term::text(format!("({} || {})", left.as_text(), right.as_text())))
            }
            BinaryOperator::Regexp => Err(Untranslatable::Function("regexp".into())),
            BinaryOperator::Match => Err(Untranslatable::Function("match".into())),
            BinaryOperator::Glob => {
                Ok(Term::bool(format!("baibase_glob({}, {})", left.as_text(), right.as_text())))
            }
            op => arithmetic::calculate(&left, op, &right),
        }
    }

    fn compare(&mut self, left: &Expr, op: Comparison, right: &Expr, scope: &Scope<'_>) -> Result<Term> {
        let (left, right) = (self.expr(left, scope)?, self.expr(right, scope)?);
        Ok(compare::compare(&left, op, &right))
    }

    fn is_null(&mut self, operand: &Expr, negated: bool, scope: &Scope<'_>) -> Result<Term> {
        let operand = self.expr(operand, scope)?;
        let not = if negated { "NOT " } else { "" };
        Ok(Term::bool(format!("({} IS {not}NULL)", operand.sql)))
    }

    fn is(&mut self, operand: &Expr, what: &str, scope: &Scope<'_>) -> Result<Term> {
        Ok(Term::bool(format!("({} IS {what})", self.expr(operand, scope)?.truth())))
    }

    fn in_list(&mut self, expr: &Expr, list: &[Expr], negated: bool, scope: &Scope<'_>) -> Result<Term> {
        let operand = self.expr(expr, scope)?;
        let mut parts = Vec::new();
        for item in list {
            // The list has no say in how its items are compared.
            let item = Term { affinity: Affinity::None, ..self.expr(item, scope)? };
            parts.push(compare::compare(&operand, Comparison::Equal, &item).sql);
        }
        let sql = if parts.is_empty() { "FALSE".to_owned() } else { format!("({})", parts.join(" OR ")) };
        Ok(negatable(sql, negated))
    }

    fn in_rows_of(
        &mut self,
        expr: &Expr,
        relation: &Relation,
        negated: bool,
        scope: &Scope<'_>,
    ) -> Result<Term> {
        let operand = self.expr(expr, scope)?;
        let [column] = relation.columns.as_slice() else {
            return Err(Untranslatable::unsupported("rows of several values"));
        };
        let alias = self.make_up();
        let item = column.term(&alias);
        let (left, right) = compare::comparable(&operand, &item);
        let sql =
            format!("({left} IN (SELECT {right} FROM ({}) AS {}))", relation.sql, super::quoted(&alias));
        Ok(negatable(sql, negated))
    }
}

fn negatable(sql: String, negated: bool) -> Term {
    Term::bool(if negated { format!("(NOT {sql})") } else { sql })
}

/// `CAST`, which reads its type's name for parts that it knows.
fn cast(operand: &Term, name: &str) -> Term {
    let name = name.to_uppercase();
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    if has(&["INT"]) {
        Term::integer(operand.as_integer()).with_affinity(Affinity::Numeric)
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        Term::text(operand.as_text()).with_affinity(Affinity::Text)
    } else if has(&["BLOB"]) || name.is_empty() {
        // Bytes of the text: clients see the text.
        Term::text(operand.as_text())
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        Term::real(operand.as_double()).with_affinity(Affinity::Numeric)
    } else {
        let number = operand.as_number();
        let kind = if number.kind == Kind::Real { Kind::Numeric } else { number.kind };
        Term::new(number.sql, kind).with_affinity(Affinity::Numeric)
    }
}
