//! What a client sent about a record, as values of its fields.
//!
//! A key is a field's name, or the name with a modifier: `n+` and `n-` add to and subtract from a number, `f+`, `+f`
//! and `f-` append to, prepend to and remove from a select, file or relation, `t:autogenerate` generates a text after
//! the prefix that was sent.

use ambient::Entropy;
use serde_json::{Map, Value as JsonValue};

use super::{Value, autogenerate, boolean, date, file, geo_point, json, list, number, text};
use crate::collection::Collection;
use crate::field::{Field, FieldKind};

/// A body that was resolved against a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The new values, by the position of their field in [`Collection::fields`].
    pub values: Vec<(usize, Value)>,
    /// The body as rules see it: each field that was sent is under its plain name with the value that it will have;
    /// keys that are no fields are as they were sent.
    pub body: Map<String, JsonValue>,
}

/// What a key does to its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Modifier {
    Set,
    Append,
    Prepend,
    Remove,
    Autogenerate,
}

/// Resolves a body against the present values of a record, which are those of [`Collection::fields`] in their order.
/// Shorter keys come first, so that `f` is set before `f+` adds to it. Times that the server sets are left alone.
pub fn resolve(
    collection: &Collection,
    current: &[Value],
    body: &Map<String, JsonValue>,
    entropy: &dyn Entropy,
) -> Resolved {
    let mut resolved = Resolved { values: Vec::new(), body: body.clone() };
    let mut keys: Vec<&String> = body.keys().collect();
    keys.sort_by_key(|key| key.len());
    for key in keys {
        let Some((index, field, modifier)) = find(collection, key) else { continue };
        let Some(input) = body.get(key) else { continue };
        let known = resolved.values.iter().position(|(known, _)| *known == index);
        let before =
            known.and_then(|at| resolved.values.get(at)).map(|(_, value)| value).or(current.get(index));
        let before = before.cloned().unwrap_or_else(|| Value::zero(field));
        let value = match field.kind {
            FieldKind::Autodate(_) => before,
            _ => apply(field, before, modifier, input, entropy),
        };
        resolved.body.remove(key);
        resolved.body.insert(field.name.clone(), value.to_json());
        match known.and_then(|at| resolved.values.get_mut(at)) {
            Some(slot) => slot.1 = value,
            None => resolved.values.push((index, value)),
        }
    }
    resolved
}

/// The field that a key is about: an exact name comes before a modifier.
fn find<'a>(collection: &'a Collection, key: &str) -> Option<(usize, &'a Field, Modifier)> {
    let named = |name: &str| {
        let index = collection.field_index(name)?;
        Some((index, collection.fields.get(index)?))
    };
    if let Some((index, field)) = named(key) {
        return Some((index, field, Modifier::Set));
    }
    let candidates = [
        (key.strip_suffix('+'), Modifier::Append),
        (key.strip_prefix('+'), Modifier::Prepend),
        (key.strip_suffix('-'), Modifier::Remove),
        (key.strip_suffix(":autogenerate"), Modifier::Autogenerate),
    ];
    candidates.into_iter().find_map(|(name, modifier)| {
        let (index, field) = named(name?)?;
        takes(field, modifier).then_some((index, field, modifier))
    })
}

fn takes(field: &Field, modifier: Modifier) -> bool {
    match &field.kind {
        FieldKind::Number(_) => matches!(modifier, Modifier::Append | Modifier::Remove),
        FieldKind::Select(_) | FieldKind::File(_) | FieldKind::Relation(_) => {
            modifier != Modifier::Autogenerate
        }
        FieldKind::Text(_) => modifier == Modifier::Autogenerate,
        _ => false,
    }
}

fn apply(
    field: &Field,
    before: Value,
    modifier: Modifier,
    input: &JsonValue,
    entropy: &dyn Entropy,
) -> Value {
    match (&field.kind, modifier) {
        (_, Modifier::Set) => Value::from_json(field, input),
        (FieldKind::Number(_), _) => {
            let Value::Number(before) = before else { return before };
            let operand = number::from_json(input);
            Value::Number(if modifier == Modifier::Append { before + operand } else { before - operand })
        }
        (FieldKind::Text(options), _) => {
            let prefix = text::from_json(input);
            let generated =
                autogenerate::generate(&options.autogenerate_pattern, entropy).unwrap_or_default();
            Value::Text(prefix + &generated)
        }
        _ => {
            let items = items(field, input);
            let before = before.items().to_vec();
            let all = match modifier {
                Modifier::Prepend => [items, before].concat(),
                Modifier::Remove => before.into_iter().filter(|item| !items.contains(item)).collect(),
                _ => [before, items].concat(),
            };
            from_items(field, list::unique(all))
        }
    }
}

/// The items of any input for a select, file or relation.
fn items(field: &Field, input: &JsonValue) -> Vec<String> {
    match field.kind {
        FieldKind::File(_) => file::from_json(input),
        _ => list::from_json(input),
    }
}

fn from_items(field: &Field, items: Vec<String>) -> Value {
    if field.kind.is_multiple() { Value::List(items) } else { Value::Text(list::last(items)) }
}

impl Value {
    /// The value that a field takes from any input. What cannot be read becomes the zero value.
    pub fn from_json(field: &Field, input: &JsonValue) -> Self {
        match &field.kind {
            FieldKind::Text(_) | FieldKind::Editor(_) | FieldKind::Email(_) | FieldKind::Url(_) => {
                Self::Text(text::from_json(input))
            }
            FieldKind::Number(_) => Self::Number(number::from_json(input)),
            FieldKind::Bool(_) => Self::Bool(boolean::from_json(input)),
            FieldKind::Date(_) | FieldKind::Autodate(_) => {
                Self::Text(input.as_str().map(|text| date::normalize(text).into_owned()).unwrap_or_default())
            }
            FieldKind::Select(_) | FieldKind::File(_) | FieldKind::Relation(_) => {
                from_items(field, items(field, input))
            }
            FieldKind::Json(_) => Self::Json(json::from_json(input)),
            FieldKind::GeoPoint(_) => geo_point::from_json(input),
            FieldKind::Password(_) => {
                let plain = text::from_json(input);
                Self::Password { hash: String::new(), plain: Some(plain).filter(|plain| !plain.is_empty()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ambient::SystemEntropy;
    use serde_json::json;

    use super::*;
    use crate::collection::CollectionKind;
    use crate::field::fields_from_json;

    fn collection() -> Collection {
        let mut collection = Collection::new(CollectionKind::Base, "things", "");
        collection.fields = fields_from_json(&json!([
            {"type": "number", "name": "n"},
            {"type": "select", "name": "tags", "values": ["a", "b", "c"], "maxSelect": 3},
            {"type": "select", "name": "one", "values": ["a", "b"]},
            {"type": "text", "name": "slug", "autogeneratePattern": "[0-9]{4}"},
            {"type": "autodate", "name": "created", "onCreate": true},
        ]))
        .unwrap();
        collection
    }

    fn resolved(body: &JsonValue) -> JsonValue {
        let collection = collection();
        let mut current: Vec<Value> = collection.fields.iter().map(Value::zero).collect();
        current[0] = Value::Number(10.0);
        current[1] = Value::List(vec!["a".into()]);
        resolve(&collection, &current, body.as_object().unwrap(), &SystemEntropy).body.into()
    }

    #[test]
    fn modifiers_work_on_what_is_there() {
        let body = json!({"n-": 5, "n+": "2.5", "+tags": ["b", "a"], "one+": "b", "other": {"x": 1}});
        let expected = json!({"n": 7.5, "tags": ["b", "a"], "one": "b", "other": {"x": 1}});
        assert_eq!(resolved(&body), expected);
        assert_eq!(resolved(&json!({"tags-": "a"})), json!({"tags": []}));
        assert_eq!(resolved(&json!({"tags+": "c", "tags": ["b"]})), json!({"tags": ["b", "c"]}));
    }

    #[test]
    fn a_modifier_of_another_type_is_no_field() {
        assert_eq!(resolved(&json!({"slug+": "x"})), json!({"slug+": "x"}));
    }

    #[test]
    fn a_text_is_generated_after_its_prefix() {
        let body = resolved(&json!({"slug:autogenerate": "x-"}));
        let slug = body["slug"].as_str().unwrap();
        assert!(slug.starts_with("x-") && slug.len() == 6, "{slug}");
    }

    #[test]
    fn times_of_the_server_stay() {
        assert_eq!(resolved(&json!({"created": "2020-01-01"})), json!({"created": ""}));
    }
}
