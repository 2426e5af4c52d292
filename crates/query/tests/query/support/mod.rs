//! Collections and rows of a small service, as PocketBase made them.

pub(crate) mod database;
pub(crate) mod service;

use std::sync::Arc;

use baibase_query::Schema;
use schema::Collection;
use schema::collection::NewId;
use serde_json::Value;

/// The collections of `golden/collections.json`.
#[derive(Clone)]
pub(crate) struct Collections(Vec<Arc<Collection>>);

impl Collections {
    pub(crate) fn load() -> Self {
        let list: Vec<Value> = serde_json::from_str(include_str!("../golden/collections.json")).unwrap();
        let entropy = ambient::SeededEntropy::new(1);
        let read = |json| Arc::new(Collection::from_json(json, NewId::FromJson, &entropy).unwrap());
        Self(list.iter().map(read).collect())
    }

    /// The same collections, one of them with another list rule.
    pub(crate) fn with_list_rule(&self, name: &str, rule: &str) -> Self {
        let mut collections = self.clone();
        let changed = collections.0.iter_mut().find(|collection| collection.name == name).unwrap();
        Arc::make_mut(changed).rules.list = Some(rule.to_owned());
        collections
    }

    /// The same collections and one more.
    pub(crate) fn with(&self, json: &Value) -> Self {
        let added = Collection::from_json(json, NewId::FromJson, &ambient::SeededEntropy::new(1)).unwrap();
        let mut collections = self.clone();
        collections.0.push(Arc::new(added));
        collections
    }

    pub(crate) fn all(&self) -> &[Arc<Collection>] {
        &self.0
    }

    pub(crate) fn get(&self, name: &str) -> &Arc<Collection> {
        self.0.iter().find(|collection| collection.name == name).unwrap()
    }
}

impl Schema for Collections {
    fn collection(&self, id_or_name: &str) -> Option<Arc<Collection>> {
        let is_it = |c: &&Arc<Collection>| c.id == id_or_name || c.name.eq_ignore_ascii_case(id_or_name);
        self.0.iter().find(is_it).cloned()
    }
}
