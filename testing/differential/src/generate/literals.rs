use serde_json::Value;

use super::Generator;
use super::paths::Shape;

const MACROS: [&str; 15] = [
    "@now",
    "@yesterday",
    "@tomorrow",
    "@todayStart",
    "@todayEnd",
    "@monthStart",
    "@monthEnd",
    "@yearStart",
    "@yearEnd",
    "@year",
    "@month",
    "@day",
    "@weekday",
    "@hour",
    "@NOW",
];

const WORDS: [&str; 5] = ["null", "true", "false", "NULL", "True"];

const NUMBERS: [&str; 12] =
    ["0", "1", "2", "3", "-1", "1.5", "0.1", "10", "100000000000000000000", "1.0", "-0", "01"];

const TEXTS: [&str; 22] = [
    "",
    "a",
    "A",
    "1",
    "1.0",
    "%",
    "a%",
    "%a",
    "_",
    "a_b",
    "\\%",
    "b",
    "ab",
    "ä",
    "日",
    "2024",
    "2024-01-02",
    "true",
    "[",
    "null",
    "😀",
    "x y",
];

impl Generator {
    /// A literal that an operand of this shape may meet.
    pub(super) fn literal(&mut self, shape: &Shape) -> String {
        match shape {
            Shape::Secret => return self.chance.word(&["''", "null", "'~'"]).to_owned(),
            // What follows is random.
            Shape::File => return format!("'f{:0>3}'", self.chance.below(self.files + 1)),
            _ => {}
        }
        if self.chance.percent(12) {
            return self.any_literal();
        }
        match shape {
            Shape::Field(collection, field) => {
                let sent = self.values.get(&(collection.clone(), field.clone()));
                match sent.filter(|values| !values.is_empty()) {
                    Some(values) => literal_of(self.chance.pick(values)),
                    None => self.any_literal(),
                }
            }
            Shape::Id(collection) => {
                let id = self.any_id(collection);
                let length = if self.chance.percent(20) { 1 } else { usize::MAX };
                quoted(&id.chars().take(length).collect::<String>())
            }
            Shape::Number => self.chance.word(&NUMBERS).to_owned(),
            Shape::Bool => self.chance.word(&["true", "false", "1", "0", "null", "''"]).to_owned(),
            Shape::Json | Shape::Any | Shape::Secret | Shape::File => self.any_literal(),
        }
    }

    fn any_literal(&mut self) -> String {
        match self.chance.below(100) {
            0..20 => self.chance.word(&WORDS).to_owned(),
            20..45 => self.chance.word(&NUMBERS).to_owned(),
            45..90 => quoted(self.chance.word(&TEXTS)),
            _ => self.chance.word(&MACROS).to_owned(),
        }
    }
}

/// A literal that finds a value, or a part of it.
fn literal_of(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => {
            let text = number.to_string();
            if text.contains('e') { quoted(&text) } else { text }
        }
        Value::String(text) => quoted(text),
        Value::Array(items) => items.first().map_or("'[]'".to_owned(), literal_of),
        Value::Object(_) => quoted(&value.to_string()),
    }
}

/// A text in the quotes that it does not need to be escaped for.
pub(super) fn quoted(text: &str) -> String {
    // A text cannot end with a backslash, for that would escape the quote.
    let text = text.trim_end_matches('\\');
    match text.contains('\'') {
        false => format!("'{text}'"),
        true => format!("\"{}\"", text.replace('"', "\\\"")),
    }
}
