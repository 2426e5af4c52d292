//! Where two replies differ.

use serde_json::Value;

use crate::Reply;
use crate::normal::normal;
use crate::step::Step;

/// Two replies that differ.
#[derive(Debug, Clone)]
pub struct Difference {
    /// What was sent.
    pub step: Step,
    /// Where in the JSON they differ, as a JSON pointer; `status` when it is the status.
    pub place: String,
    /// The reply of this server.
    pub ours: Reply,
    /// The reply of the other.
    pub theirs: Reply,
}

/// The difference between two replies to a step. The ids of records are left out when the servers have chosen them.
pub fn compare(step: &Step, ours: &Reply, theirs: &Reply, without_id: bool) -> Option<Box<Difference>> {
    let normal = |reply: &Reply| Reply { status: reply.status, json: normal(&reply.json, without_id) };
    let (ours, theirs) = (normal(ours), normal(theirs));
    let place = match ours.status == theirs.status {
        true => difference(&ours.json, &theirs.json)?,
        false => "status".to_owned(),
    };
    Some(Box::new(Difference { step: step.clone(), place, ours, theirs }))
}

/// The place of the first difference.
fn difference(ours: &Value, theirs: &Value) -> Option<String> {
    match (ours, theirs) {
        _ if ours == theirs => None,
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            let pairs = ours.iter().zip(theirs).enumerate();
            first(pairs.map(|(at, (ours, theirs))| (at.to_string(), Some(ours), Some(theirs))))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            let keys = ours.keys().chain(theirs.keys().filter(|key| !ours.contains_key(*key)));
            first(keys.map(|key| (key.clone(), ours.get(key), theirs.get(key))))
        }
        _ => Some(String::new()),
    }
}

fn first<'a>(
    mut pairs: impl Iterator<Item = (String, Option<&'a Value>, Option<&'a Value>)>,
) -> Option<String> {
    pairs.find_map(|(key, ours, theirs)| {
        let below = match (ours, theirs) {
            (Some(ours), Some(theirs)) => difference(ours, theirs)?,
            _ => String::new(),
        };
        Some(format!("/{key}{below}"))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_difference_is_told() {
        let place = |ours, theirs| difference(&ours, &theirs);
        assert_eq!(place(json!({"a": [1, {"b": 2}]}), json!({"a": [1, {"b": 3}]})), Some("/a/1/b".into()));
        assert_eq!(place(json!({"a": 1}), json!({"a": 1, "b": 2})), Some("/b".into()));
        assert_eq!(place(json!({"a": [1]}), json!({"a": []})), Some("/a".into()));
        assert_eq!(place(json!([1]), json!([1])), None);
    }
}
