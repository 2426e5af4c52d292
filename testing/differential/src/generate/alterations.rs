use serde_json::{Value, json};

use crate::model::{Action, Caller, Case, Collection, Expression, Field, Type};

use super::operands::Scope;
use super::{Generator, fields};

impl Generator {
    /// Changes of the schema, and after each of them what the collection holds now. Nothing else comes after them, for
    /// nothing else knows of them.
    pub(super) fn alterations(&mut self) -> Vec<Case> {
        let mut cases = Vec::new();
        for _ in 0..self.chance.weighted(&[20, 20, 20, 20, 20]) {
            let at = self.chance.below(self.scenario.collections.len());
            let mut collection = self.scenario.collections[at].clone();
            let body = if collection.is_view() {
                self.change_rule(&collection)
            } else {
                self.alter(&mut collection)
            };
            cases.push(Case::new(Caller::Superuser, &collection.name, Action::Alter { body }));
            cases.extend(self.state().into_iter().filter(|case| case.collection == collection.name));
            // The next change starts from this one, even if it was refused.
            self.altered.push((collection.name.clone(), collection));
        }
        cases
    }

    fn alter(&mut self, collection: &mut Collection) -> Value {
        if let Some((_, altered)) = self.altered.iter().rev().find(|(name, _)| *name == collection.name) {
            *collection = altered.clone();
        }
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
            42..55 if fields > 0 => self.rename(&mut collection.fields[at]),
            55..65 if fields > 0 => {
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
