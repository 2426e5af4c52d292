use serde_json::{Value, json};

use crate::model::{Action, Caller, Case, Collection, Expression, Field, Type};

use super::operands::Scope;
use super::{Generator, fields};

impl Generator {
    /// Changes of the schema, and after each of them what the collection holds now. Nothing else comes after them, for
    /// nothing else knows of them.
    pub(super) fn alterations(&mut self) -> Vec<Case> {
        let mut cases = Vec::new();
        for _ in 0..self.chance.between(0, 12) {
            let at = self.chance.below(self.scenario.collections.len());
            let mut collection = self.scenario.collections[at].clone();
            if let Some((_, altered)) = self.altered.iter().rev().find(|(name, _)| *name == collection.name) {
                collection = altered.clone();
            }
            let action = match self.chance.below(100) {
                0..12 => Action::Truncate,
                12..30 => self.import(&mut collection),
                _ if collection.is_view() => Action::Alter { body: self.change_rule(&collection) },
                _ => Action::Alter { body: self.alter(&mut collection) },
            };
            // What points to records changes with them.
            let everywhere = matches!(action, Action::Truncate);
            cases.push(Case::new(Caller::Superuser, &collection.name, action));
            cases.extend(
                self.state().into_iter().filter(|case| everywhere || case.collection == collection.name),
            );
            // The next change starts from this one, even if it was refused.
            self.altered.push((collection.name.clone(), collection));
        }
        cases
    }

    /// An import of the collection as it is, with a change, or with a field that is no longer in the list, and now and
    /// then of another one.
    fn import(&mut self, collection: &mut Collection) -> Action {
        let mut json = collection.creation();
        if !collection.is_view() {
            let change = self.alter(collection);
            json["fields"] = collection.field_list(|_| true);
            json["indexes"] = collection.index_list();
            for (key, value) in change.as_object().into_iter().flatten() {
                json[key] = value.clone();
            }
        }
        let mut collections = vec![json];
        if self.chance.percent(20) {
            let at = self.chance.below(self.scenario.collections.len());
            collections.push(self.scenario.collections[at].creation());
        }
        if self.chance.percent(20) {
            let name = "imported";
            let fields = (0..3).map(|at| fields::field(&mut self.chance, at)).collect();
            let other = Collection { fields, ..Collection::new(name, crate::model::Kind::Base) };
            collections.push(other.creation());
        }
        Action::Import { body: json!({ "collections": collections, "deleteMissing": false }) }
    }

    fn alter(&mut self, collection: &mut Collection) -> Value {
        let fields = collection.fields.len();
        let at = self.chance.below(fields);
        match self.chance.below(100) {
            0..15 => return self.change_rule(collection),
            15..20 => {
                return json!({ "name": self.chance.word(&["renamed", "ALPHA", "Beta", "no good", ""]) });
            }
            20..25 => return json!({ "type": "auth" }),
            25..35 => {
                let mut field = fields::field(&mut self.chance, 20);
                field.name = format!("new_{}", field.name);
                collection.fields.push(field);
            }
            35..42 if fields > 0 => drop(collection.fields.remove(at)),
            42..52 if fields > 0 => self.rename(&mut collection.fields[at]),
            52..57 if fields > 1 => swap(&mut collection.fields),
            57..65 if fields > 0 => {
                let column = format!("`{}`", collection.fields[at].name);
                collection.indexes.push(crate::model::Index {
                    unique: true,
                    columns: vec![column],
                    only: None,
                });
            }
            65..70 => collection.indexes.clear(),
            70..75 if fields > 0 => {
                collection.fields[at].kind = *self.chance.pick(&[Type::Text, Type::Number, Type::Json]);
            }
            _ => self.resize(collection),
        }
        json!({ "fields": collection.field_list(|_| true), "indexes": collection.index_list() })
    }

    /// Another name for a field, under the same id.
    fn rename(&mut self, field: &mut Field) {
        if is_filled_in(field) {
            return;
        }
        field.options.entry("id").or_insert_with(|| Field::id_of(&field.name).into());
        field.name = self.chance.word(&["other", "id", "text0", "Number0", "no good", ""]).to_owned();
    }

    /// From one value to several or back, for all fields that can.
    fn resize(&mut self, collection: &mut Collection) {
        for field in &mut collection.fields {
            if matches!(field.kind, Type::Select | Type::Relation | Type::File) {
                let most = if field.is_multiple() { 1 } else { 2 };
                field.options.insert("maxSelect".to_owned(), most.into());
                field.options.remove("minSelect");
            }
        }
    }

    fn change_rule(&mut self, collection: &Collection) -> Value {
        let scope = Scope { collection: collection.name.clone(), privileged: true };
        let rule = match self.chance.percent(15) {
            true => Expression::Verbatim("nothing = 1".to_owned()),
            false => self.expression(&scope),
        };
        json!({ "listRule": rule.to_string() })
    }
}

/// Whether the servers fill in a field by themselves: by its name it is known that its values differ.
fn is_filled_in(field: &Field) -> bool {
    field.kind == Type::Autodate || field.options.contains_key("autogeneratePattern")
}

/// Exchanges the names of the first and the last field, each under its id.
fn swap(fields: &mut [Field]) {
    if fields.iter().any(is_filled_in) {
        return;
    }
    for field in &mut *fields {
        field.options.entry("id").or_insert_with(|| Field::id_of(&field.name).into());
    }
    if let [first, .., last] = fields {
        std::mem::swap(&mut first.name, &mut last.name);
    }
}
