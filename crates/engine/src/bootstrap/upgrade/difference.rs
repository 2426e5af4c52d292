//! What is different between two states of a collection, for people.

use schema::Collection;
use serde_json::Value;

/// How many characters of a value are shown.
const SHOWN: usize = 160;

/// One line for each value that differs: where it is, what it was, and what it is. That a collection was saved
/// (`updated`) is no difference.
pub(super) fn lines(old: &Collection, new: &Collection) -> Vec<String> {
    let mut lines = Vec::new();
    // A collection always has a JSON form.
    let json = |collection: &Collection| serde_json::from_str(&collection.to_json()).unwrap_or_default();
    compare(&old.name, &json(old), &json(new), &mut lines);
    lines
}

fn compare(path: &str, old: &Value, new: &Value, lines: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(olds), Value::Object(news)) => {
            for (key, new) in news.iter().filter(|(key, _)| *key != "updated") {
                compare(&format!("{path}.{key}"), olds.get(key).unwrap_or(&Value::Null), new, lines);
            }
        }
        (Value::Array(olds), Value::Array(news)) if olds.iter().chain(news).all(Value::is_string) => {
            let gone = olds.iter().filter(|old| !news.contains(old));
            let added = news.iter().filter(|new| !olds.contains(new));
            lines.extend(gone.map(|old| format!("{path}: - {}", shown(old))));
            lines.extend(added.map(|new| format!("{path}: + {}", shown(new))));
        }
        (old, new) if old != new => lines.push(format!("{path}: {} -> {}", shown(old), shown(new))),
        _ => {}
    }
}

fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let old = json!({"a": 1, "b": ["x", "y"], "c": {"d": "same", "e": "old\n text"}, "updated": "1"});
        let new = json!({"a": 1, "b": ["y", "z"], "c": {"d": "same", "e": "new"}, "updated": "2"});
        let mut lines = Vec::new();
        compare("posts", &old, &new, &mut lines);
        assert_eq!(lines, ["posts.b: - x", "posts.b: + z", "posts.c.e: old text -> new"]);
        let mut lines = Vec::new();
        compare("posts", &json!("a"), &json!("b".repeat(SHOWN + 1)), &mut lines);
        assert_eq!(lines, [format!("posts: a -> {}…", "b".repeat(SHOWN))]);
    }
}
