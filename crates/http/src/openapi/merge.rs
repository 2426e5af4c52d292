use serde_json::{Map, Value};

/// One OpenAPI document of several. Where two say something about the same thing, the later one is taken: an
/// operation, a component or a tag as a whole, of `info` each key.
pub fn merge(parts: impl IntoIterator<Item = Value>) -> Value {
    let mut whole = Map::new();
    for part in parts {
        let Value::Object(part) = part else { continue };
        for (key, value) in part {
            match (key.as_str(), value) {
                ("info", Value::Object(info)) => extend(&mut whole, &key, info),
                ("paths" | "components", Value::Object(groups)) => merge_groups(&mut whole, &key, groups),
                ("tags", Value::Array(tags)) => merge_tags(&mut whole, tags),
                (_, value) => {
                    whole.insert(key, value);
                }
            }
        }
    }
    Value::Object(whole)
}

/// Paths hold operations and components hold kinds of components: both are groups of named things.
fn merge_groups(whole: &mut Map<String, Value>, key: &str, groups: Map<String, Value>) {
    let Some(whole) = object(whole, key) else { return };
    for (name, group) in groups {
        if let Value::Object(group) = group {
            extend(whole, &name, group);
        }
    }
}

fn extend(parent: &mut Map<String, Value>, key: &str, entries: Map<String, Value>) {
    if let Some(object) = object(parent, key) {
        object.extend(entries);
    }
}

fn merge_tags(whole: &mut Map<String, Value>, tags: Vec<Value>) {
    let merged = whole.entry("tags").or_insert_with(|| Value::Array(Vec::new())).as_array_mut();
    let Some(merged) = merged else { return };
    for tag in tags {
        match merged.iter_mut().find(|earlier| earlier.get("name") == tag.get("name")) {
            Some(earlier) => *earlier = tag,
            None => merged.push(tag),
        }
    }
}

/// The object under a key, made when it is missing; `None` when something else is there.
fn object<'a>(parent: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Map<String, Value>> {
    parent.entry(key).or_insert_with(|| Value::Object(Map::new())).as_object_mut()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_components_and_tags_come_together() {
        let one = json!({
            "info": {"title": "one", "version": "1"},
            "tags": [{"name": "a"}, {"name": "b"}],
            "paths": {"/x": {"get": 1, "post": 1}},
            "components": {"schemas": {"A": 1, "B": 1}},
            "servers": [1],
        });
        let two = json!({
            "info": {"title": "two"},
            "tags": [{"name": "a", "description": "new"}, {"name": "c"}],
            "paths": {"/x": {"post": 2}, "/y": {"get": 2}},
            "components": {"schemas": {"B": 2}, "responses": {"C": 2}},
            "servers": [2],
        });
        let merged = json!({
            "info": {"title": "two", "version": "1"},
            "tags": [{"name": "a", "description": "new"}, {"name": "b"}, {"name": "c"}],
            "paths": {"/x": {"get": 1, "post": 2}, "/y": {"get": 2}},
            "components": {"schemas": {"A": 1, "B": 2}, "responses": {"C": 2}},
            "servers": [2],
        });
        assert_eq!(merge([one, two]), merged);
    }

    #[test]
    fn what_is_no_document_adds_nothing() {
        assert_eq!(merge([json!(null), json!({"paths": {"/x": 1, "/y": {}}})]), json!({"paths": {"/y": {}}}));
    }
}
