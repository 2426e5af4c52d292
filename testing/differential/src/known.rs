//! What differs from PocketBase, or between the stores, on purpose. Nothing else may differ.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::Reply;
use crate::model::{Caller, Scenario};
use crate::step::Step;

/// A difference that is meant to be.
#[derive(Debug)]
pub struct Known {
    /// Its name in a summary.
    pub name: &'static str,
    /// Why it is meant to be.
    pub reason: &'static str,
    /// Whether the two stores can differ in it, and not only this server and PocketBase.
    stores: bool,
    applies: fn(&Replies<'_>) -> bool,
}

/// Two replies that differ.
#[derive(Debug)]
pub struct Replies<'a> {
    /// What the request is part of.
    pub scenario: &'a Scenario,
    /// The request.
    pub step: &'a Step,
    /// The reply of this server.
    pub ours: &'a Reply,
    /// The reply of the other.
    pub theirs: &'a Reply,
}

/// The list.
pub const KNOWN: [Known; 8] = [
    Known {
        name: "prose of causes",
        reason: "what a rule lacks is told in our own words, with the place in the rule, and what a database refuses in \
                 the words of that database",
        stores: true,
        applies: |replies| without_raw_errors(&replies.ours.json) == without_raw_errors(&replies.theirs.json),
    },
    Known {
        name: "one of two keys",
        reason: "a row that breaks the primary key and a unique index breaks one of them first, by the database",
        stores: true,
        applies: |replies| {
            let both = [replies.ours, replies.theirs];
            both.iter().all(|reply| is_about_a_key(reply))
                && both.iter().any(|reply| reply.json.pointer("/data/id").is_some())
        },
    },
    Known {
        name: "rename below a view",
        reason: "SQLite cannot rewrite every view for another name of a column; PostgreSQL need not",
        stores: true,
        applies: |replies| {
            let mut both = [replies.ours, replies.theirs].into_iter();
            both.any(|reply| reply.status == 400 && UNREWRITTEN_VIEW.is_match(&reply.json.to_string()))
        },
    },
    Known {
        name: "place of a fault",
        reason: "superusers are told what is wrong with a filter or a sort, and where",
        stores: false,
        applies: |replies| {
            let told = [("filter", "validation_invalid_filter"), ("sort", "validation_invalid_sort")];
            let (ours, theirs) = (&replies.ours.json, &replies.theirs.json);
            replies.step.caller == Caller::Superuser
                && told.iter().any(|(key, code)| without_fault(ours, key, code) == *theirs)
        },
    },
    Known {
        name: "submitted items as a pattern",
        reason: "PocketBase turns the submitted list into a pattern before it takes it apart, which fails for every \
                 request that gets that far",
        stores: false,
        applies: |replies| replies.theirs.status >= 400 && replies.mention(&ITEMS_AS_PATTERN),
    },
    Known {
        name: "nameless step of a JSON path",
        reason: "PocketBase fails on it, but only when it comes upon a row; here it leads nowhere",
        stores: false,
        applies: |replies| replies.theirs.status >= 400 && replies.mention(&NAMELESS_STEP),
    },
    Known {
        name: "password in the reply to a batch",
        reason: "PocketBase shows what was sent for a password field that is not hidden; here nobody ever sees a password",
        stores: false,
        applies: |replies| {
            replies.step.path == "/api/batch"
                && without_passwords(&replies.ours.json) == without_passwords(&replies.theirs.json)
        },
    },
    Known {
        name: "quote in a comment of a related rule",
        reason: "PocketBase puts the rule of the related collection in parentheses, in which a quote in a comment begins \
                 a text",
        stores: false,
        applies: |replies| replies.theirs.status == 400 && replies.mention(&QUOTE_IN_COMMENT),
    },
];

/// Lists in another order, with the same records.
pub const SEVERAL_VALUES: Known = Known {
    name: "order by several values",
    reason: "a record with several values to sort by stands where the first of them in that direction belongs; with \
             PocketBase it is the one that SQLite happens to meet first",
    stores: false,
    applies: |_| false,
};

static UNREWRITTEN_VIEW: LazyLock<Regex> = LazyLock::new(|| regex(r"error in view \w+ after rename"));
static ITEMS_AS_PATTERN: LazyLock<Regex> = LazyLock::new(|| regex(r"~\s*@request\.body\.[\w.]+:each"));
static NAMELESS_STEP: LazyLock<Regex> = LazyLock::new(|| regex(r"\w\.\."));

static QUOTE_IN_COMMENT: LazyLock<Regex> = LazyLock::new(|| regex(r#"(^|[^:])//[^\n]*['"]"#));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern")
}

impl Replies<'_> {
    /// Whether the filter or a rule has something in it.
    fn mention(&self, what: &Regex) -> bool {
        let parameters = self.step.query.iter().map(|(_, value)| what.is_match(value));
        let rules = self.scenario.collections.iter().flat_map(|collection| &collection.rules);
        let rules = rules.filter_map(|(_, rule)| rule.as_ref()).map(|rule| what.is_match(&rule.to_string()));
        parameters.chain(rules).any(|found| found)
    }
}

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

/// A reply without the values of password fields, which the generator names so.
fn without_passwords(json: &Value) -> Value {
    match json {
        Value::Array(items) => items.iter().map(without_passwords).collect(),
        Value::Object(object) => {
            let kept = object.iter().filter(|(key, _)| !key.starts_with("password"));
            kept.map(|(key, value)| (key.clone(), without_passwords(value))).collect()
        }
        _ => json.clone(),
    }
}

/// The known difference that explains these replies, of the two stores or of this server and PocketBase.
pub fn find(replies: &Replies<'_>, of_stores: bool) -> Option<&'static Known> {
    KNOWN.iter().find(|known| (known.stores || !of_stores) && (known.applies)(replies))
}

/// Whether a record was refused because it would have been there twice.
fn is_about_a_key(reply: &Reply) -> bool {
    let Some(Value::Object(data)) = reply.json.get("data") else { return false };
    let is_key = |fault: &Value| fault.get("code").is_some_and(|code| code == "validation_not_unique");
    reply.status == 400 && !data.is_empty() && data.values().all(is_key)
}

/// A text up to where it quotes an internal error.
fn without_cause(text: &str) -> &str {
    let before = text.split("Raw error:").next().unwrap_or_default();
    match before.starts_with("Failed to create index ") {
        true => before.split(" - ").next().unwrap_or_default(),
        false => before,
    }
}

/// Texts end where they begin to quote an internal error.
fn without_raw_errors(json: &Value) -> Value {
    match json {
        Value::String(text) => without_cause(text).into(),
        Value::Array(items) => items.iter().map(without_raw_errors).collect(),
        Value::Object(object) => {
            object.iter().map(|(key, value)| (key.clone(), without_raw_errors(value))).collect()
        }
        _ => json.clone(),
    }
}
