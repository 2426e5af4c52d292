use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;

use ambient::Entropy;
use filter::{Position, Span};
use oauth2_providers::Registry;
use query::{Compiler, ErrorKind, List, Request, Schema};
use schema::Collection;
use schema::collection::{CollectionLookup, ValidationContext};
use sql::{Catalog as SqlCatalog, Expr, Select, Source};
use store::{Row, Transaction};

use crate::{Catalog, Engine, Result};

/// What the checks of a collection ask for, read before they begin.
pub(super) struct Context<'a> {
    catalog: &'a Catalog,
    entropy: &'a dyn Entropy,
    oauth2: &'a Registry,
    /// The names of all tables and views, in lower case.
    tables: Vec<String>,
    /// The tables of all indexes, by the index's name in lower case.
    indexes: HashMap<String, String>,
    /// What is wrong with the query of the view that is checked.
    pub(super) view_query_error: Option<String>,
}

/// The catalog with one collection as it will be.
struct Overlay<'a> {
    catalog: &'a Catalog,
    collection: &'a Arc<Collection>,
}

impl<'a> Context<'a> {
    pub(super) async fn read(
        transaction: &mut dyn Transaction,
        catalog: &'a Catalog,
        engine: &'a Engine,
    ) -> Result<Self> {
        let tables = store::fetch_in(transaction, &SqlCatalog::tables(), |row| Ok(lower(row, 0))).await?;
        let all = Select::from(Source::Catalog(SqlCatalog::Indexes))
            .column(Expr::name("name"))
            .column(Expr::name("table"));
        let indexes = store::fetch_in(transaction, &all, |row| {
            let table = row.get(1).to_text().unwrap_or_default().into_owned();
            Ok((lower(row, 0), table))
        });
        let indexes = indexes.await?.into_iter().collect();
        Ok(Self {
            catalog,
            entropy: engine.entropy(),
            oauth2: engine.oauth2(),
            tables,
            indexes,
            view_query_error: None,
        })
    }
}

/// What is wrong with a rule, and where.
fn problem(rule: &str, span: Span, problem: &dyn Display) -> String {
    format!("{}: {problem}", Position::of(span, rule))
}

fn lower(row: &dyn Row, column: usize) -> String {
    row.get(column).to_text().unwrap_or_default().to_lowercase()
}

impl CollectionLookup for Context<'_> {
    fn by_id(&self, id: &str) -> Option<Arc<Collection>> {
        CollectionLookup::by_id(self.catalog, id)
    }

    fn by_name(&self, name: &str) -> Option<Arc<Collection>> {
        CollectionLookup::by_name(self.catalog, name)
    }
}

impl ValidationContext for Context<'_> {
    fn is_name_of_other(&self, name: &str, id: Option<&str>) -> bool {
        // While an import is under way, several can have one name.
        let mut others = self.catalog.entries().iter().map(|entry| &entry.collection);
        others.any(|other| other.name.eq_ignore_ascii_case(name) && Some(other.id.as_str()) != id)
    }

    fn has_table(&self, name: &str) -> bool {
        self.tables.contains(&name.to_lowercase())
    }

    fn table_of_index(&self, index: &str) -> Option<String> {
        self.indexes.get(&index.to_lowercase()).cloned()
    }

    fn rule_error(&self, collection: &Collection, rule: &str) -> Option<String> {
        let expr = match filter::parse(rule) {
            Ok(expr) => expr,
            Err(error) => return Some(problem(rule, error.span, &error.kind)),
        };
        let collection = Arc::new(collection.clone());
        let overlay = Overlay { catalog: self.catalog, collection: &collection };
        let request = Request::default();
        let list = List { rule: Some(&expr), ..List::new(&collection) };
        Compiler::new(&overlay, &request)
            .list(&list)
            .err()
            // How many tables a rule joins is told when it is used, as PocketBase does.
            .filter(|error| !matches!(error.kind, ErrorKind::TooManyTables { .. }))
            .map(|error| problem(rule, error.span, &error.kind))
    }

    fn view_query_error(&self, _query: &str) -> Option<String> {
        self.view_query_error.clone()
    }

    fn has_oauth2_provider(&self, name: &str) -> bool {
        self.oauth2.has(name)
    }

    fn entropy(&self) -> &dyn Entropy {
        self.entropy
    }
}

impl Schema for Overlay<'_> {
    fn collection(&self, id_or_name: &str) -> Option<Arc<Collection>> {
        // In another case, the name can still be that of another collection, which is then told by the name alone.
        if id_or_name == self.collection.id || id_or_name == self.collection.name {
            return Some(Arc::clone(self.collection));
        }
        let found = self.catalog.collection(id_or_name)?;
        // A rule goes from one collection to the next by their names, PocketBase's way: a name that is taken leads to
        // the one that takes it.
        if found.name == self.collection.name {
            return Some(Arc::clone(self.collection));
        }
        Some(found)
    }
}
