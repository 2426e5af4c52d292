//! Conditions and their joins, on the way to a query.

use filter::{Position, Span};
use sql::{Expr, Ident, Join, Output, Select, Source};

use crate::alias::Aliases;
use crate::column;
use crate::condition::condition;
use crate::error::{Error, ErrorKind};
use crate::scope::{MAX_TABLES, Related, Scope, Shared};
use crate::sort::{Key, Place};

/// Which records of one collection.
#[derive(Clone)]
pub(crate) struct Selection {
    source: Source,
    table: Ident,
    joins: Vec<Join>,
    conditions: Vec<Expr>,
    /// Whether the joins can give several rows for one record.
    several: bool,
}

impl Selection {
    /// All records of a table that goes by its own name.
    pub(crate) fn all(table: &Ident) -> Self {
        Self {
            source: Source::table(table),
            table: table.clone(),
            joins: Vec::new(),
            conditions: Vec::new(),
            several: false,
        }
    }

    /// Only those for which this holds as well.
    pub(crate) fn filter(&mut self, condition: Expr) {
        self.conditions.push(condition);
    }

    /// Takes over the joins of a scope, whose names the conditions use, and adds the list rules that go with them.
    pub(crate) fn add(&mut self, scope: Scope<'_>) -> Result<(), Error> {
        let shared = scope.shared;
        let related = scope.related().to_vec();
        self.several |= scope.has_several();
        // The records' own table is one of them.
        let left = MAX_TABLES.saturating_sub(self.joins.len() + 1);
        self.joins.extend(scope.into_joins(left)?);
        related.iter().try_for_each(|related| self.add_list_rule(shared, related))
    }

    /// Joined rows must meet the list rule of their collection, where there are any.
    fn add_list_rule(&mut self, shared: &Shared<'_>, related: &Related) -> Result<(), Error> {
        let collection = &related.collection;
        let Some(text) = &collection.rules.list else { return Ok(()) };
        let wrong = |span: Span, problem: String| {
            let position = Position::of(span, text);
            ErrorKind::RelatedRule { collection: collection.name.clone(), position, problem }
                .at(related.place)
                .of(related.part)
        };
        let rule = shared.schema.rule(text).map_err(|error| wrong(error.span, error.kind.to_string()))?;
        let aliases = Aliases::default().expr(shared.schema, Some(&rule));
        let mut scope = Scope::new(shared, collection, related.alias.clone()).with_aliases(aliases);
        let rule = condition(&mut scope, &rule).map_err(|error| wrong(error.span, error.kind.to_string()))?;
        let id = column::id(&related.alias, collection);
        self.conditions.push(id.clone().eq(Expr::EMPTY).or(id.is_null()).or(rule));
        self.add(scope).map_err(|error| error.kind.at(related.place).of(related.part))
    }

    /// Whether there is such a record: a row with a 1, or none.
    pub(crate) fn exists(self) -> Select {
        self.plain().column(Expr::integer(1)).limit(1)
    }

    /// The columns of the only record.
    pub(crate) fn one(self, columns: Vec<Output>) -> Select {
        Select { columns, ..self.plain() }.limit(1)
    }

    /// The number of records.
    pub(crate) fn count(self, is_view: bool) -> Select {
        // The number of a row is at hand without an index; a view has none, and can show one id twice.
        let number = match (is_view, self.several) {
            (true, _) => Expr::column(&self.table, "id").count_distinct(),
            (false, true) => Expr::RowId { table: Some(self.table.clone()) }.count_distinct(),
            (false, false) => Expr::count(),
        };
        self.plain().column(number)
    }

    /// The columns of each record, in order.
    pub(crate) fn rows(self, columns: Vec<Output>, keys: Vec<Key>, is_view: bool) -> Select {
        let several = self.several;
        let id = Expr::column(&self.table, "id");
        // Rows of a view that are neither sorted nor joined come in the order of its query.
        let is_kept = keys.is_empty() && !several && self.joins.is_empty();
        let key_order = Some(id.clone()).filter(|_| is_view && !is_kept);
        let rows = Select { columns, key_order, ..self.plain() };
        if !several {
            return Select { order_by: keys.into_iter().map(Key::into_order).collect(), ..rows };
        }
        // DISTINCT lets an index give the order. What is not selected cannot be sorted by then, a group can.
        if keys.iter().all(|key| key.place == Place::Column) {
            let order_by = keys.into_iter().map(Key::into_order).collect();
            return Select { distinct: true, order_by, ..rows };
        }
        let order_by = keys.into_iter().map(Key::into_group_order).collect();
        let columns = |output: &Output| match output {
            Output::Expr { expr, .. } => vec![expr.clone()],
            Output::Shared(columns) => columns.columns().to_vec(),
            Output::All(_) => Vec::new(),
        };
        // The id of a table's row decides on its columns, that of a view's does not.
        let group_by = if is_view { rows.columns.iter().flat_map(columns).collect() } else { vec![id] };
        Select { group_by, order_by, ..rows }
    }

    fn plain(self) -> Select {
        let filter = match self.conditions.len() {
            0 | 1 => self.conditions.into_iter().next(),
            _ => Some(Expr::All(self.conditions)),
        };
        Select { joins: self.joins, filter, ..Select::from(self.source) }
    }
}
