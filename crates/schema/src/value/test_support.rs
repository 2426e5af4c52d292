use proptest::prelude::*;
use serde_json::{Map, Value as JsonValue};

/// Any JSON value, a few levels deep, with numbers that a 64-bit float holds.
pub(crate) fn any_json() -> impl Strategy<Value = JsonValue> {
    let leaf = prop_oneof![
        Just(JsonValue::Null),
        any::<bool>().prop_map(JsonValue::from),
        (-1_000_000_i64..1_000_000).prop_map(|number| JsonValue::from(number as f64)),
        (-1.0e6_f64..1.0e6).prop_map(JsonValue::from),
        any::<String>().prop_map(JsonValue::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(JsonValue::from),
            prop::collection::btree_map(any::<String>(), inner, 0..5)
                .prop_map(|entries| JsonValue::Object(Map::from_iter(entries))),
        ]
    })
}
