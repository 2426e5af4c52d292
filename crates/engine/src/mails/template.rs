//! Placeholders in the templates of mails.

use schema::{FieldKind, Value};

use crate::Record;
use crate::settings::Meta;

/// What stands for the placeholders of a mail.
pub(super) struct Values<'a> {
    record: &'a Record,
    named: Vec<(&'static str, String)>,
}

impl<'a> Values<'a> {
    /// The values that every mail has, and those of this one.
    pub(super) fn new(meta: &Meta, record: &'a Record, own: Vec<(&'static str, String)>) -> Self {
        let mut named = own;
        named.push(("APP_NAME", meta.app_name.clone()));
        named.push(("APP_URL", meta.app_url.clone()));
        Self { record, named }
    }

    /// A template with its placeholders filled. What is put in is not looked at again, so that nobody gets a token
    /// into a mail by calling himself `{TOKEN}`.
    pub(super) fn fill(&self, template: &str) -> String {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            match after.split_once('}').and_then(|(name, after)| Some((self.value(name)?, after))) {
                Some((value, after)) => {
                    filled.push_str(&value);
                    rest = after;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        filled
    }

    fn value(&self, name: &str) -> Option<String> {
        let named = || self.named.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
        match name.strip_prefix("RECORD:") {
            Some(field) => self.field(field),
            None => named(),
        }
    }

    /// The text of a field that is not hidden; `None` when there is none.
    fn field(&self, name: &str) -> Option<String> {
        let field = self.record.collection().field(name).filter(|field| !field.hidden)?;
        let value = self.record.get(name)?;
        let text = text_of(value);
        let plain = matches!(
            field.kind,
            FieldKind::Autodate(_) | FieldKind::Date(_) | FieldKind::Bool(_) | FieldKind::Number(_)
        );
        Some(if plain { text } else { escaped(&text) })
    }
}

/// A value as a text; empty for a list.
fn text_of(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::List(_) | Value::Password { .. } => String::new(),
        value => {
            let mut json = Vec::new();
            value.write_json(&mut json);
            String::from_utf8_lossy(&json).into_owned()
        }
    }
}

/// A text that is no markup.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&#34;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ambient::SeededEntropy;
    use schema::Collection;
    use schema::collection::NewId;
    use serde_json::json;

    use super::*;

    #[test]
    fn placeholders_are_filled_once_and_no_secret_is_told() {
        let collection = json!({"name": "people", "type": "auth", "fields": [
            {"type": "text", "name": "name"}, {"type": "number", "name": "age"},
            {"type": "text", "name": "secret", "hidden": true}, {"type": "bool", "name": "adult"},
            {"type": "select", "name": "kinds", "maxSelect": 2, "values": ["a", "b"]},
        ]});
        let collection = Collection::from_json(&collection, NewId::FromJson, &SeededEntropy::new(1)).unwrap();
        let mut record = Record::new(Arc::new(collection));
        for (name, value) in [
            ("name", json!("<{TOKEN}> & \"O'N\"")),
            ("age", json!(1.5)),
            ("secret", json!("x")),
            ("kinds", json!(["a", "b"])),
            ("tokenKey", json!("key")),
            ("adult", json!(true)),
        ] {
            record.set(name, value);
        }
        let values = Values::new(&Meta::default(), &record, vec![("TOKEN", "abc".into())]);
        for (template, filled) in [
            ("{APP_NAME} {APP_URL} {TOKEN}", "Acme http://localhost:8090 abc"),
            ("{RECORD:name}", "&lt;{TOKEN}&gt; &amp; &#34;O&#39;N&#34;"),
            ("{RECORD:age}{RECORD:kinds}|{RECORD:adult}", "1.5|true"),
            (
                "{RECORD:secret}{RECORD:tokenKey}{RECORD:password}",
                "{RECORD:secret}{RECORD:tokenKey}{RECORD:password}",
            ),
            ("{OTP} { {{TOKEN}} {TOKEN", "{OTP} { {abc} {TOKEN"),
            ("", ""),
        ] {
            assert_eq!(values.fill(template), filled);
        }
    }
}
