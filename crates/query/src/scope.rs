//! What the names of one filter or rule refer to, and the joins that they need.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

use filter::Span;
use jiff::Timestamp;
use schema::{Collection, Field};
use sql::{Expr, Ident, Join, JoinKind, Source, Values};

use crate::alias::Aliases;
use crate::condition::Names;
use crate::error::{Error, ErrorKind, NameError, Part};
use crate::operand::Operand;
use crate::path::{self, Path};
use crate::request::Request;
use crate::schema::Schema;
use crate::walk::Walk;
use crate::{body, column, statics};

/// How many tables a query can read at once, its own among them. It is SQLite's limit, and PocketBase's with it; beyond
/// it a join takes too long on any database.
pub(crate) const MAX_TABLES: usize = 64;

/// What all scopes of one query share.
pub(crate) struct Shared<'a> {
    pub(crate) schema: &'a dyn Schema,
    pub(crate) request: &'a Request<'a>,
    aliases: Cell<u32>,
}

impl<'a> Shared<'a> {
    pub(crate) fn new(schema: &'a dyn Schema, request: &'a Request<'a>) -> Self {
        Self { schema, request, aliases: Cell::new(0) }
    }

    /// A name for a source that no other source of the query has. No collection has such a name.
    pub(crate) fn alias(&self) -> Ident {
        let number = self.aliases.get() + 1;
        self.aliases.set(number);
        format!("@{number}").into()
    }
}

/// The names of filters and rules about the records of one collection. They share their joins: a path that is
/// written twice leads to the same rows.
pub(crate) struct Scope<'a> {
    pub(crate) shared: &'a Shared<'a>,
    /// The collection of the records.
    pub(crate) collection: Arc<Collection>,
    /// The name by which the records go in the query.
    pub(crate) table: Ident,
    /// What is known of the record's columns when it is not stored yet, so that nothing can point to it.
    pub(crate) unsaved: Option<HashMap<String, Values>>,
    /// Whether everything can be named. Otherwise hidden fields cannot, and of joined collections only the rows that
    /// their list rules show.
    pub(crate) trusted: bool,
    /// Which text the names are from.
    pub(crate) part: Part,
    /// Where the name stands that is being looked up.
    place: Span,
    aliases: Aliases,
    joins: Vec<Joined>,
    related: Vec<Related>,
}

/// A source joined for a path.
struct Joined {
    /// Where the path starts and what it goes through, so that it is joined once.
    path: String,
    alias: Ident,
    join: Join,
    /// Whether a row can have several partners.
    several: bool,
    /// Which text has the name that joins it.
    part: Part,
    /// Where that name stands.
    place: Span,
}

/// Joined rows that must meet the list rule of their collection.
#[derive(Clone)]
pub(crate) struct Related {
    pub(crate) collection: Arc<Collection>,
    pub(crate) alias: Ident,
    /// Which text has the name that joins them.
    pub(crate) part: Part,
    /// Where that name stands.
    pub(crate) place: Span,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(shared: &'a Shared<'a>, collection: &Arc<Collection>, table: Ident) -> Self {
        Self {
            shared,
            collection: Arc::clone(collection),
            table,
            unsaved: None,
            trusted: true,
            part: Part::Rule,
            place: Span::default(),
            aliases: Aliases::default(),
            joins: Vec::new(),
            related: Vec::new(),
        }
    }

    /// The same scope for texts with these aliases, which are known before any of them is compiled.
    pub(crate) fn with_aliases(self, aliases: Aliases) -> Self {
        Self { aliases, ..self }
    }

    /// A field of the caller. The values that the request carries are bound, all others are read.
    fn resolve_auth(&mut self, props: &[&str]) -> Result<Operand, NameError> {
        let Some(caller) = self.shared.request.auth else { return Ok(Operand::null()) };
        Ok(match props {
            ["id"] => Operand::bound(caller.id),
            ["collectionId"] => Operand::bound(caller.collection.id.as_str()),
            ["collectionName"] => Operand::bound(caller.collection.name.as_str()),
            ["email"] => Operand::bound(caller.email),
            ["emailVisibility"] => Operand::bound(caller.email_visibility),
            ["verified"] => Operand::bound(caller.verified),
            _ => {
                let mut walk = Walk::from_record(self);
                walk.missing_is_null = true;
                walk.jump("@request.auth".to_owned(), caller.collection, &[caller.id])?;
                return walk.run(props);
            }
        })
    }

    /// The values of a field's column in rows that go by this name.
    pub(crate) fn values(&self, at: &Ident, collection: &Collection, field: &Field) -> Values {
        match &self.unsaved {
            Some(columns) if *at == self.table => columns.get(&field.name).copied().unwrap_or_default(),
            _ => column::values(collection, field),
        }
    }

    /// The collection of this id or name.
    pub(crate) fn find(&self, id_or_name: &str) -> Result<Arc<Collection>, ErrorKind> {
        self.shared
            .schema
            .collection(id_or_name)
            .ok_or_else(|| ErrorKind::UnknownCollection { name: id_or_name.to_owned() })
    }

    /// Joins what a path leads to, once for each path, and returns its alias. `several` says whether a row can have
    /// several partners; `collection` is what is joined, unless it is a list of JSON.
    pub(crate) fn join(
        &mut self,
        path: String,
        collection: Option<&Arc<Collection>>,
        several: bool,
        source: impl FnOnce(&Ident) -> (Source, Option<Expr>),
    ) -> Result<Ident, ErrorKind> {
        let known = self.joins.iter().find(|joined| joined.path == path).map(|joined| joined.alias.clone());
        let is_new = known.is_none();
        let alias = known.unwrap_or_else(|| self.shared.alias());
        if !self.trusted
            && let Some(collection) = collection
        {
            self.relate(collection, &alias)?;
        }
        if is_new {
            let (source, on) = source(&alias);
            let join = Join { kind: JoinKind::Left, source, on };
            let (part, place) = (self.part, self.place);
            self.joins.push(Joined { path, alias: alias.clone(), join, several, part, place });
        }
        Ok(alias)
    }

    /// Notes that joined rows must meet their collection's list rule.
    fn relate(&mut self, collection: &Arc<Collection>, alias: &Ident) -> Result<(), ErrorKind> {
        match collection.rules.list.as_deref() {
            None => return Err(ErrorKind::Closed { collection: collection.name.clone() }),
            Some("") => {}
            Some(_) if self.related.iter().any(|related| related.alias == *alias) => {}
            Some(_) => {
                let (collection, alias) = (Arc::clone(collection), alias.clone());
                self.related.push(Related { collection, alias, part: self.part, place: self.place });
            }
        }
        Ok(())
    }

    /// The rows whose list rules must be met.
    pub(crate) fn related(&self) -> &[Related] {
        &self.related
    }

    /// Whether the joins can give several rows for one record.
    pub(crate) fn has_several(&self) -> bool {
        self.joins.iter().any(|joined| joined.several)
    }

    /// The joins, in the order in which they refer to each other; at most so many.
    pub(crate) fn into_joins(self, limit: usize) -> Result<impl Iterator<Item = Join>, Error> {
        if let Some(first) = self.joins.get(limit) {
            let kind = ErrorKind::TooManyTables { limit: MAX_TABLES };
            return Err(kind.at(first.place).of(first.part));
        }
        Ok(self.joins.into_iter().map(|joined| joined.join))
    }
}

impl Names for Scope<'_> {
    fn now(&self) -> Timestamp {
        self.shared.request.now
    }

    fn path(&mut self, name: &str, span: Span) -> Result<Operand, Error> {
        self.place = span;
        self.resolve(name).map_err(|error| error.at(name, span))
    }
}

impl Scope<'_> {
    fn resolve(&mut self, name: &str) -> Result<Operand, NameError> {
        let unknown =
            || ErrorKind::UnknownName { expected: path::expected(name).into(), name: name.to_owned() };
        match Path::parse(name).ok_or_else(unknown)? {
            Path::Record(props) => Walk::from_record(self).run(&props),
            Path::Static(props) => statics::resolve(self.shared.request, &self.collection, &props)
                .map_err(|kind| kind.in_part(1)),
            Path::Body(props) => body::resolve(self, &props),
            Path::Auth(props) => self.resolve_auth(&props),
            Path::Collection { name, alias, rest } => {
                let named = self.find(name).map_err(|kind| kind.in_part(rest.len() + 1))?;
                let read = self.aliases.collection(alias, &named, &rest)?;
                let mut walk = Walk::from_record(self);
                walk.cross(&named, &read, alias)?;
                walk.run(&rest)
            }
        }
    }
}
