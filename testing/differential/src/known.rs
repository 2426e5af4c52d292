//! What differs from PocketBase on purpose. Nothing else may differ.

use serde_json::Value;

use crate::Reply;
use crate::model::Caller;
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
pub const KNOWN: [Known; 2] = [
    Known {
        name: "prose of invalid rules",
        reason: "what a rule lacks is told in our own words, with the place in the rule",
        applies: |_, ours, theirs| without_raw_errors(&ours.json) == without_raw_errors(&theirs.json),
    },
    Known {
        name: "place of a fault",
        reason: "superusers are told what is wrong with a filter or a sort, and where",
        applies: |step, ours, theirs| {
            let told = [("filter", "validation_invalid_filter"), ("sort", "validation_invalid_sort")];
            step.caller == Caller::Superuser
                && told.iter().any(|(key, code)| without_fault(&ours.json, key, code) == theirs.json)
        },
    },
];

/// Lists in another order, with the same records.
pub const SEVERAL_VALUES: Known = Known {
    name: "order by several values",
    reason: "a record with several values to sort by stands where the first of them in that direction belongs; with \
             PocketBase it is the one that SQLite happens to meet first",
    applies: |_, _, _| false,
};

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

/// An error reply without what it says about a parameter under this code.
fn without_fault(json: &Value, parameter: &str, code: &str) -> Value {
    let mut json = json.clone();
    if let Some(Value::Object(data)) = json.get_mut("data")
        && data.get(parameter).and_then(|fault| fault.get("code")).is_some_and(|found| found == code)
    {
        data.remove(parameter);
    }
    json
}

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
