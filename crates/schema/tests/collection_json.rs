//! The JSON forms of collections, compared byte by byte with what PocketBase v0.39 answers and stores for the same
//! requests.

#![cfg(test)]

use std::sync::Arc;

use ambient::SeededEntropy;
use baibase_schema::collection::{CollectionLookup, CollectionRow, NewId, scaffolds, system};
use baibase_schema::{AuthOptions, Collection};
use serde_json::{Value, json};

struct NoOthers;

impl CollectionLookup for NoOthers {
    fn by_id(&self, _: &str) -> Option<Arc<Collection>> {
        None
    }

    fn by_name(&self, _: &str) -> Option<Arc<Collection>> {
        None
    }
}

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("fixtures/", $name))
    };
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Creates a collection at the time that the expected answer states.
fn create(input: &str, wire: &str) -> Collection {
    let mut collection =
        Collection::from_json(&parse(input), NewId::Generated, &SeededEntropy::new(1)).unwrap();
    collection.prepare(None, parse(wire)["created"].as_str().unwrap(), &NoOthers);
    collection
}

fn patch(old: &Collection, input: &str, wire: &str) -> Collection {
    let mut collection = old.clone();
    collection.apply_json(&parse(input)).unwrap();
    collection.prepare(Some(old), parse(wire)["updated"].as_str().unwrap(), &NoOthers);
    collection.settle(Some(old), &SeededEntropy::new(2));
    collection
}

fn assert_stored(row: &CollectionRow, expected: &str) {
    let expected = parse(expected);
    assert_eq!(row.fields, expected["fields"].as_str().unwrap());
    assert_eq!(row.indexes, expected["indexes"].as_str().unwrap());
    assert_eq!(row.options, expected["options"].as_str().unwrap());
}

#[test]
fn a_base_collection_with_every_field_type() {
    let wire = fixture!("gallery.wire.json");
    let collection = create(fixture!("gallery.input.json"), wire);
    assert_eq!(collection.to_json(), wire.trim_end());
    assert_stored(&collection.to_row(), fixture!("gallery.row.json"));
}

#[test]
fn an_auth_collection_keeps_its_secrets_to_itself() {
    let wire = fixture!("members.wire.json");
    let collection = create(fixture!("members.input.json"), wire);
    assert_eq!(collection.to_json(), wire.trim_end());
    assert_stored(&collection.to_row(), fixture!("members.row.json"));
}

#[test]
fn a_patch_replaces_fields_and_renames_the_table_in_indexes() {
    let old = create(fixture!("gallery.input.json"), fixture!("gallery.wire.json"));
    let wire = fixture!("gallery.patched.wire.json");
    let mut patched = patch(&old, fixture!("gallery.patch.json"), wire);
    patched.created = parse(wire)["created"].as_str().unwrap().to_owned();
    assert_eq!(patched.to_json(), wire.trim_end());
    assert_stored(&patched.to_row(), fixture!("gallery.patched.row.json"));
}

#[test]
fn a_patch_merges_options_and_a_changed_auth_rule_ends_logins() {
    let old = create(fixture!("members.input.json"), fixture!("members.wire.json"));
    let wire = fixture!("members.patched.wire.json");
    let mut patched = patch(&old, fixture!("members.patch.json"), wire);
    patched.created = parse(wire)["created"].as_str().unwrap().to_owned();
    assert_eq!(patched.to_json(), wire.trim_end());

    let secret = &mut patched.auth_mut().unwrap().auth_token.secret;
    assert_eq!(secret.len(), 50);
    "FRESH".clone_into(secret);
    assert_stored(&patched.to_row(), fixture!("members.patched.row.json"));
}

#[test]
fn rows_are_read_back_as_they_were() {
    for (input, wire) in [
        (fixture!("gallery.input.json"), fixture!("gallery.wire.json")),
        (fixture!("members.input.json"), fixture!("members.wire.json")),
    ] {
        let collection = create(input, wire);
        assert_eq!(Collection::from_row(collection.to_row()).unwrap(), collection);
    }
}

#[test]
fn a_new_database_has_the_same_collections() {
    let expected = parse(fixture!("system.json"));
    let collections = system::all(&SeededEntropy::new(3), "2024-01-01 00:00:00.000Z");
    assert_eq!(collections.len(), 6);
    for (collection, expected) in collections.iter().zip(expected.as_array().unwrap()) {
        let row = collection.to_row();
        let mut options = parse(&row.options);
        remove_secrets_and_texts(&mut options);
        let row = json!({
            "id": row.id,
            "system": i32::from(row.system),
            "type": row.kind,
            "name": row.name,
            "fields": parse(&row.fields),
            "indexes": parse(&row.indexes),
            "listRule": row.list_rule,
            "viewRule": row.view_rule,
            "createRule": row.create_rule,
            "updateRule": row.update_rule,
            "deleteRule": row.delete_rule,
            "options": options,
        });
        assert_eq!(row, *expected);
    }
}

fn remove_secrets_and_texts(options: &mut Value) {
    if let Value::Object(object) = options {
        for key in ["secret", "subject", "body"] {
            object.remove(key);
        }
        object.values_mut().for_each(remove_secrets_and_texts);
    }
}

#[test]
fn the_texts_of_mails_carry_their_placeholders_and_links() {
    let collections = system::all(&SeededEntropy::new(3), "");
    let options = collections.last().unwrap().auth().unwrap();
    for (template, link) in [
        (&options.verification_template, "confirm-verification"),
        (&options.reset_password_template, "confirm-password-reset"),
        (&options.confirm_email_change_template, "confirm-email-change"),
    ] {
        assert!(template.body.contains(&format!("\"{{APP_URL}}/_/#/auth/{link}/{{TOKEN}}\"")));
        assert!(template.subject.contains("{APP_NAME}"));
    }
    assert!(options.otp.email_template.body.contains("{OTP}"));
    assert!(options.auth_alert.email_template.body.contains("{ALERT_INFO}"));
}

#[test]
fn secrets_differ() {
    let collections = system::all(&SeededEntropy::new(3), "");
    let tokens = collections.iter().filter_map(Collection::auth).flat_map(AuthOptions::tokens);
    let mut secrets: Vec<_> = tokens.map(|(_, token)| token.secret.as_str()).collect();
    assert!(secrets.iter().all(|secret| secret.len() == 50 && secret.chars().all(char::is_alphanumeric)));
    secrets.sort_unstable();
    secrets.dedup();
    assert_eq!(secrets.len(), 10);
}

#[test]
fn scaffolds_have_no_id_and_no_name() {
    let scaffolds = scaffolds(&SeededEntropy::new(4));
    assert_eq!(scaffolds.keys().copied().collect::<Vec<_>>(), ["auth", "base", "view"]);
    for (kind, collection) in &scaffolds {
        assert_eq!(
            (collection.kind.name(), collection.id.as_str(), collection.name.as_str()),
            (*kind, "", "")
        );
    }
    assert_eq!(scaffolds["base"].fields.len(), 1);
    assert!(scaffolds["view"].fields.is_empty());
    let indexes = &scaffolds["auth"].indexes;
    assert!(
        indexes[0].starts_with("CREATE UNIQUE INDEX `idx_tokenKey_")
            && indexes[0].ends_with("` ON `` (`tokenKey`)")
    );
    assert!(indexes[1].ends_with("` ON `` (`email`) WHERE `email` != ''"));
}
