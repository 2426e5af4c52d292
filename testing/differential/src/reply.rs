use serde_json::Value;

/// A reply. Numbers in its JSON are strings that begin with `#`, so that `1`, `1.0` and `1e0` differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The HTTP status; 0 when there was no reply.
    pub status: u16,
    /// The body; `null` when it is empty, a string when it is no JSON.
    pub json: Value,
}

impl Reply {
    /// Reads a body.
    pub fn new(status: u16, body: &str) -> Self {
        let json = match body.trim() {
            "" => Value::Null,
            text => serde_json::from_str(&spelled(text)).unwrap_or_else(|_| Value::from(text)),
        };
        Self { status, json }
    }

    /// Why there was no reply.
    pub fn none(why: String) -> Self {
        Self { status: 0, json: why.into() }
    }
}

/// JSON with each number as a string that spells it.
fn spelled(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 16);
    let (mut quoted, mut escaped, mut number) = (false, false, false);
    for c in json.chars() {
        let digit = !quoted && (c.is_ascii_digit() || "+-.eE".contains(c) && (number || c == '-'));
        if digit != number {
            out.push_str(if digit { "\"#" } else { "\"" });
            number = digit;
        }
        out.push(c);
        quoted = quoted != (c == '"' && !escaped);
        escaped = quoted && c == '\\' && !escaped;
    }
    if number {
        out.push('"');
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_spelling_of_a_number_is_kept_and_texts_are_left_alone() {
        let reply = Reply::new(200, r#"{"a":[1,1.0,-1e-3],"b":"1 \" 2","c":true,"e":null}"#);
        let json = json!({"a": ["#1", "#1.0", "#-1e-3"], "b": "1 \" 2", "c": true, "e": null});
        assert_eq!(reply, Reply { status: 200, json });
        assert_eq!(Reply::new(200, "12").json, json!("#12"));
        assert_eq!(Reply::new(204, "").json, Value::Null);
        assert_eq!(Reply::new(200, "<html>").json, json!("<html>"));
    }
}
