//! What is wrong with collections, compared with what PocketBase v0.39 answers to the same requests.

#![cfg(test)]

use std::sync::Arc;

use ambient::{Entropy, SeededEntropy};
use baibase_schema::collection::{
    ApplyError, CollectionKind, CollectionLookup, Index, NewId, ValidationContext, system,
};
use baibase_schema::{Collection, FieldErrors, json};
use serde_json::Value;

const NOW: &str = "2024-01-01 00:00:00.000Z";

/// A database in memory.
struct Database {
    collections: Vec<Arc<Collection>>,
    entropy: SeededEntropy,
}

impl CollectionLookup for Database {
    fn by_id(&self, id: &str) -> Option<Arc<Collection>> {
        self.collections.iter().find(|collection| collection.id == id).cloned()
    }

    fn by_name(&self, name: &str) -> Option<Arc<Collection>> {
        self.collections.iter().find(|collection| collection.name.eq_ignore_ascii_case(name)).cloned()
    }
}

impl ValidationContext for Database {
    fn is_name_of_other(&self, name: &str, id: Option<&str>) -> bool {
        let is_it =
            |other: &Arc<Collection>| other.name.eq_ignore_ascii_case(name) && Some(other.id.as_str()) != id;
        self.collections.iter().any(is_it)
    }

    fn has_table(&self, name: &str) -> bool {
        name == "_params" || self.by_name(name).is_some()
    }

    fn table_of_index(&self, name: &str) -> Option<String> {
        let has_it = |collection: &&Arc<Collection>| {
            let mut names = collection.indexes.iter().filter_map(|index| Some(Index::parse(index)?.name));
            names.any(|other| other.eq_ignore_ascii_case(name))
        };
        self.collections.iter().find(has_it).map(|collection| collection.name.clone())
    }

    fn rule_error(&self, _: &Collection, rule: &str) -> Option<String> {
        (rule == "(").then(|| "no end".to_owned())
    }

    fn view_query_error(&self, query: &str) -> Option<String> {
        (!query.starts_with("select")).then(|| "no view".to_owned())
    }

    fn has_oauth2_provider(&self, name: &str) -> bool {
        name == "google"
    }

    fn entropy(&self) -> &dyn Entropy {
        &self.entropy
    }
}

impl Database {
    fn new(existing: &Value) -> Self {
        let entropy = SeededEntropy::new(5);
        let collections = system::all(&entropy, NOW).into_iter().map(Arc::new).collect();
        let mut database = Self { collections, entropy };
        for json in existing.as_array().unwrap() {
            let collection = database.apply(None, json).unwrap();
            assert_eq!(collection.validate(None, &database), FieldErrors::new());
            database.collections.push(Arc::new(collection));
        }
        database
    }

    /// The collection that a request makes, ready to be validated.
    fn apply(&self, old: Option<&Collection>, json: &Value) -> Result<Collection, FieldErrors> {
        let applied = match old {
            None => Collection::from_json(json, NewId::Generated, &self.entropy),
            Some(old) => {
                let mut collection = old.clone();
                collection.apply_json(json).map(|()| collection)
            }
        };
        let mut collection = match applied {
            Ok(collection) => collection,
            Err(ApplyError::Invalid(errors)) => return Err(errors),
            Err(error) => panic!("{error}"),
        };
        collection.prepare(old, NOW, self);
        if let CollectionKind::View(options) = &collection.kind {
            // As if every query had an `id` column alone.
            let fields = Collection::new(CollectionKind::Base, "", "").fields;
            collection.fields = if options.view_query.is_empty() { Vec::new() } else { fields };
        }
        Ok(collection)
    }

    fn errors(&self, old: Option<&Collection>, json: &Value) -> FieldErrors {
        match self.apply(old, json) {
            Ok(collection) => collection.validate(old, self),
            Err(errors) => errors,
        }
    }
}

#[test]
fn the_same_errors_as_pocketbase() {
    let fixture: Value = serde_json::from_str(include_str!("fixtures/validation.json")).unwrap();
    let database = Database::new(&fixture["existing"]);
    for case in fixture["cases"].as_array().unwrap() {
        let old = case["on"].as_str().map(|name| database.by_name(name).unwrap());
        let errors = database.errors(old.as_deref(), &case["body"]);
        let (found, expected) =
            (json::to_string(&errors.to_json()).unwrap(), json::to_string(&case["data"]).unwrap());
        assert_eq!(found, expected, "{}", case["what"]);
    }
}

#[test]
fn rules_and_queries_are_checked_by_the_context() {
    let fixture: Value = serde_json::from_str(include_str!("fixtures/validation.json")).unwrap();
    let database = Database::new(&fixture["existing"]);
    let found =
        |json: &str| database.errors(None, &serde_json::from_str(json).unwrap()).to_json().to_string();
    assert_eq!(
        found(r#"{"name": "a", "listRule": "(", "viewRule": ""}"#),
        r#"{"listRule":{"code":"validation_invalid_rule","message":"Invalid rule. Raw error: no end."}}"#
    );
    assert_eq!(
        found(r#"{"name": "a", "type": "view", "viewQuery": "drop"}"#),
        r#"{"viewQuery":{"code":"validation_invalid_view_query","message":"Invalid query - no view."}}"#
    );
}

#[test]
fn the_id_of_a_stored_collection_stays() {
    let database = Database::new(&Value::Array(Vec::new()));
    let users = database.by_name("users").unwrap();
    let json = serde_json::json!({"id": "other"});
    assert_eq!(database.errors(Some(&users), &json).to_json()["id"]["code"], "validation_values_mismatch");
}

#[test]
fn the_starting_collections_are_valid() {
    let empty = Database { collections: Vec::new(), entropy: SeededEntropy::new(6) };
    for collection in system::all(&empty.entropy, NOW) {
        assert_eq!(collection.validate(None, &empty), FieldErrors::new(), "{}", collection.name);
    }
}

#[test]
fn a_generated_id_that_is_taken_gets_a_number() {
    let database = Database::new(&serde_json::json!([{"name": "first", "id": "pbc_1"}]));
    let taken =
        Collection::new(CollectionKind::with_defaults("auth", &database.entropy).unwrap(), "second", "");
    let mut other = taken.clone();
    other.name = "renamed".into();
    let database = Database { collections: vec![Arc::new(other)], ..database };

    let json = serde_json::json!({"name": "second", "type": "auth"});
    let collection = database.apply(None, &json).unwrap();
    assert_eq!(collection.id, format!("{}2", taken.id));
    let index = format!("CREATE UNIQUE INDEX `idx_tokenKey_{}2` ON `second` (`tokenKey`)", taken.id);
    assert_eq!(collection.indexes[0], index);
}
