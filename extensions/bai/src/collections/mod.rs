//! The collections of a fresh data directory.

mod attachments;
mod companies;
mod dictionary;
mod documents;
mod user_groups;
mod users;

use engine::CollectionSpec;
use serde_json::Value;

/// A superuser (whom no rule stops) or a user of the management platform.
const MANAGER: &str =
    r#"@request.auth.collectionName = "tbl_auth_users" && @request.auth.users_idtype = "ManagePlatform""#;

/// For everybody.
const PUBLIC: &str = "";

/// The greatest number of characters of a text that holds a whole document.
const LONG_TEXT: i64 = 1_000_000;

/// All of them.
pub(crate) fn all() -> Vec<CollectionSpec> {
    vec![
        users::spec(),
        companies::spec(),
        attachments::spec(),
        documents::spec(),
        dictionary::spec(),
        user_groups::spec(),
    ]
}

/// Rules by which everybody reads and managers write.
fn read_by_all(spec: CollectionSpec) -> CollectionSpec {
    written_by_managers(spec.rule("listRule", PUBLIC).rule("viewRule", PUBLIC)).rule("createRule", MANAGER)
}

/// Rules by which managers change and delete what is there.
fn written_by_managers(spec: CollectionSpec) -> CollectionSpec {
    spec.rule("updateRule", MANAGER).rule("deleteRule", MANAGER)
}

/// The option of a field that must not be empty.
fn required() -> [(&'static str, Value); 1] {
    [("required", true.into())]
}

/// The option of a text field that holds long texts.
fn long() -> [(&'static str, Value); 1] {
    [("max", LONG_TEXT.into())]
}
