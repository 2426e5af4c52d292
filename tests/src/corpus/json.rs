use std::fmt::Write;
use std::str::FromStr;

use indexmap::IndexMap;
use serde_json::value::RawValue;

/// How wide a line may be before a list or an object is broken up.
const WIDTH: usize = 110;

/// JSON as it came over the wire: objects keep the order of their keys, numbers and texts their spelling.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// A text, a number, `true`, `false` or `null`, as it was spelt.
    Leaf(String),
    /// A list.
    List(Vec<Json>),
    /// An object.
    Object(IndexMap<String, Json>),
}

impl FromStr for Json {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::of(serde_json::from_str(text)?)
    }
}

impl Json {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Leaf(serde_json::Value::from(text).to_string())
    }

    fn of(raw: &RawValue) -> serde_json::Result<Self> {
        let text = raw.get();
        if text.starts_with('[') {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            items.into_iter().map(Self::of).collect::<Result<_, _>>().map(Self::List)
        } else if text.starts_with('{') {
            let entries: IndexMap<String, &RawValue> = serde_json::from_str(text)?;
            let entries = entries.into_iter().map(|(key, value)| Ok((key, Self::of(value)?)));
            entries.collect::<Result<_, _>>().map(Self::Object)
        } else {
            Ok(Self::Leaf(text.to_owned()))
        }
    }

    /// What is written at a place such as `/items/0/id`; a text without its quotes.
    pub fn at(&self, pointer: &str) -> Option<String> {
        let value = pointer.split('/').skip(1).try_fold(self, |value, key| match value {
            Self::List(items) => items.get(key.parse::<usize>().ok()?),
            Self::Object(entries) => entries.get(key),
            Self::Leaf(_) => None,
        })?;
        match value {
            Self::Leaf(raw) => Some(serde_json::from_str(raw).unwrap_or_else(|_| raw.clone())),
            _ => Some(value.line()),
        }
    }

    /// Replaces the texts for which `change` has another one.
    pub fn change_texts(&mut self, change: &impl Fn(&str) -> Option<String>) {
        match self {
            Self::Leaf(raw) => {
                let text: Option<String> = serde_json::from_str(raw).ok();
                if let Some(text) = text.as_deref().and_then(change) {
                    *self = Self::text(&text);
                }
            }
            Self::List(items) => items.iter_mut().for_each(|item| item.change_texts(change)),
            Self::Object(entries) => entries.values_mut().for_each(|value| value.change_texts(change)),
        }
    }

    /// Everything on one line.
    fn line(&self) -> String {
        match self {
            Self::Leaf(raw) => raw.clone(),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Self::line).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Object(entries) => {
                let entries: Vec<_> =
                    entries.iter().map(|(key, value)| format!("{}: {}", quote(key), value.line())).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    /// Lines that people can read; what fits is on one line.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0, 0);
        out
    }

    /// `before` is how many characters stand before the value on its line.
    fn write(&self, out: &mut String, indent: usize, before: usize) {
        let line = self.line();
        if indent + before + line.chars().count() <= WIDTH {
            out.push_str(&line);
            return;
        }
        let inner = " ".repeat(indent + 2);
        match self {
            Self::Leaf(raw) => out.push_str(raw),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "\n" } else { ",\n" });
                    out.push_str(&inner);
                    item.write(out, indent + 2, 0);
                }
                let _ = write!(out, "\n{}]", " ".repeat(indent));
            }
            Self::Object(entries) => {
                out.push('{');
                for (index, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if index == 0 { "\n" } else { ",\n" });
                    let key = quote(key);
                    let _ = write!(out, "{inner}{key}: ");
                    value.write(out, indent + 2, key.chars().count() + 2);
                }
                let _ = write!(out, "\n{}}}", " ".repeat(indent));
            }
        }
    }
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_spelling_stay() {
        let text = r#"{"b": 1e+21, "a": [-0, 0.10, "\u003c<"], "c": {}}"#;
        assert_eq!(text.parse::<Json>().unwrap().pretty(), text);
    }

    #[test]
    fn what_does_not_fit_is_broken_up() {
        let long = "x".repeat(100);
        let json: Json = format!(r#"{{"key":["{long}",{{"a":1}}],"b":null}}"#).parse().unwrap();
        let pretty = format!("{{\n  \"key\": [\n    \"{long}\",\n    {{\"a\": 1}}\n  ],\n  \"b\": null\n}}");
        assert_eq!(json.pretty(), pretty);
        assert_eq!(pretty.parse::<Json>().unwrap(), json);
    }

    #[test]
    fn places_are_found() {
        let json: Json = r#"{"items":[{"id":"a"},{"n":1.50}]}"#.parse().unwrap();
        assert_eq!(json.at("/items/0/id").as_deref(), Some("a"));
        assert_eq!(json.at("/items/1/n").as_deref(), Some("1.50"));
        assert_eq!(json.at("/items/2"), None);
    }
}
