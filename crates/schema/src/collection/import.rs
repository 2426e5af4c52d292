use ambient::Entropy;
use serde_json::Value;

use super::{ApplyError, Collection, NewId};
use crate::field::{Field, add_field};
use crate::load;

impl Collection {
    /// The collection that one item of an import makes, to be saved in place of `existing`: the stored collection
    /// with the item's id, or with its name when the item has no id.
    ///
    /// Fields of `existing` that the item does not mention stay; with `delete_missing` only those of the system do.
    ///
    /// # Errors
    /// As [`Self::apply_json`].
    pub fn import(
        json: &Value,
        existing: Option<&Self>,
        delete_missing: bool,
        entropy: &dyn Entropy,
    ) -> Result<Self, ApplyError> {
        let Some(existing) = existing else { return Self::from_json(json, NewId::FromJson, entropy) };
        let mut imported = existing.clone();
        imported.apply_json(json)?;
        let has_fields = json.as_object().and_then(|object| load::get(object, "fields")).is_some();
        if delete_missing && !has_fields {
            imported.fields.clear();
        }
        for field in &existing.fields {
            if field.system || !delete_missing {
                imported.keep_field(field);
            }
        }
        Ok(imported)
    }

    /// Keeps a stored field, also in place of one with its name and type and another id: its column would be
    /// dropped with it otherwise.
    fn keep_field(&mut self, stored: &Field) {
        if self.field_by_id(&stored.id).is_some() {
            return;
        }
        let namesake = self.fields.iter_mut().find(|field| field.name == stored.name);
        if let Some(field) = namesake.filter(|field| field.kind.name() == stored.kind.name()) {
            field.id.clone_from(&stored.id);
        }
        add_field(&mut self.fields, stored.clone());
    }
}

#[cfg(test)]
mod tests {
    use ambient::SeededEntropy;
    use serde_json::json;

    use super::*;
    use crate::collection::CollectionKind;
    use crate::field::fields_from_json;

    fn import(json: &Value, delete_missing: bool) -> Vec<(String, String)> {
        let mut existing = Collection::new(CollectionKind::Base, "posts", "");
        existing.fields = fields_from_json(&json!([
            {"type": "text", "id": "1", "name": "id", "system": true},
            {"type": "text", "id": "2", "name": "title"},
            {"type": "text", "id": "3", "name": "body"},
        ]))
        .unwrap();
        let imported = Collection::import(json, Some(&existing), delete_missing, &SeededEntropy::new(1));
        imported.unwrap().fields.into_iter().map(|field| (field.id, field.name)).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(id, name)| ((*id).into(), (*name).into())).collect()
    }

    #[test]
    fn fields_that_are_not_mentioned_stay() {
        let json = json!({"fields": [
            {"type": "text", "name": "title"},
            {"type": "text", "id": "3", "name": "content"},
            {"type": "bool", "id": "4", "name": "open"},
        ]});
        let expected = pairs(&[("2", "title"), ("3", "content"), ("4", "open"), ("1", "id")]);
        assert_eq!(import(&json, false), expected);
        assert_eq!(import(&json!({}), false), pairs(&[("1", "id"), ("2", "title"), ("3", "body")]));
    }

    #[test]
    fn missing_fields_can_be_deleted_but_for_those_of_the_system() {
        let json = json!({"fields": [{"type": "text", "id": "3", "name": "body"}]});
        assert_eq!(import(&json, true), pairs(&[("3", "body"), ("1", "id")]));
        assert_eq!(import(&json!({}), true), pairs(&[("1", "id")]));
    }
}
