use sqlparser::ast::{Cte, Query, SetExpr, SetOperator, SetQuantifier, Values, With};

use super::super::Tables;
use super::error::Untranslatable;
use super::order::{Tail, ascending};
use super::scope::{Column, Rows, Scope, Source};
use super::term::{Affinity, Kind, Term};
use super::{Result, quoted};

/// A query for PostgreSQL, with the columns of its result.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub(super) sql: String,
    pub(super) columns: Vec<Column>,
}

/// Translates one text.
pub(super) struct Translator<'t> {
    pub(super) tables: &'t Tables,
    /// The queries of `WITH` that can be named here, the last first.
    pub(super) named: Vec<(String, Vec<Column>)>,
    /// The part of an index that this is, where the result may depend on nothing but the row.
    pub(super) index: Option<&'static str>,
    /// How many names were made up.
    made_up: usize,
}

impl<'t> Translator<'t> {
    pub(super) fn new(tables: &'t Tables) -> Self {
        Self { tables, named: Vec::new(), index: None, made_up: 0 }
    }

    /// For a part of an index.
    pub(super) fn of_index(tables: &'t Tables, part: &'static str) -> Self {
        Self { index: Some(part), ..Self::new(tables) }
    }

    /// A name that nobody else has.
    pub(super) fn make_up(&mut self) -> String {
        self.made_up += 1;
        format!("_{}", self.made_up)
    }

    /// The outermost query. Without an order of its own, its rows come in that in which SQLite finds them, as far as
    /// that can be told.
    pub(super) fn outermost(&mut self, query: &Query) -> Result<Relation> {
        self.tailed_query(query, true, None)
    }

    /// A query within another one.
    pub(super) fn query(&mut self, query: &Query, parent: Option<&Scope<'_>>) -> Result<Relation> {
        self.tailed_query(query, false, parent)
    }

    fn tailed_query(
        &mut self,
        query: &Query,
        is_outermost: bool,
        parent: Option<&Scope<'_>>,
    ) -> Result<Relation> {
        let before = self.named.len();
        let with = query.with.as_ref().map(|with| self.with(with)).transpose()?;
        let (order_by, limit) = (query.order_by.as_ref(), query.limit_clause.as_ref());
        let is_natural = is_outermost && order_by.is_none();
        let tail = Tail { order_by, limit, is_natural };
        let mut relation = self.body(&query.body, tail, parent)?;
        if let Some(with) = with {
            relation.sql = format!("{with} {}", relation.sql);
        }
        self.named.truncate(before);
        Ok(relation)
    }

    fn with(&mut self, with: &With) -> Result<String> {
        let mut parts = Vec::new();
        for cte in &with.cte_tables {
            let relation = self.named_query(cte, with.recursive)?;
            let names: Vec<String> = relation.columns.iter().map(|column| quoted(&column.name)).collect();
            let name = &cte.alias.name.value;
            parts.push(format!("{} ({}) AS ({})", quoted(name), names.join(", "), relation.sql));
            self.named.push((name.clone(), relation.columns));
        }
        let recursive = if with.recursive { "RECURSIVE " } else { "" };
        Ok(format!("WITH {recursive}{}", parts.join(", ")))
    }

    fn named_query(&mut self, cte: &Cte, recursive: bool) -> Result<Relation> {
        let names: Vec<&str> = cte.alias.columns.iter().map(|column| column.name.value.as_str()).collect();
        if let SetExpr::SetOperation { op: SetOperator::Union, set_quantifier, left, right } =
            &*cte.query.body
            && recursive
        {
            let first = renamed(self.body(left, Tail::default(), None)?, &names);
            self.named.push((cte.alias.name.value.clone(), first.columns.clone()));
            let next = self.body(right, Tail::default(), None);
            self.named.pop();
            // PostgreSQL wants the second query to be of the types of the first.
            let kinds: Vec<Kind> = first.columns.iter().map(|column| column.kind).collect();
            let sql = format!(
                "({}) {} ({})",
                self.coerced(first.clone(), &kinds),
                union_name(set_quantifier),
                self.coerced(next?, &kinds)
            );
            return Ok(Relation { sql, columns: first.columns });
        }
        Ok(renamed(self.query(&cte.query, None)?, &names))
    }

    fn body(&mut self, body: &SetExpr, tail: Tail<'_>, parent: Option<&Scope<'_>>) -> Result<Relation> {
        match body {
            SetExpr::Select(select) => self.select(select, tail, parent),
            SetExpr::Query(query) => {
                let inner = self.query(query, parent)?;
                self.tailed(inner, tail)
            }
            SetExpr::Values(values) => {
                let inner = self.values(values, parent)?;
                self.tailed(inner, tail)
            }
            SetExpr::SetOperation { left, op, right, set_quantifier } => {
                let left = self.body(left, Tail::default(), parent)?;
                let right = self.body(right, Tail::default(), parent)?;
                let name = match op {
                    SetOperator::Union => union_name(set_quantifier),
                    SetOperator::Except => "EXCEPT",
                    SetOperator::Intersect => "INTERSECT",
                    SetOperator::Minus => return Err(Untranslatable::Syntax("minus".into())),
                };
                let inner = self.combined(left, name, right)?;
                // To find what is there twice, SQLite sorts the rows.
                let is_natural = tail.is_natural && name != "UNION ALL";
                self.tailed(inner, Tail { is_natural, ..tail })
            }
            SetExpr::Insert(_)
            | SetExpr::Update(_)
            | SetExpr::Delete(_)
            | SetExpr::Merge(_)
            | SetExpr::Table(_) => Err(Untranslatable::Syntax(
                body.to_string().split(' ').next().unwrap_or_default().to_lowercase(),
            )),
        }
    }

    /// A query with an order and a limit around it.
    fn tailed(&mut self, inner: Relation, tail: Tail<'_>) -> Result<Relation> {
        if tail.is_empty() {
            return Ok(inner);
        }
        let alias = self.make_up();
        let source =
            Source { alias: Some(alias.clone()), columns: inner.columns.clone(), rows: Rows::Unknown };
        let items: Vec<Term> = inner.columns.iter().map(|column| column.term(&alias)).collect();
        let scope = Scope { sources: vec![source], ..Scope::default() };
        let order = if tail.is_natural { ascending(&items) } else { String::new() };
        let tail = self.tail(tail, &items, &scope)?;
        let sql = format!("SELECT * FROM ({}) AS {}{order}{tail}", inner.sql, quoted(&alias));
        Ok(Relation { sql, columns: inner.columns })
    }

    fn combined(&mut self, left: Relation, name: &'static str, right: Relation) -> Result<Relation> {
        if left.columns.len() != right.columns.len() {
            return Err(Untranslatable::Widths(name));
        }
        let pairs = left.columns.iter().zip(&right.columns);
        let columns: Vec<Column> = pairs
            .map(|(left, right)| {
                let affinity = if left.affinity == right.affinity { left.affinity } else { Affinity::None };
                Column::new(left.name.clone(), common(left.kind, right.kind), affinity)
            })
            .collect();
        let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
        let (left, right) = (self.coerced(left, &kinds), self.coerced(right, &kinds));
        Ok(Relation { sql: format!("({left}) {name} ({right})"), columns })
    }

    /// The rows of a query with columns of these kinds.
    fn coerced(&mut self, relation: Relation, kinds: &[Kind]) -> String {
        if relation
            .columns
            .iter()
            .zip(kinds)
            .all(|(column, kind)| column.kind == *kind && *kind != Kind::Null)
        {
            return relation.sql;
        }
        let alias = self.make_up();
        let columns = relation.columns.iter().zip(kinds);
        let list: Vec<String> = columns.map(|(column, kind)| column.term(&alias).coerced(*kind)).collect();
        format!("SELECT {} FROM ({}) AS {}", list.join(", "), relation.sql, quoted(&alias))
    }

    fn values(&mut self, values: &Values, parent: Option<&Scope<'_>>) -> Result<Relation> {
        let scope = Scope::within(parent);
        let mut rows: Vec<Vec<Term>> = Vec::new();
        for row in &values.rows {
            rows.push(row.iter().map(|expr| self.expr(expr, &scope)).collect::<Result<_>>()?);
        }
        let Some(first) = rows.first() else { return Err(Untranslatable::Syntax(")".into())) };
        if rows.iter().any(|row| row.len() != first.len()) {
            return Err(Untranslatable::Widths("VALUES"));
        }
        let mut kinds: Vec<Kind> = first.iter().map(|term| term.kind).collect();
        for row in &rows {
            kinds = kinds.iter().zip(row).map(|(kind, term)| common(*kind, term.kind)).collect();
        }
        let rows: Vec<String> = rows
            .iter()
            .map(|row| {
                let row: Vec<String> =
                    row.iter().zip(&kinds).map(|(term, kind)| term.coerced(*kind)).collect();
                format!("({})", row.join(", "))
            })
            .collect();
        let columns = kinds.iter().enumerate();
        let columns =
            columns.map(|(at, kind)| Column::new(format!("column{}", at + 1), *kind, Affinity::None));
        Ok(Relation { sql: format!("VALUES {}", rows.join(", ")), columns: columns.collect() })
    }
}

fn union_name(quantifier: &SetQuantifier) -> &'static str {
    match quantifier {
        SetQuantifier::All => "UNION ALL",
        _ => "UNION",
    }
}

/// A query with other names for its first columns.
fn renamed(mut relation: Relation, names: &[&str]) -> Relation {
    for (column, name) in relation.columns.iter_mut().zip(names) {
        column.name = (*name).to_owned();
    }
    relation
}

/// The kind that holds the values of both.
pub(super) fn common(left: Kind, right: Kind) -> Kind {
    use Kind::{Any, Bool, Integer, Json, Null, Numeric, Real, Text};
    match (left, right) {
        (left, right) if left == right => left,
        (Null, other) | (other, Null) => other,
        (Integer | Bool, Integer | Bool) => Integer,
        (Integer | Bool | Numeric | Real, Integer | Bool | Numeric | Real) => Numeric,
        (Any, _) | (_, Any) => Any,
        (Text | Json, _) | (_, Text | Json) => Text,
    }
}

impl Term {
    /// As PostgreSQL holds the values of a kind.
    pub(super) fn coerced(&self, kind: Kind) -> String {
        match kind {
            Kind::Null | Kind::Text | Kind::Json => self.as_text(),
            Kind::Integer => match self.kind {
                Kind::Null => "NULL::bigint".into(),
                _ => self.as_integer(),
            },
            Kind::Numeric | Kind::Real => self.as_double(),
            Kind::Bool => self.truth(),
            Kind::Any => self.as_any(),
        }
    }
}
