//! The schema as it is now: one immutable snapshot, replaced whole when a collection changes.

use std::collections::HashMap;
use std::sync::Arc;

use schema::collection::CollectionLookup;
use schema::{Collection, FieldKind};
use sql::{Projection, Select};

use crate::json::RecordShape;
use crate::rule::{Condition, ParsedRules, Rule};

/// Every collection, with what requests need of it prepared.
#[derive(Debug, Default)]
pub struct Catalog {
    entries: Vec<Arc<Entry>>,
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
}

/// A collection with its rules parsed and the shape of its records' JSON worked out.
#[derive(Debug)]
pub struct Entry {
    /// The collection itself.
    pub collection: Arc<Collection>,
    pub(crate) shape: RecordShape,
    pub(crate) projection: Arc<Projection>,
    pub(crate) rules: ParsedRules,
}

impl Entry {
    pub(crate) fn new(collection: Collection) -> Self {
        let rules = ParsedRules::new(&collection);
        let projection = Arc::new(query::projection(&collection));
        Self { shape: RecordShape::new(&collection), projection, rules, collection: Arc::new(collection) }
    }

    /// A query of all fields of the collection's rows, in their order.
    pub(crate) fn select(&self) -> Select {
        Select::from_table(&self.collection.name).shared(&self.projection)
    }

    /// How many bytes a record's fields can hold beyond what any request may send.
    pub fn max_body(&self) -> u64 {
        let sizes = self.collection.fields.iter().map(|field| match &field.kind {
            FieldKind::File(options) => {
                effective(options.max_size, 5 << 20).saturating_mul(effective(options.max_select, 1))
            }
            FieldKind::Json(options) => effective(options.max_size, 1 << 20),
            FieldKind::Editor(options) => effective(options.max_size, 5 << 20),
            _ => 0,
        });
        sizes.fold(0, u64::saturating_add)
    }

    /// Who manages the collection's records beside superusers; `None` for nobody.
    pub(crate) fn manage_rule(&self) -> Option<&Condition> {
        match &self.rules.manage {
            Rule::Condition(condition) => Some(condition),
            Rule::Locked | Rule::Open | Rule::Broken(_) => None,
        }
    }
}

impl CollectionLookup for Catalog {
    fn by_id(&self, id: &str) -> Option<Arc<Collection>> {
        self.by_id(id).map(|entry| Arc::clone(&entry.collection))
    }

    fn by_name(&self, name: &str) -> Option<Arc<Collection>> {
        self.by_name(name).map(|entry| Arc::clone(&entry.collection))
    }
}

impl query::Schema for Catalog {
    fn collection(&self, id_or_name: &str) -> Option<Arc<Collection>> {
        self.find(id_or_name).map(|entry| Arc::clone(&entry.collection))
    }

    fn projection(&self, collection: &Arc<Collection>) -> Arc<Projection> {
        // A request can still be about a collection as it was.
        let known = self.by_id(&collection.id).filter(|entry| Arc::ptr_eq(&entry.collection, collection));
        known.map_or_else(|| query::projection(collection).into(), |entry| Arc::clone(&entry.projection))
    }
}

impl Catalog {
    pub(crate) fn new(collections: impl IntoIterator<Item = Collection>) -> Self {
        Self::from_entries(
            collections.into_iter().map(|collection| Arc::new(Entry::new(collection))).collect(),
        )
    }

    pub(crate) fn from_entries(entries: Vec<Arc<Entry>>) -> Self {
        let by = |key: fn(&Collection) -> String| {
            entries.iter().enumerate().map(|(index, entry)| (key(&entry.collection), index)).collect()
        };
        Self {
            by_id: by(|collection| collection.id.clone()),
            by_name: by(|collection| collection.name.to_lowercase()),
            entries,
        }
    }

    /// The same collections, with one added or changed.
    pub(crate) fn with(&self, collection: Collection) -> Self {
        let mut entries = self.entries.clone();
        let entry = Arc::new(Entry::new(collection));
        match entries.iter_mut().find(|old| old.collection.id == entry.collection.id) {
            Some(old) => *old = entry,
            None => entries.push(entry),
        }
        Self::from_entries(entries)
    }

    /// The same collections without the one of this id.
    pub(crate) fn without(&self, id: &str) -> Self {
        Self::from_entries(self.entries.iter().filter(|entry| entry.collection.id != id).cloned().collect())
    }

    /// All collections, in the order in which they were created.
    pub fn entries(&self) -> &[Arc<Entry>] {
        &self.entries
    }

    /// The collection with this id (exact) or name (in any case).
    pub fn find(&self, name_or_id: &str) -> Option<&Arc<Entry>> {
        self.by_id(name_or_id).or_else(|| self.by_name(name_or_id))
    }

    /// The collection with this id.
    pub fn by_id(&self, id: &str) -> Option<&Arc<Entry>> {
        self.by_id.get(id).and_then(|&index| self.entries.get(index))
    }

    /// The collection with this name, in any case.
    pub fn by_name(&self, name: &str) -> Option<&Arc<Entry>> {
        let index = match self.by_name.get(name) {
            Some(index) => index,
            None => self.by_name.get(&name.to_lowercase())?,
        };
        self.entries.get(*index)
    }

    /// The collections with relation fields that point to this one, with those fields' names.
    pub(crate) fn references_to(&self, collection_id: &str) -> Vec<(Arc<Entry>, Vec<String>)> {
        self.entries
            .iter()
            .filter(|entry| !entry.collection.is_view())
            .filter_map(|entry| {
                let fields: Vec<String> = entry
                    .collection
                    .fields
                    .iter()
                    .filter(|field| {
                        matches!(&field.kind, FieldKind::Relation(options) if options.collection_id == collection_id)
                    })
                    .map(|field| field.name.clone())
                    .collect();
                (!fields.is_empty()).then(|| (Arc::clone(entry), fields))
            })
            .collect()
    }
}

/// An option's value, or its default where it is not set.
fn effective(option: i64, default: u64) -> u64 {
    u64::try_from(option).ok().filter(|&value| value > 0).unwrap_or(default)
}
