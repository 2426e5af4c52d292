use serde_json::{Map, Value};

/// One OpenAPI document of several. Objects come together key by key; of anything else the later document's value is
/// taken, but tags come together by their names and parameters by their names and places.
///
/// So an extension adds operations of its own, and says more exactly what the native ones do.
pub fn merge(parts: impl IntoIterator<Item = Value>) -> Value {
    let mut whole = Value::Object(Map::new());
    for part in parts.into_iter().filter(Value::is_object) {
        merge_into(&mut whole, part, "");
    }
    whole
}

fn merge_into(target: &mut Value, part: Value, key: &str) {
    match (target, part) {
        (Value::Object(target), Value::Object(part)) => {
            for (key, value) in part {
                match target.get_mut(&key) {
                    Some(target) => merge_into(target, value, &key),
                    None => drop(target.insert(key, value)),
                }
            }
        }
        (Value::Array(target), Value::Array(part)) if matches!(key, "tags" | "parameters") => {
            for item in part {
                match target.iter_mut().find(|earlier| identity(earlier) == identity(&item)) {
                    Some(earlier) => *earlier = item,
                    None => target.push(item),
                }
            }
        }
        (target, part) => *target = part,
    }
}

/// What a tag or a parameter goes by. A parameter that is defined elsewhere goes by the last part of its reference,
/// `native.perPage`, after the dot.
fn identity(item: &Value) -> Option<&str> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    text("name").or_else(|| text("$ref")?.rsplit(['/', '.']).next()).or(item.as_str())
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
        assert_eq!(merge([json!(null), json!({"paths": {}}), json!(1)]), json!({"paths": {}}));
    }

    #[test]
    fn an_extension_says_more_exactly_what_a_native_operation_does() {
        let native = json!({
            "paths": {"/x": {"get": {"summary": "list", "tags": ["x"], "parameters": [{"$ref": "#/p/native.page"}, {"$ref": "#/p/native.perPage"}]}}},
            "components": {"schemas": {"x.create": {"type": "object", "required": ["id", "title"]}}},
        });
        let own = json!({
            "paths": {"/x": {"get": {"parameters": [{"name": "perPage", "in": "query"}]}}},
            "components": {"schemas": {"x.create": {"required": ["title"]}}},
        });
        let merged = json!({
            "paths": {"/x": {"get": {"summary": "list", "tags": ["x"], "parameters": [{"$ref": "#/p/native.page"}, {"name": "perPage", "in": "query"}]}}},
            "components": {"schemas": {"x.create": {"type": "object", "required": ["title"]}}},
        });
        assert_eq!(merge([native, own]), merged);
    }
}
