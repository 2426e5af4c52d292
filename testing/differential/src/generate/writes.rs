use serde_json::{Map, Value, json};

use crate::PASSWORD;
use crate::model::{Action, Caller, Case, Collection, Field, Type};
use crate::run::has_id;
use crate::upload::has_files;

use super::Generator;

impl Generator {
    /// A creation by whoever calls.
    pub(super) fn creation(&mut self, collection: &str) -> Action {
        let Some(collection) = self.scenario.collection(collection).cloned() else {
            return Action::Create { body: Map::new() };
        };
        let mut body = self.body(&collection, 60);
        let id = match self.chance.below(100) {
            0..12 => None,
            12..16 => Some(self.any_id(&collection.name)),
            16..19 => {
                Some(self.chance.word(&["", "short", "Capital00000000", "0123456789abcdefg"]).to_owned())
            }
            _ => Some(self.new_id(&collection.name)),
        };
        if collection.is_auth() {
            let address = id.clone().unwrap_or_else(|| "somebody".to_owned());
            body.extend(self.account(&collection.name, &address));
            if self.chance.percent(25) {
                self.change_account(&mut body);
            }
        }
        if let Some(id) = id {
            body.insert("id".to_owned(), id.into());
        }
        Action::Create { body }
    }

    /// An update by whoever calls.
    pub(super) fn update(&mut self, collection: &str) -> Action {
        let id = self.any_id(collection);
        let mut body = Map::new();
        let Some(found) = self.scenario.collection(collection).cloned() else {
            return Action::Update { id, body };
        };
        for _ in 0..self.chance.weighted(&[3, 50, 30, 17]) {
            if let Some((key, value)) = self.change(&found) {
                body.insert(key, value);
            }
        }
        if found.is_auth() && self.chance.percent(25) {
            self.change_account(&mut body);
        }
        Action::Update { id, body }
    }

    /// Several changes at once, mostly such as go together.
    pub(super) fn batch(&mut self, caller: &Caller) -> Action {
        let mut cases = Vec::new();
        while cases.len() < 4 && (cases.is_empty() || self.chance.percent(65)) {
            let collection = self.any_collection();
            let action = match self.chance.below(10) {
                0..4 => self.creation(&collection),
                4 => match self.creation(&collection) {
                    Action::Create { body } => Action::Upsert { body },
                    other => other,
                },
                5 => match self.update(&collection) {
                    Action::Update { id, mut body } => {
                        body.insert("id".to_owned(), id.into());
                        Action::Upsert { body }
                    }
                    other => other,
                },
                6..9 => self.update(&collection),
                _ => Action::Delete { id: self.any_id(&collection) },
            };
            // What the servers would choose, nobody could remove again; and files would have to be parts of the batch.
            let fits = match &action {
                Action::Create { body } | Action::Upsert { body } => has_id(body) && !has_files(body),
                Action::Update { body, .. } => !has_files(body),
                _ => true,
            };
            if fits {
                cases.push(Case::new(caller.clone(), &collection, action));
            }
        }
        Action::Batch(cases)
    }

    /// A key and a value that change a field.
    fn change(&mut self, collection: &Collection) -> Option<(String, Value)> {
        if self.chance.percent(4) {
            let keys = ["id", "unknown", "collectionId", "expand", "created"];
            return Some(((*self.chance.pick(&keys)).to_owned(), json!("x")));
        }
        if collection.fields.is_empty() {
            return None;
        }
        let field: Field = self.chance.pick(&collection.fields).clone();
        let value = self.value(&collection.name, &field);
        let name = &field.name;
        let modifiable = matches!(field.kind, Type::Number | Type::Select | Type::Relation | Type::File);
        let key = match self.chance.below(100) {
            0..50 if modifiable => {
                (*self.chance.pick(&[format!("{name}+"), format!("+{name}"), format!("{name}-")])).clone()
            }
            0..3 => format!("{name}+"),
            3..6 if field.kind == Type::Text => format!("{name}:autogenerate"),
            _ => name.clone(),
        };
        Some((key, value))
    }

    /// Changes what only some may change.
    fn change_account(&mut self, body: &mut Map<String, Value>) {
        let changes = [
            ("email", json!("other@example.com")),
            ("email", json!("")),
            ("email", json!("no e-mail")),
            ("emailVisibility", json!(true)),
            ("verified", json!(true)),
            ("verified", json!(false)),
            ("password", json!("x")),
            ("password", json!(PASSWORD)),
            ("passwordConfirm", json!("other password")),
            ("passwordConfirm", json!(PASSWORD)),
            ("oldPassword", json!(PASSWORD)),
            ("oldPassword", json!("wrong")),
            ("tokenKey", json!("short")),
        ];
        for _ in 0..self.chance.between(1, 3) {
            let (key, value) = self.chance.pick(&changes).clone();
            body.insert(key.to_owned(), value);
        }
    }
}
