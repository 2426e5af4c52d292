//! Rules as parts of queries.

use filter::Expr;
use query::{Compiler, List, Page, Part};
use sql::Select;
use store::Cost;

use super::{Access, ListOptions};
use crate::rule::Condition;
use crate::{Engine, Entry, Error, ErrorKind, Record, Request, Result, row};

impl Engine {
    /// A page of a collection, and how many rows there are in all.
    pub(super) fn list_query(
        &self,
        request: &Request,
        entry: &Entry,
        rule: Option<&Condition>,
        options: &ListOptions,
    ) -> Result<Page> {
        let superuser = request.is_superuser();
        let (filter, sort) = options.parse().map_err(|error| error.refuse(superuser))?;
        let list = List {
            rule: rule.map(|rule| &rule.expr),
            filter: filter.as_ref(),
            sort: &sort,
            limit: options.per_page(),
            offset: options.offset(),
            ..List::new(&entry.collection)
        };
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        Compiler::new(&*catalog, &rules).list(&list).map_err(|error| match (error.part, rule) {
            (Part::Rule, Some(rule)) => rule.error(&error).refuse(superuser),
            _ => options.error(&error).refuse(superuser),
        })
    }

    /// The row of this id, if the rule lets the caller have it.
    ///
    /// # Errors
    /// 404 for a rule that cannot be compiled: nobody has the row.
    pub(super) fn row_query(
        &self,
        request: &Request,
        entry: &Entry,
        id: &str,
        rule: Option<&Condition>,
    ) -> Result<Select> {
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        let expr = rule.map(|rule| &rule.expr);
        let query = Compiler::new(&*catalog, &rules).record(&entry.collection, id, expr);
        query.map_err(refused(rule)).map_err(|error| match error.kind {
            ErrorKind::BadRequest => Error { kind: ErrorKind::NotFound, ..error },
            _ => error,
        })
    }

    /// The rows of these ids that the rule lets the caller have.
    pub(super) fn rows_query(
        &self,
        request: &Request,
        entry: &Entry,
        ids: &[&str],
        rule: Option<&Condition>,
    ) -> Result<Select> {
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        let expr = rule.map(|rule| &rule.expr);
        Compiler::new(&*catalog, &rules).records(&entry.collection, ids, expr).map_err(refused(rule))
    }

    /// Whether a stored record meets a rule for this caller. None meets a rule that cannot be compiled, which is logged.
    pub(crate) async fn passes(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        entry: &Entry,
        id: &str,
        rule: &Condition,
    ) -> Result<bool> {
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        match Compiler::new(&*catalog, &rules).meets_rule(&entry.collection, id, Some(&rule.expr)) {
            Ok(query) => access.exists(&query, Cost::Point).await,
            Err(error) => {
                let error = rule.error(&error);
                tracing::warn!(%error, "nobody passes this rule");
                Ok(false)
            }
        }
    }

    /// Whether a stored record meets a condition that is no access rule, so that superusers have to meet it as well.
    pub(crate) async fn meets(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        entry: &Entry,
        id: &str,
        condition: &Condition,
    ) -> Result<bool> {
        let catalog = self.catalog();
        let rules = query::Request { is_superuser: false, ..request.for_rules(self.clock().now()) };
        let query = Compiler::new(&*catalog, &rules).meets_rule(&entry.collection, id, Some(&condition.expr));
        access.exists(&query.map_err(refused(Some(condition)))?, Cost::Point).await
    }

    /// Whether a record that is not stored yet meets a rule for this caller.
    pub(crate) async fn would_pass(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        record: &Record,
        rule: &Condition,
    ) -> Result<bool> {
        let (collection, row) = (record.collection(), columns(record));
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        let query = Compiler::new(&*catalog, &rules).would_meet_rule(collection, row, Some(&rule.expr));
        access.exists(&query.map_err(refused(Some(rule)))?, Cost::Point).await
    }

    /// Whether a stored record meets the filter of a subscriber.
    pub(crate) async fn matches(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        entry: &Entry,
        id: &str,
        filter: &Expr,
    ) -> Result<bool> {
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        let query = Compiler::new(&*catalog, &rules).meets_filter(&entry.collection, id, filter);
        access.exists(&query.map_err(unfit)?, Cost::Point).await
    }

    /// Whether a record meets the filter of a subscriber, whatever is stored of it.
    pub(crate) async fn would_match(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        record: &Record,
        filter: &Expr,
    ) -> Result<bool> {
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        let query =
            Compiler::new(&*catalog, &rules).would_meet_filter(record.collection(), columns(record), filter);
        access.exists(&query.map_err(unfit)?, Cost::Point).await
    }

    /// Whether a stored record meets the manage rule for this caller, who may be a guest: guests then see more of it,
    /// but may do no more to it.
    pub(super) async fn manages(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        entry: &Entry,
        id: &str,
    ) -> Result<bool> {
        match entry.manage_rule() {
            Some(rule) => self.passes(access, request, entry, id, rule).await,
            _ => Ok(false),
        }
    }
}

/// What a client gets for a rule that cannot be compiled; the reason is for the log.
fn refused(rule: Option<&Condition>) -> impl FnOnce(query::Error) -> Error {
    move |error| match rule {
        Some(rule) => rule.error(&error).refuse(false),
        None => Error::internal(error),
    }
}

/// A filter that does not fit the collection.
fn unfit(error: query::Error) -> Error {
    Error::bad_request("").because(error)
}

/// The columns that a record has, stored or not.
fn columns(record: &Record) -> impl Iterator<Item = (String, sql::Value)> {
    let values = record.collection().fields.iter().zip(record.values());
    values.map(|(field, value)| (field.name.clone(), row::bound_untyped(value)))
}
