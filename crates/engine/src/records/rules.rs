//! Rules as parts of queries.

use filter::Expr;
use query::{Compiler, List, Page};
use sql::Select;
use store::Cost;

use super::Access;
use crate::{Engine, Entry, Error, Record, Request, Result, row};

impl Engine {
    /// A page of a collection, and how many rows there are in all.
    pub(super) fn list_query(&self, request: &Request, list: &List<'_>) -> Result<Page> {
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        Compiler::new(&*catalog, &rules).list(list).map_err(refused)
    }

    /// The row of this id, if the rule lets the caller have it.
    pub(super) fn row_query(
        &self,
        request: &Request,
        entry: &Entry,
        id: &str,
        rule: Option<&Expr>,
    ) -> Result<Select> {
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        Compiler::new(&*catalog, &rules).record(&entry.collection, id, rule).map_err(refused)
    }

    /// The rows of these ids that the rule lets the caller have.
    pub(super) fn rows_query(
        &self,
        request: &Request,
        entry: &Entry,
        ids: &[&str],
        rule: Option<&Expr>,
    ) -> Result<Select> {
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        Compiler::new(&*catalog, &rules).records(&entry.collection, ids, rule).map_err(refused)
    }

    /// Whether a stored record meets a rule for this caller.
    pub(crate) async fn passes(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        entry: &Entry,
        id: &str,
        rule: &Expr,
    ) -> Result<bool> {
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        let query = Compiler::new(&*catalog, &rules).meets_rule(&entry.collection, id, Some(rule));
        access.exists(&query.map_err(refused)?, Cost::Point).await
    }

    /// Whether a record that is not stored yet meets a rule for this caller.
    pub(super) async fn would_pass(
        &self,
        access: &mut Access<'_>,
        request: &Request,
        record: &Record,
        rule: &Expr,
    ) -> Result<bool> {
        let collection = record.collection();
        let values = collection.fields.iter().zip(record.values());
        let row = values.map(|(field, value)| (field.name.clone(), row::bound(value)));
        let catalog = self.catalog();
        let rules = request.for_rules(self.clock().now());
        let query = Compiler::new(&*catalog, &rules).would_meet_rule(collection, row, Some(rule));
        access.exists(&query.map_err(refused)?, Cost::Point).await
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

/// What a client gets for a filter or a rule that cannot be compiled; the reason is for the log.
fn refused(error: query::Error) -> Error {
    Error::bad_request("").because(error)
}
