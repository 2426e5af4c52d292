//! Follows a path of fields through relations.

use std::sync::Arc;

use schema::collection::single_unique_index;
use schema::{Collection, Field, FieldKind};
use sql::{Expr, Ident, Join, JoinKind, Select, Source, Values};

use crate::column;
use crate::error::{ErrorKind, NameError};
use crate::operand::Operand;
use crate::scope::Scope;

/// How many relations a path may go through.
const MAX_RELATIONS: usize = 6;

/// A walk along a path. It is done twice at the same time: through the joins of the query, which give one row for each
/// way to go, and through joins of its own, which a comparison needs to look at all the values that the path leads to
/// (see [`Many`](crate::operand::Many)).
pub(crate) struct Walk<'s, 'a> {
    pub(crate) scope: &'s mut Scope<'a>,
    /// Whether a missing field is null and no error.
    pub(crate) missing_is_null: bool,
    /// Whether the path can lead to several values.
    pub(crate) is_many: bool,
    /// Whose rows were reached.
    pub(crate) collection: Arc<Collection>,
    /// The rows reached, in the query.
    pub(crate) at: Ident,
    /// The rows reached, among all.
    pub(crate) many_at: Ident,
    pub(crate) many_joins: Vec<Join>,
}

/// The aliases under which the items of a list are joined.
pub(crate) struct Items {
    /// In the query.
    pub(crate) one: Ident,
    /// Among all.
    pub(crate) many: Ident,
}

impl<'s, 'a> Walk<'s, 'a> {
    /// A walk that starts at the record that the filter is about.
    pub(crate) fn from_record(scope: &'s mut Scope<'a>) -> Self {
        Self {
            missing_is_null: false,
            is_many: false,
            collection: Arc::clone(&scope.collection),
            at: scope.table.clone(),
            many_at: scope.table.clone(),
            many_joins: Vec::new(),
            scope,
        }
    }

    /// What is known of the values of a field of the rows reached.
    pub(crate) fn values(&self, field: &Field) -> Values {
        self.scope.values(&self.at, &self.collection, field)
    }

    /// Goes to all records of a collection. Those of the query are of `read`, which is another one when two have the
    /// same alias.
    pub(crate) fn cross(
        &mut self,
        named: &Collection,
        read: &Arc<Collection>,
        alias: &str,
    ) -> Result<(), ErrorKind> {
        self.is_many = true;
        let path = if alias.is_empty() {
            format!("@collection.{}", read.name)
        } else {
            format!("@collection:{alias}")
        };
        self.enter(path, read, true, |_, _| None)?;
        if let Some(join) = self.many_joins.last_mut() {
            join.source = Source::table_as(&named.name, &self.many_at);
        }
        Ok(())
    }

    /// Goes to the records of a collection that have one of these ids.
    pub(crate) fn jump(
        &mut self,
        path: String,
        collection: &Arc<Collection>,
        ids: &[&str],
    ) -> Result<(), ErrorKind> {
        self.enter(path, collection, ids.len() > 1, |_, next| {
            let id = column::id(next, collection);
            Some(match ids {
                [only] => id.eq(*only),
                _ => id.in_list(ids.iter().copied()),
            })
        })
    }

    /// Follows the fields and returns the value of the last one.
    pub(crate) fn run(self, props: &[&str]) -> Result<Operand, NameError> {
        let mut at = 0;
        self.follow_all(props, &mut at).map_err(|kind| kind.in_part(props.len() - at))
    }

    /// Follows the fields; `at` is the one that it has come to.
    fn follow_all(mut self, props: &[&str], at: &mut usize) -> Result<Operand, ErrorKind> {
        let Some((last, steps)) = props.split_last() else { return Ok(Operand::null()) };
        for (index, prop) in steps.iter().enumerate() {
            *at = index;
            let collection = Arc::clone(&self.collection);
            let Some(field) = collection.field(prop) else {
                check_depth(index)?;
                match self.find_back(prop) {
                    Ok((back, field)) => self.follow_back(&back, &field)?,
                    Err(_) if self.missing_is_null => return Ok(Operand::null()),
                    Err(error) => return Err(error),
                }
                continue;
            };
            self.check_visible(&collection, field)?;
            if matches!(field.kind, FieldKind::Json(_) | FieldKind::GeoPoint(_)) {
                return self.json_value(field, props.get(index + 1..).unwrap_or_default());
            }
            check_depth(index)?;
            let FieldKind::Relation(options) = &field.kind else {
                let (collection, name) = (collection.name.clone(), field.name.clone());
                return Err(ErrorKind::NotARelation { collection, name });
            };
            let target = self.scope.find(&options.collection_id)?;
            // The id of a single relation is the field itself, also when no such record exists.
            if index + 1 == steps.len() && *last == "id" && !field.kind.is_multiple() {
                return self.value(prop);
            }
            self.follow(field, &target)?;
        }
        *at = steps.len();
        self.value(last)
    }

    /// Refuses a hidden field to those who may not name it.
    pub(crate) fn check_visible(&self, collection: &Collection, field: &Field) -> Result<(), ErrorKind> {
        if field.hidden && !self.scope.trusted {
            let (collection, name) = (collection.name.clone(), field.name.clone());
            return Err(ErrorKind::Hidden { collection, name });
        }
        Ok(())
    }

    /// Goes from a relation to the records that it points to.
    fn follow(&mut self, field: &Field, target: &Arc<Collection>) -> Result<(), ErrorKind> {
        let path = format!("{}/{}", self.at.as_str(), field.name);
        if !field.kind.is_multiple() {
            let values = self.values(field);
            return self.enter(path, target, false, |at, next| {
                Some(column::id(next, target).eq(Expr::column_of(at, &field.name, values)))
            });
        }
        self.is_many = true;
        let items = self.items(field)?;
        (self.at, self.many_at) = (items.one, items.many);
        self.enter(path, target, false, |at, next| Some(column::id(next, target).eq(Expr::item(at))))
    }

    /// The collection and the field that `<collection>_via_<field>` names.
    fn find_back(&self, prop: &str) -> Result<(Arc<Collection>, Field), ErrorKind> {
        let unknown =
            || ErrorKind::UnknownField { collection: self.collection.name.clone(), name: prop.to_owned() };
        let (collection, field) = prop
            .rmatch_indices("_via_")
            .filter_map(|(index, via)| Some((prop.get(..index)?, prop.get(index + via.len()..)?)))
            .find(|(collection, field)| !collection.is_empty() && !field.is_empty())
            .ok_or_else(unknown)?;
        let back = self.scope.find(collection)?;
        let points_here = |field: &&Field| match &field.kind {
            FieldKind::Relation(options) => options.collection_id == self.collection.id,
            _ => false,
        };
        let is_unsaved = self.scope.unsaved.is_some() && self.at == self.scope.table;
        match back.field(field).filter(points_here) {
            Some(field) if !is_unsaved => {
                let field = field.clone();
                Ok((back, field))
            }
            _ => Err(ErrorKind::NotABackRelation {
                collection: self.collection.name.clone(),
                name: prop.to_owned(),
            }),
        }
    }

    /// Goes to the records that point here with a relation.
    fn follow_back(&mut self, back: &Arc<Collection>, field: &Field) -> Result<(), ErrorKind> {
        self.check_visible(back, field)?;
        let is_multiple = field.kind.is_multiple();
        let is_unique = !is_multiple && single_unique_index(&back.indexes, &field.name).is_some();
        self.is_many |= !is_unique;
        let path = format!("{}/{}_via_{}", self.at.as_str(), back.name, field.name);
        let here = Arc::clone(&self.collection);
        self.enter(path, back, !is_unique, |at, next| {
            let id = column::id(at, &here);
            let relation = Expr::column_of(next, &field.name, column::values(back, field));
            Some(if is_multiple {
                let items = Select::from(Source::json_each(relation, "@item"));
                id.in_select(items.column(Expr::item("@item")))
            } else {
                relation.eq(id)
            })
        })
    }

    /// Joins the rows of a collection. `several` says whether a row can have several partners there; `on` makes the
    /// condition from the alias of the rows reached so far and the new one.
    fn enter(
        &mut self,
        path: String,
        target: &Arc<Collection>,
        several: bool,
        on: impl Fn(&Ident, &Ident) -> Option<Expr>,
    ) -> Result<(), ErrorKind> {
        let table = |alias: &Ident| Source::table_as(&target.name, alias);
        // Nothing keeps the ids of a view unique.
        let several = several || target.is_view();
        let at = &self.at;
        self.at = self.scope.join(path, Some(target), several, |next| (table(next), on(at, next)))?;
        let next = self.scope.shared.alias();
        let on = on(&self.many_at, &next);
        self.many_joins.push(Join { kind: JoinKind::Left, source: table(&next), on });
        self.many_at = next;
        self.collection = Arc::clone(target);
        Ok(())
    }

    /// Joins the items of a list field.
    pub(crate) fn items(&mut self, field: &Field) -> Result<Items, ErrorKind> {
        let path = format!("{}/{}[]", self.at.as_str(), field.name);
        let values = self.values(field);
        let array = |at: &Ident| Expr::column_of(at, &field.name, values);
        let (one, many) = (array(&self.at), array(&self.many_at));
        self.join_items(path, field.kind.is_multiple(), one, many)
    }

    /// Joins the items of a JSON array, which is written differently in the query and among all.
    pub(crate) fn join_items(
        &mut self,
        path: String,
        several: bool,
        one: Expr,
        many: Expr,
    ) -> Result<Items, ErrorKind> {
        let one = self.scope.join(path, None, several, |next| (Source::json_each(one, next), None))?;
        let next = self.scope.shared.alias();
        let source = Source::json_each(many, &next);
        self.many_joins.push(Join { kind: JoinKind::Left, source, on: None });
        Ok(Items { one, many: next })
    }
}

fn check_depth(index: usize) -> Result<(), ErrorKind> {
    if index >= MAX_RELATIONS { Err(ErrorKind::TooDeep { limit: MAX_RELATIONS }) } else { Ok(()) }
}
