use std::sync::Arc;

use filter::Expr as Filter;
use filter::sort::SortItem;
use schema::Collection;
use sql::{Expr, Ident, Output, Select, Value};

use crate::alias::Aliases;
use crate::column;
use crate::condition::condition;
use crate::error::{Error, Part};
use crate::request::Request;
use crate::schema::Schema;
use crate::scope::{Scope, Shared};
use crate::selection::Selection;
use crate::sort::Key;

/// Makes queries for one request.
///
/// The rows of its queries have the columns of [`Collection::fields`], in their order. Rules are skipped when the
/// request is a superuser's; `None` for a rule means that there is no condition, as an empty rule does.
#[derive(Clone, Copy)]
pub struct Compiler<'a> {
    schema: &'a dyn Schema,
    request: &'a Request<'a>,
}

/// A page of a list.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// Whose records.
    pub collection: &'a Arc<Collection>,
    /// The list rule.
    pub rule: Option<&'a Filter>,
    /// What the client looks for. Hidden fields, and what list rules hide in other collections, are of no use in it
    /// unless the request is a superuser's.
    pub filter: Option<&'a Filter>,
    /// In which order; empty for the database's own.
    pub sort: &'a [SortItem],
    /// At most how many records.
    pub limit: u64,
    /// How many records are left out at the start.
    pub offset: u64,
}

/// The queries for a page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The records of the page.
    pub rows: Select,
    /// One row with the number of records on all pages.
    pub count: Select,
}

impl<'a> List<'a> {
    /// The first 30 records of a collection.
    pub fn new(collection: &'a Arc<Collection>) -> Self {
        Self { collection, rule: None, filter: None, sort: &[], limit: 30, offset: 0 }
    }
}

impl<'a> Compiler<'a> {
    /// A compiler for a request, with the collections as they are now.
    pub fn new(schema: &'a dyn Schema, request: &'a Request<'a>) -> Self {
        Self { schema, request }
    }

    /// A page of a list, and the number of records in all.
    ///
    /// # Errors
    /// [`Error`] when the rule, the filter or the sort cannot be compiled.
    pub fn list(&self, list: &List<'_>) -> Result<Page, Error> {
        let shared = Shared::new(self.schema, self.request);
        let table = Ident::from(&list.collection.name);
        let mut selection = Selection::all(&table);
        let rule = self.applicable(list.rule);
        let aliases = Aliases::default().expr(self.schema, rule).expr(self.schema, list.filter);
        let mut scope = Scope::new(&shared, list.collection, table.clone())
            .with_aliases(aliases.sort(self.schema, list.sort));
        if let Some(rule) = rule {
            selection.filter(condition(&mut scope, rule)?);
        }
        scope.trusted = self.request.is_superuser;
        if let Some(filter) = list.filter {
            scope.part = Part::Filter;
            selection.filter(condition(&mut scope, filter).map_err(|error| error.of(Part::Filter))?);
        }
        let is_view = list.collection.is_view();
        let row_order = (!is_view).then_some(table);
        let row_id = row_order.clone().map(|table| Expr::RowId { table: Some(table) });
        scope.part = Part::Sort;
        let keys: Vec<Key> = list
            .sort
            .iter()
            .map(|item| Key::new(&mut scope, item, row_id.clone()))
            .collect::<Result<_, _>>()
            .map_err(|error: Error| error.of(Part::Sort))?;
        selection.add(scope)?;
        let count = selection.clone().count(is_view);
        let rows = selection.rows(self.columns(list.collection), keys, is_view);
        let rows = Select { row_order, limit: Some(list.limit), offset: offset(list.offset), ..rows };
        Ok(Page { rows, count })
    }

    /// The record of this id, if there is one that the rule allows.
    ///
    /// # Errors
    /// [`Error`] when the rule cannot be compiled.
    pub fn record(
        &self,
        collection: &Arc<Collection>,
        id: &str,
        rule: Option<&Filter>,
    ) -> Result<Select, Error> {
        let selection = self.select(collection, |id_column| id_column.eq(id), rule)?;
        Ok(selection.one(self.columns(collection)))
    }

    /// The records of these ids that the rule allows, in any order.
    ///
    /// # Errors
    /// [`Error`] when the rule cannot be compiled.
    pub fn records(
        &self,
        collection: &Arc<Collection>,
        ids: &[impl AsRef<str>],
        rule: Option<&Filter>,
    ) -> Result<Select, Error> {
        let ids = ids.iter().map(AsRef::as_ref);
        let selection = self.select(collection, |id_column| id_column.in_list(ids), rule)?;
        Ok(selection.rows(self.columns(collection), Vec::new(), collection.is_view()))
    }

    /// Whether the record of this id meets a rule (one row) or not (none).
    ///
    /// # Errors
    /// [`Error`] when the rule cannot be compiled.
    pub fn meets_rule(
        &self,
        collection: &Arc<Collection>,
        id: &str,
        rule: Option<&Filter>,
    ) -> Result<Select, Error> {
        Ok(self.select(collection, |id_column| id_column.eq(id), rule)?.exists())
    }

    /// Whether the record of this id meets a subscriber's filter (one row) or not (none). Hidden fields are of no use
    /// in it for anybody.
    ///
    /// # Errors
    /// [`Error`] when the filter cannot be compiled.
    pub fn meets_filter(
        &self,
        collection: &Arc<Collection>,
        id: &str,
        filter: &Filter,
    ) -> Result<Select, Error> {
        let shared = Shared::new(self.schema, self.request);
        let table = Ident::from(&collection.name);
        let aliases = Aliases::default().expr(self.schema, Some(filter));
        let mut scope = Scope::new(&shared, collection, table.clone()).with_aliases(aliases);
        scope.trusted = false;
        let mut selection = Selection::all(&table);
        selection.filter(column::id(&table, collection).eq(id));
        selection.filter(condition(&mut scope, filter)?);
        selection.add(scope)?;
        Ok(selection.exists())
    }

    /// Whether a record with these columns would meet a rule (one row) or not (none). It is not stored yet: nothing
    /// points to it, and its values have no column types.
    ///
    /// # Errors
    /// [`Error`] when the rule cannot be compiled.
    pub fn would_meet_rule(
        &self,
        collection: &Arc<Collection>,
        row: impl IntoIterator<Item = (String, Value)>,
        rule: Option<&Filter>,
    ) -> Result<Select, Error> {
        self.unsaved(collection, row, true, self.applicable(rule))
    }

    /// Whether a record with these columns would meet a subscriber's filter (one row) or not (none), as
    /// [`Self::meets_filter`] says of a stored one.
    ///
    /// # Errors
    /// [`Error`] when the filter cannot be compiled.
    pub fn would_meet_filter(
        &self,
        collection: &Arc<Collection>,
        row: impl IntoIterator<Item = (String, Value)>,
        filter: &Filter,
    ) -> Result<Select, Error> {
        self.unsaved(collection, row, false, Some(filter))
    }

    fn unsaved(
        &self,
        collection: &Arc<Collection>,
        row: impl IntoIterator<Item = (String, Value)>,
        trusted: bool,
        filter: Option<&Filter>,
    ) -> Result<Select, Error> {
        let row: Vec<(String, Value)> = row.into_iter().collect();
        let columns = row.iter().map(|(name, value)| (name.clone(), column::values_of(value))).collect();
        let shared = Shared::new(self.schema, self.request);
        // No collection has this name, so that rules can still look into the collection itself.
        let table = Ident::from("@new");
        let aliases = Aliases::default().expr(self.schema, filter);
        let mut scope = Scope::new(&shared, collection, table.clone()).with_aliases(aliases);
        scope.unsaved = Some(columns);
        scope.trusted = trusted;
        let mut selection = Selection::all(&table);
        if let Some(filter) = filter {
            selection.filter(condition(&mut scope, filter)?);
        }
        selection.add(scope)?;
        let row =
            row.into_iter().fold(Select::new(), |row, (name, value)| row.column_as(Expr::Value(value), name));
        Ok(Select { with: vec![(table, row)], ..selection.exists() })
    }

    fn select(
        &self,
        collection: &Arc<Collection>,
        ids: impl FnOnce(Expr) -> Expr,
        rule: Option<&Filter>,
    ) -> Result<Selection, Error> {
        let shared = Shared::new(self.schema, self.request);
        let table = Ident::from(&collection.name);
        let rule = self.applicable(rule);
        let aliases = Aliases::default().expr(self.schema, rule);
        let mut scope = Scope::new(&shared, collection, table.clone()).with_aliases(aliases);
        let mut selection = Selection::all(&table);
        selection.filter(ids(column::id(&table, collection)));
        if let Some(rule) = rule {
            selection.filter(condition(&mut scope, rule)?);
        }
        selection.add(scope)?;
        Ok(selection)
    }

    fn columns(&self, collection: &Arc<Collection>) -> Vec<Output> {
        vec![Output::Shared(self.schema.projection(collection))]
    }

    /// The rule, unless the caller is above it.
    fn applicable<'r>(&self, rule: Option<&'r Filter>) -> Option<&'r Filter> {
        rule.filter(|_| !self.request.is_superuser)
    }
}

fn offset(rows: u64) -> Option<u64> {
    (rows > 0).then_some(rows)
}
