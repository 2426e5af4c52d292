//! The unique, non-empty texts that select, relation and file fields hold.

use serde_json::Value as JsonValue;

use super::{go_json, text};

/// The items of any input: of an array of scalars, of a text, or the one item that another scalar is.
pub(super) fn from_json(input: &JsonValue) -> Vec<String> {
    match input {
        JsonValue::String(text) => from_text(text),
        // One item that is not a scalar spoils the list.
        JsonValue::Array(items) if items.iter().any(|item| item.is_array() || item.is_object()) => Vec::new(),
        JsonValue::Array(items) => unique(items.iter().map(text::from_json)),
        other => unique([text::from_json(other)]),
    }
}

/// The items of a text that is a JSON array of texts; any other text is one item.
///
/// An array with other scalars in it is both: its texts are items, and so is the whole.
pub(super) fn from_text(text: &str) -> Vec<String> {
    if !text.contains('[') {
        return unique([text.to_owned()]);
    }
    let Ok(JsonValue::Array(array)) = serde_json::from_str(text) else {
        return unique([text.to_owned()]);
    };
    let mixed = !array.iter().all(|item| item.is_string() || item.is_null());
    let texts = array.into_iter().filter_map(|item| match item {
        JsonValue::String(text) => Some(text),
        _ => None,
    });
    unique(texts.chain(mixed.then(|| text.to_owned())))
}

/// Whether a text is the JSON array that its items are written as, as far as a look at its bytes can tell: it has few
/// items, and none of them is escaped.
pub(super) fn is_plain_json(text: &str) -> bool {
    if text == "[]" {
        return true;
    }
    let Some(items) = text.strip_prefix("[\"").and_then(|text| text.strip_suffix("\"]")) else {
        return false;
    };
    let mut seen = [""; 16];
    let mut places = seen.iter_mut();
    for item in items.split("\",\"") {
        let is_plain = !item.is_empty() && go_json::is_plain(item);
        match places.next() {
            Some(place) if is_plain => *place = item,
            _ => return false,
        }
    }
    let count = items.split("\",\"").count();
    let is_new = |(index, item): (usize, &&str)| !seen.iter().take(index).any(|earlier| earlier == item);
    seen.iter().take(count).enumerate().all(is_new)
}

/// What a single value keeps of its input: the last item. An item that is an array again gives its own last item.
pub(super) fn last(mut items: Vec<String>) -> String {
    let mut last = items.pop().unwrap_or_default();
    while last.contains('[') {
        let inner = from_text(&last).pop().unwrap_or_default();
        if inner == last {
            break;
        }
        last = inner;
    }
    last
}

/// The first of each item, in order, without the empty one.
pub(super) fn unique(items: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut unique = indexmap::IndexSet::new();
    unique.extend(items.into_iter().filter(|item| !item.is_empty()));
    unique.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_arrays_are_known_by_their_bytes() {
        for text in ["[]", r#"["a"]"#, r#"["a","b","é"]"#, r#"["[a]"]"#] {
            assert!(is_plain_json(text), "{text}");
        }
        let many = format!("[{}]", vec!["\"a\""; 17].join(","));
        for text in [
            "",
            "a",
            "[\"",
            r#"[""]"#,
            r#"["a", "b"]"#,
            r#"["a","a"]"#,
            r#"["a","b","a"]"#,
            r#"["a"]"]"#,
            r#"["<"]"#,
            r#"["\n"]"#,
            "[\"\u{2028}\"]",
            r#"["a",1]"#,
            r#"["a",""]"#,
            &many,
        ] {
            assert!(!is_plain_json(text), "{text}");
        }
    }

    #[test]
    fn any_input_becomes_a_list() {
        for (input, items) in [
            (json!(["a", "", "b", "a"]), vec!["a", "b"]),
            (json!(["a", 1, true, null]), vec!["a", "1", "true"]),
            (json!(["a", ["b"]]), vec![]),
            (json!(["a", {}]), vec![]),
            (json!("a"), vec!["a"]),
            (json!("a b"), vec!["a b"]),
            (json!(r#"["a", null, "b"]"#), vec!["a", "b"]),
            (json!(r#"["a",1]"#), vec!["a", r#"["a",1]"#]),
            (json!("[a"), vec!["[a"]),
            (json!(r#"{"a":[]}"#), vec![r#"{"a":[]}"#]),
            (json!(1.5), vec!["1.5"]),
            (json!(false), vec!["false"]),
            (json!({}), vec![]),
            (json!(null), vec![]),
            (json!(""), vec![]),
        ] {
            assert_eq!(from_json(&input), items, "{input}");
        }
    }

    #[test]
    fn the_last_item_is_unpacked() {
        let last_of = |input| last(from_json(&input));
        assert_eq!(last_of(json!(["a", "b"])), "b");
        assert_eq!(last_of(json!([r#"["a","b"]"#])), "b");
        assert_eq!(last_of(json!(["[x"])), "[x");
        assert_eq!(last_of(json!(["a", "[]"])), "");
        assert_eq!(last_of(json!([])), "");
    }
}
