use std::sync::LazyLock;

use indexmap::IndexMap;
use regex::{Captures, Regex};

use super::json::Json;

/// What differs from run to run, and what stands in its place.
struct Rule {
    pattern: Regex,
    placeholder: &'static str,
}

static RULES: LazyLock<[Rule; 9]> = LazyLock::new(|| {
    let rule = |pattern, placeholder| Rule { pattern: Regex::new(pattern).expect("a pattern"), placeholder };
    [
        rule(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "<token>"),
        // The dates of the corpus itself lie before or after this range.
        rule(r"20(2[6-9]|[3-9]\d)-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z", "<now>"),
        // Of a name that has no letter of the alphabet nothing is left.
        rule(r"\b[a-z0-9]{10}_[A-Za-z0-9]{10}((\.\w+)*\.(?i:txt|png|html))\b", "<random>_<random>$1"),
        rule(r"(?:_[A-Za-z0-9]{10})+((\.\w+)*\.(?i:txt|png|html))\b", "_<random>$1"),
        rule(r"_clone_[A-Za-z0-9]{4}\b", "_clone_<random>"),
        // What follows is the cause in the words of whoever found it, for superusers only.
        rule(r"(?s)(Raw error:\s*)\S.*", "$1<cause>"),
        rule(r"(?s)(Failed to create index \S+ - ).*", "$1<cause>"),
        rule(r"(?s)(Invalid query - SQL logic error: ).*", "$1<cause>"),
        rule(r"\b(idx_tokenKey|idx_email)_[A-Za-z0-9]{10}\b", "${1}_<random>"),
    ]
});

/// Puts placeholders in the places of what differs from run to run, and evens out what is different here in every
/// reply.
pub(super) fn normalise(json: &mut Json, variables: &IndexMap<String, String>) {
    json.change_texts(&|text| placeheld(text, variables));
    even_out(json);
}

/// Puts the names of variables in the places of their values.
pub(super) fn name_values(json: &mut Json, variables: &IndexMap<String, String>) {
    json.change_texts(&|text| named(text, variables));
}

fn placeheld(text: &str, variables: &IndexMap<String, String>) -> Option<String> {
    let mut changed = named(text, variables).unwrap_or_else(|| text.to_owned());
    for rule in &*RULES {
        let expand = |found: &Captures<'_>| {
            let mut out = String::new();
            found.expand(rule.placeholder, &mut out);
            out
        };
        changed = rule.pattern.replace_all(&changed, expand).into_owned();
    }
    (changed != text).then_some(changed)
}

fn named(text: &str, variables: &IndexMap<String, String>) -> Option<String> {
    let mut changed = text.to_owned();
    // Two tokens can be equal when they were made within one second.
    for (name, value) in variables.iter().filter(|(_, value)| !value.starts_with("eyJ")) {
        changed = changed.replace(value.as_str(), &format!("{{{{{name}}}}}"));
    }
    (changed != text).then_some(changed)
}

/// Native errors carry `code` beside `status`, with the same value, and tell superusers where a filter or a sort is
/// wrong. The e-mails that nobody has changed are our own words.
fn even_out(json: &mut Json) {
    match json {
        Json::Leaf(_) => {}
        Json::List(items) => items.iter_mut().for_each(even_out),
        Json::Object(entries) => {
            if has_keys(entries, &["code", "data", "message", "status"])
                && entries.get("code") == entries.get("status")
            {
                entries.shift_remove("code");
            }
            entries.retain(|key, value| !is_position(key, value));
            if has_keys(entries, &["subject", "body"]) && is_untouched(&entries["body"]) {
                entries.values_mut().for_each(|text| *text = Json::text("<default>"));
            }
            entries.values_mut().for_each(even_out);
        }
    }
}

fn has_keys(entries: &IndexMap<String, Json>, keys: &[&str]) -> bool {
    entries.len() == keys.len() && keys.iter().all(|key| entries.contains_key(*key))
}

/// Whether an entry of `data` tells where a filter or a sort is wrong.
fn is_position(key: &str, value: &Json) -> bool {
    matches!(key, "filter" | "sort") && value.at("/code") == Some(format!("validation_invalid_{key}"))
}

/// Whether the body of an e-mail ends as all do before somebody changes them.
fn is_untouched(body: &Json) -> bool {
    matches!(body, Json::Leaf(text) if text.contains("{APP_NAME} team"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(text: &str) -> String {
        let mut json = text.parse().unwrap();
        let variables = IndexMap::from([("ann".to_owned(), "abcdefghijklmno".to_owned())]);
        normalise(&mut json, &variables);
        json.pretty()
    }

    #[test]
    fn what_differs_has_placeholders() {
        assert_eq!(normalised(r#""2026-11-21 05:46:15.160Z""#), r#""<now>""#);
        assert_eq!(normalised(r#""2024-11-21 05:46:15.160Z""#), r#""2024-11-21 05:46:15.160Z""#);
        assert_eq!(normalised(r#""a_0123456789.txt""#), r#""a_<random>.txt""#);
        assert_eq!(normalised(r#""aaaaaaaaaa_0123456789.tar.txt""#), r#""<random>_<random>.tar.txt""#);
        assert_eq!(normalised(r#""by abcdefghijklmno""#), r#""by {{ann}}""#);
        assert_eq!(normalised(r#""No. Raw error: a\nb""#), r#""No. Raw error: <cause>""#);
        assert_eq!(normalised(r#""idx_email_0123456789""#), r#""idx_email_<random>""#);
        assert_eq!(normalised(r#""idx_email_pbc_123456789""#), r#""idx_email_pbc_123456789""#);
    }

    #[test]
    fn the_code_of_errors_is_dropped_and_no_other() {
        let error = r#"{"code": 400, "data": {}, "message": "No.", "status": 400}"#;
        assert_eq!(normalised(error), r#"{"data": {}, "message": "No.", "status": 400}"#);
        let field = r#"{"code": "validation_required", "message": "Cannot be blank."}"#;
        assert_eq!(normalised(field), field);
    }

    #[test]
    fn the_place_of_an_error_is_dropped() {
        let error = r#"{"data": {"filter": {"code": "validation_invalid_filter"}}, "message": ""}"#;
        assert_eq!(normalised(error), r#"{"data": {}, "message": ""}"#);
    }

    #[test]
    fn e_mails_that_nobody_changed_are_not_compared() {
        let mail = r#"{"subject": "Hi", "body": "The {APP_NAME} team"}"#;
        assert_eq!(normalised(mail), r#"{"subject": "<default>", "body": "<default>"}"#);
        let changed = r#"{"subject": "Hi", "body": "Me"}"#;
        assert_eq!(normalised(changed), changed);
    }
}
