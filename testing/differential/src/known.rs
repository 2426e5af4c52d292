//! What differs from PocketBase on purpose. Nothing else may differ.

use serde_json::Value;

use crate::Reply;
use crate::step::Step;

/// A difference that is meant to be.
#[derive(Debug)]
pub struct Known {
    /// Its name in a summary.
    pub name: &'static str,
    /// Why it is meant to be.
    pub reason: &'static str,
    applies: fn(&Step, ours: &Reply, theirs: &Reply) -> bool,
}

/// The list.
pub const KNOWN: [Known; 1] = [Known {
    name: "prose of invalid rules",
    reason: "what a rule lacks is told in our own words, with the place in the rule",
    applies: |_, ours, theirs| without_raw_errors(&ours.json) == without_raw_errors(&theirs.json),
}];

/// Keys that are left out of every reply before it is compared: our error replies say `code` beside `status`, because
/// one of the documented contracts names it so.
pub const CODE_OF_ERRORS: &str = "code";

/// Keys that are left out of the reply of an auth collection: our e-mails have words of their own.
pub const E_MAILS: [&str; 5] = [
    "emailTemplate",
    "verificationTemplate",
    "resetPasswordTemplate",
    "confirmEmailChangeTemplate",
    "authAlert",
];

/// The known difference that explains these replies.
pub fn find(step: &Step, ours: &Reply, theirs: &Reply) -> Option<&'static Known> {
    KNOWN.iter().find(|known| (known.applies)(step, ours, theirs))
}

/// Texts end where they begin to quote an internal error.
fn without_raw_errors(json: &Value) -> Value {
    match json {
        Value::String(text) => text.split("Raw error:").next().unwrap_or_default().into(),
        Value::Array(items) => items.iter().map(without_raw_errors).collect(),
        Value::Object(object) => {
            object.iter().map(|(key, value)| (key.clone(), without_raw_errors(value))).collect()
        }
        _ => json.clone(),
    }
}
