use serde_json::{Map, Value, json};

use crate::model::{Action, Caller, Case, Collection, Field, Kind, Type};
use crate::{PASSWORD, email};

use super::{Generator, values, views};

impl Generator {
    /// Creates rows, and afterwards points some of them to others that came later.
    pub(super) fn rows(&mut self) {
        let tables: Vec<Collection> =
            self.scenario.collections.iter().filter(|collection| !collection.is_view()).cloned().collect();
        for collection in &tables {
            for _ in 0..self.chance.between(4, 13) {
                let id = self.new_id(&collection.name);
                let mut body = self.body(collection, 80);
                if collection.is_auth() {
                    body.extend(self.account(&collection.name, &id));
                }
                body.insert("id".to_owned(), id.into());
                self.write(collection, Action::Create { body });
            }
        }
        for collection in &tables {
            let relations: Vec<&Field> =
                collection.fields.iter().filter(|field| field.kind == Type::Relation).collect();
            for id in self.ids.get(&collection.name).cloned().unwrap_or_default() {
                if !relations.is_empty() && self.chance.percent(45) {
                    let field = *self.chance.pick(&relations);
                    let value = self.references(field);
                    let body = Map::from_iter([(field.name.clone(), value)]);
                    self.write(collection, Action::Update { id, body });
                }
            }
        }
        self.rows_of_views();
    }

    /// Views show the rows of others.
    fn rows_of_views(&mut self) {
        for view in &self.scenario.collections {
            let Kind::View(query) = &view.kind else { continue };
            let Some(source) = views::source(query, &self.scenario.collections) else { continue };
            let shown = self.ids.get(&source.name).cloned().unwrap_or_default();
            let id = |id: String| if query.contains("'v' ||") { format!("v{id}") } else { id };
            self.ids.insert(view.name.clone(), shown.into_iter().map(id).collect());
        }
    }

    fn write(&mut self, collection: &Collection, action: Action) {
        self.push(Case::new(Caller::Superuser, &collection.name, action));
    }

    /// A body with so many percent of the fields.
    pub(super) fn body(&mut self, collection: &Collection, percent: u32) -> Map<String, Value> {
        let mut body = Map::new();
        for field in &collection.fields {
            let wanted = if field.is("required") { 97 } else { percent };
            if self.chance.percent(wanted) {
                let value = self.value(&collection.name, field);
                body.insert(field.name.clone(), value);
            }
        }
        body
    }

    /// A value for a field; it is remembered for filters.
    pub(super) fn value(&mut self, collection: &str, field: &Field) -> Value {
        let value = match field.kind {
            Type::Relation => self.references(field),
            Type::File => return self.files(field),
            _ => values::value(&mut self.chance, field),
        };
        self.values.entry((collection.to_owned(), field.name.clone())).or_default().push(value.clone());
        value
    }

    /// The ids of rows of the target, one or a list.
    fn references(&mut self, field: &Field) -> Value {
        let target = field.target.clone().unwrap_or_default();
        if !field.is_multiple() {
            return if self.chance.percent(12) { "".into() } else { self.any_id(&target).into() };
        }
        let count = self.chance.weighted(&[12, 28, 28, 20, 12]);
        (0..count).map(|_| Value::from(self.any_id(&target))).collect()
    }

    /// What a record needs beside its fields to sign in.
    pub(super) fn account(&mut self, collection: &str, id: &str) -> Map<String, Value> {
        let account = json!({
            "email": email(collection, id),
            "emailVisibility": self.chance.percent(50),
            "verified": self.chance.percent(50),
            "password": PASSWORD,
            "passwordConfirm": PASSWORD,
        });
        account.as_object().cloned().unwrap_or_default()
    }
}
