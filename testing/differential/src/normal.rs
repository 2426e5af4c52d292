//! What no two servers can have alike is replaced by what it stands for.

use serde_json::{Map, Value};

use crate::known::{CODE_OF_ERRORS, E_MAILS};
use crate::upload::without_random_parts;

/// How the names of the fields begin that the server fills in: times and generated texts.
pub(crate) const STAMP: &str = "stamp";
pub(crate) const GENERATED: &str = "gen";

/// A body without times, generated values, and what is left out on purpose. The id of a record goes too when the
/// server has chosen it.
pub(crate) fn normal(json: &Value, without_id: bool) -> Value {
    match json {
        Value::Array(items) => items.iter().map(|item| normal(item, without_id)).collect(),
        Value::Object(object) => object_of(object, without_id),
        // The fields of a view have ids that change with each save.
        Value::String(text) if text.starts_with("_clone_") => "_clone_".into(),
        Value::String(text) => without_random_parts(text).into(),
        _ => json.clone(),
    }
}

fn object_of(object: &Map<String, Value>, without_id: bool) -> Value {
    let is_error = ["data", "message", "status"].iter().all(|key| object.contains_key(*key));
    let kept = object
        .iter()
        .filter(|(key, _)| !(is_error && *key == CODE_OF_ERRORS || E_MAILS.contains(&key.as_str())));
    let normal = kept.map(|(key, value)| {
        let value = match value {
            Value::String(text) if !text.is_empty() && is_filled_in(key, without_id) => {
                format!("<{key}>").into()
            }
            _ => normal(value, without_id),
        };
        (key.clone(), value)
    });
    Value::Object(normal.collect())
}

fn is_filled_in(key: &str, without_id: bool) -> bool {
    matches!(key, "created" | "updated")
        || key.starts_with(STAMP)
        || key.starts_with(GENERATED)
        || without_id && key == "id"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_the_server_go_and_all_else_stays() {
        let json =
            json!({"items": [{"id": "a", "stamp1": "2026", "gen1": "", "expand": {"r": {"created": "x"}}}]});
        let expected = json!({"items": [{"id": "a", "stamp1": "<stamp1>", "gen1": "", "expand": {"r": {"created": "<created>"}}}]});
        assert_eq!(normal(&json, false), expected);
        assert_eq!(normal(&json!({"id": "a"}), true), json!({"id": "<id>"}));
    }

    #[test]
    fn only_errors_lose_their_code() {
        let error = json!({"code": "#400", "status": "#400", "message": "", "data": {"a": {"code": "b"}}});
        let expected = json!({"status": "#400", "message": "", "data": {"a": {"code": "b"}}});
        assert_eq!(normal(&error, false), expected);
        assert_eq!(normal(&json!({"code": 1}), false), json!({"code": 1}));
    }
}
