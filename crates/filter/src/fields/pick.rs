//! Applies a list of fields to JSON.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{Fields, Modifier};

/// The paths that apply at one level, relative to it.
type Paths<'a> = Vec<(Cow<'a, str>, Option<Modifier>)>;

impl Fields {
    /// Drops what is not named from an object, or from each object of a list. Other JSON is left as it is, and so
    /// is everything when no field is named.
    pub fn pick(&self, value: &mut Value) {
        let paths = self.items.iter().map(|item| (Cow::from(item.path.as_str()), item.modifier)).collect();
        pick_value(value, &paths);
    }
}

fn pick_value(value: &mut Value, paths: &Paths<'_>) {
    match value {
        Value::Object(object) => pick_object(object, paths),
        // What the first item is decides about the list.
        Value::Array(items) if items.first().is_some_and(Value::is_object) => {
            for item in items {
                if let Value::Object(object) = item {
                    pick_object(object, paths);
                }
            }
        }
        _ => {}
    }
}

fn pick_object(object: &mut Map<String, Value>, paths: &Paths<'_>) {
    if paths.is_empty() {
        return;
    }
    let others = paths.iter().find(|(path, _)| path == "*").map(|(_, modifier)| *modifier);
    object.retain(|key, value| {
        let mut below: Paths<'_> = Vec::new();
        for (path, modifier) in paths {
            match below_key(path, key) {
                Some("") => {
                    modify(value, *modifier);
                    return true;
                }
                Some(rest) => below.push((rest.into(), *modifier)),
                None => {}
            }
        }
        if !below.is_empty() {
            pick_value(value, &below);
            return true;
        }
        if let Some(modifier) = others {
            modify(value, modifier);
        }
        others.is_some()
    });
}

/// What remains of a path below a key: nothing when it ends there, `None` when it leads elsewhere.
fn below_key<'a>(path: &'a str, key: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(key)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('.') }
}

fn modify(value: &mut Value, modifier: Option<Modifier>) {
    if let Some(modifier) = modifier {
        modifier.apply(value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fields::parse;

    fn pick(fields: &str, mut value: Value) -> Value {
        parse(fields).unwrap().pick(&mut value);
        value
    }

    #[test]
    fn keeps_named_keys_at_every_level() {
        let value = json!({
            "a": 1, "b": 2, "c": "test",
            "list": [{"A": 1, "D": {"DA": 1, "DB": 2}}, {"B": 1}],
            "plain": [1, {"x": 1}],
        });
        assert_eq!(
            pick("a,  c  ,list.D.DA,plain.x,missing", value),
            json!({"a": 1, "c": "test", "list": [{"D": {"DA": 1}}, {}], "plain": [1, {"x": 1}]})
        );
        assert_eq!(pick("", json!({"a": 1})), json!({"a": 1}));
        assert_eq!(pick("missing", json!({"a": 1})), json!({}));
        assert_eq!(pick("a", json!("text")), json!("text"));
        assert_eq!(pick("a", json!([{"a": 1, "b": 2}, {"b": 2}])), json!([{"a": 1}, {}]));
    }

    #[test]
    fn wildcards_are_per_level() {
        let value = json!({"id": 1, "t": 2, "rel": {"id": 3, "sub": {"id": 4, "t": 5}}});
        assert_eq!(pick("*", value.clone()), value);
        assert_eq!(pick("*,rel.id", value.clone()), json!({"id": 1, "t": 2, "rel": {"id": 3}}));
        assert_eq!(
            pick("id,rel.*", value.clone()),
            json!({"id": 1, "rel": {"id": 3, "sub": {"id": 4, "t": 5}}})
        );
        assert_eq!(pick("rel.*,rel.sub.id", value.clone()), json!({"rel": {"id": 3, "sub": {"id": 4}}}));
        assert_eq!(pick("rel,rel.id", value), json!({"rel": {"id": 3, "sub": {"id": 4, "t": 5}}}));
    }

    #[test]
    fn modifiers_change_texts_only() {
        let value = json!({"id": "123", "n": 5, "rel": {"id": "456", "title": "<p>rel_title</p>"}});
        assert_eq!(
            pick("*:excerpt(2),rel.title:excerpt(3, true)", value),
            json!({"id": "12", "n": 5, "rel": {"title": "rel..."}})
        );
    }
}
