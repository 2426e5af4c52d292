//! What a collection loses on its way through its JSON forms: nothing, and its secrets only on the way to clients.

#![cfg(test)]

use ambient::SeededEntropy;
use baibase_schema::collection::{ApplyError, CollectionKind, NewId, ViewOptions};
use baibase_schema::field::fields_from_json;
use baibase_schema::{Collection, Field};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

const KINDS: &[&str] = &[
    "text", "editor", "number", "bool", "email", "url", "date", "autodate", "select", "file", "relation",
    "json", "password", "geoPoint",
];

fn text() -> impl Strategy<Value = Value> {
    "[ -~<>&é\u{2028}\n]{0,8}".prop_map(Value::from)
}

fn texts() -> impl Strategy<Value = Value> {
    prop_oneof![Just(Value::Null), vec(text(), 0..3).prop_map(Value::from)]
}

fn flag() -> impl Strategy<Value = Value> {
    any::<bool>().prop_map(Value::from)
}

fn integer() -> impl Strategy<Value = Value> {
    (-(1_i64 << 53)..=1 << 53).prop_map(Value::from)
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![Just(Value::Null), any::<f64>().prop_map(Value::from)]
}

fn time() -> impl Strategy<Value = Value> {
    prop_oneof![Just(json!("")), (0..60_u8).prop_map(|s| json!(format!("2024-02-29 10:20:{s:02}.123Z")))]
}

/// The options of a type as keys and strategies.
fn options(kind: &'static str) -> Vec<(&'static str, BoxedStrategy<Value>)> {
    type NewStrategy = fn() -> BoxedStrategy<Value>;
    let keys: &[(&str, NewStrategy)] = match kind {
        "text" => &[
            ("min", || integer().boxed()),
            ("max", || integer().boxed()),
            ("pattern", || text().boxed()),
            ("autogeneratePattern", || text().boxed()),
            ("primaryKey", || flag().boxed()),
        ],
        "editor" => &[("maxSize", || integer().boxed()), ("convertURLs", || flag().boxed())],
        "number" => {
            &[("min", || number().boxed()), ("max", || number().boxed()), ("onlyInt", || flag().boxed())]
        }
        "email" | "url" => &[("onlyDomains", || texts().boxed()), ("exceptDomains", || texts().boxed())],
        "date" => &[("min", || time().boxed()), ("max", || time().boxed())],
        "autodate" => &[("onCreate", || flag().boxed()), ("onUpdate", || flag().boxed())],
        "select" => &[("values", || texts().boxed()), ("maxSelect", || integer().boxed())],
        "file" => &[
            ("maxSize", || integer().boxed()),
            ("maxSelect", || integer().boxed()),
            ("mimeTypes", || texts().boxed()),
            ("thumbs", || texts().boxed()),
            ("protected", || flag().boxed()),
        ],
        "relation" => &[
            ("collectionId", || text().boxed()),
            ("cascadeDelete", || flag().boxed()),
            ("minSelect", || integer().boxed()),
            ("maxSelect", || integer().boxed()),
        ],
        "json" => &[("maxSize", || integer().boxed())],
        "password" => &[
            ("pattern", || text().boxed()),
            ("min", || integer().boxed()),
            ("max", || integer().boxed()),
            ("cost", || integer().boxed()),
        ],
        _ => &[],
    };
    keys.iter().map(|(key, strategy)| (*key, strategy())).collect()
}

fn field() -> impl Strategy<Value = Field> {
    proptest::sample::select(KINDS).prop_flat_map(|kind| {
        let (keys, values): (Vec<_>, Vec<_>) = options(kind).into_iter().unzip();
        let common = (text(), text(), text(), vec(flag(), 4));
        (values, common).prop_map(move |(values, (id, name, help, flags))| {
            let mut json = json!({"type": kind, "id": id, "name": name, "help": help});
            for (key, flag) in ["system", "hidden", "presentable", "required"].iter().zip(flags) {
                json[key] = flag;
            }
            for (key, value) in keys.iter().zip(values) {
                json[key] = value;
            }
            Field::from_json(&json).unwrap()
        })
    })
}

fn collection() -> impl Strategy<Value = Collection> {
    let kind = prop_oneof![
        Just(CollectionKind::Base),
        any::<u64>()
            .prop_map(|seed| CollectionKind::with_defaults("auth", &SeededEntropy::new(seed)).unwrap()),
        "[a-z <]{0,9}".prop_map(|view_query| CollectionKind::View(ViewOptions { view_query })),
    ];
    let rules = vec(proptest::option::of("[ -~]{0,9}"), 5);
    (kind, "[a-z]{0,6}", vec(field(), 0..5), vec("[ -~]{0,9}", 0..3), rules).prop_map(
        |(kind, name, fields, indexes, rules)| {
            let mut collection = Collection::new(kind, &name, "");
            let json = serde_json::to_value(fields).unwrap();
            collection.fields = fields_from_json(&json).unwrap();
            collection.indexes = indexes;
            let [list, view, create, update, delete] = rules.try_into().unwrap();
            let target = &mut collection.rules;
            (target.list, target.view, target.create, target.update, target.delete) =
                (list, view, create, update, delete);
            collection
        },
    )
}

proptest! {
    #[test]
    fn a_row_keeps_everything(collection in collection()) {
        prop_assert_eq!(Collection::from_row(collection.to_row()).unwrap(), collection);
    }

    #[test]
    fn what_clients_see_can_be_sent_back(collection in collection()) {
        let json: Value = serde_json::from_str(&collection.to_json()).unwrap();
        let mut again = collection.clone();
        again.apply_json(&json).unwrap();
        prop_assert_eq!(&again, &collection);

        let mut copy = Collection::from_json(&json, NewId::FromJson, &SeededEntropy::new(1)).unwrap();
        if let (Some(copy), Some(original)) = (copy.auth_mut(), collection.auth()) {
            prop_assert_eq!(copy.without_secrets(), original.without_secrets());
            copy.clone_from(original);
        }
        prop_assert_eq!(copy, collection);
    }
}

#[test]
fn wrong_json_types_are_refused() {
    let entropy = SeededEntropy::new(1);
    for json in [json!([]), json!({"type": 1}), json!({"name": true})] {
        let error = Collection::from_json(&json, NewId::Generated, &entropy).unwrap_err();
        assert!(matches!(error, ApplyError::TypeData(_)), "{json}");
    }
    for json in [
        json!({"system": 1}),
        json!({"fields": {}}),
        json!({"fields": [{"type": "text", "max": "1"}]}),
        json!({"fields": [{"name": "a"}]}),
        json!({"indexes": [1]}),
        json!({"listRule": 5}),
        json!({"created": 5}),
        // Options of other types are looked at as well.
        json!({"authToken": {"duration": 1.5}}),
        json!({"viewQuery": []}),
    ] {
        let error = Collection::from_json(&json, NewId::Generated, &entropy).unwrap_err();
        assert!(matches!(error, ApplyError::Data(_)), "{json}");
    }
}

#[test]
fn a_body_without_anything_changes_nothing() {
    let collection = Collection::new(CollectionKind::Base, "a", "");
    let mut same = collection.clone();
    same.apply_json(&Value::Null).unwrap();
    same.apply_json(&json!({"unknown": 1, "id": null, "name": null, "type": null})).unwrap();
    assert_eq!(same, collection);
}
