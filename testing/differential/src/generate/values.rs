use serde_json::{Value, json};

use crate::model::{Field, Type};
use crate::{Chance, PASSWORD};

use super::fields::OPTIONS;

const PLAIN: [&str; 8] = ["a", "b", "abc", "ABC", "x y", "foo", "Foo", "bar"];

const TEXTS: [&str; 50] = [
    "",
    "A",
    "ä",
    "Ä",
    "a b",
    " a ",
    "1",
    "1.0",
    "01",
    "-1",
    "1e3",
    "0",
    "2",
    "10",
    "true",
    "null",
    "%",
    "_",
    "a%b",
    "a_b",
    "a\\b",
    "\\",
    "'",
    "\"",
    "it's",
    "日本語",
    "😀",
    "e\u{301}",
    "é",
    "line\nbreak",
    "tab\there",
    "<b>x</b> & y",
    "2024-01-02",
    "2024-01-02 03:04:05.000Z",
    "[1,2]",
    "{\"a\":1}",
    "[\"a\"]",
    "ß",
    "İ",
    "\u{feff}x",
    "\u{200b}",
    "@request.auth.id",
    "a.b",
    "\r\n",
    "\u{7f}",
    "\u{1}",
    "a'b\"c",
    "--",
    "NaN",
    "  ",
];

const DATES: [&str; 18] = [
    "2024-01-02 03:04:05.678Z",
    "2024-01-02",
    "2024-01-02T03:04:05Z",
    "2024-01-02 03:04:05",
    "1999-12-31 23:59:59.999Z",
    "2024-02-29 12:00:00.000Z",
    "",
    "bad",
    "2024-01-02T03:04:05+02:00",
    "0001-01-01 00:00:00.000Z",
    "9999-12-31 23:59:59.999Z",
    "2024-13-01",
    "2 Jan 2006",
    "Mon, 02 Jan 2006 15:04:05 MST",
    "2024-01-02 03:04",
    "1970-01-01 00:00:00.000Z",
    "20240102",
    "12:30PM",
];

/// A value to send for a field: mostly one that fits, now and then any.
pub(super) fn value(chance: &mut Chance, field: &Field) -> Value {
    if chance.percent(4) {
        return any(chance);
    }
    match field.kind {
        Type::Text if field.is("primaryKey") => text(chance),
        Type::Text => text(chance),
        Type::Editor => chance
            .word(&["", "<p>hello <b>x</b></p>", "a\n\n b", "<script>1</script>", "plain & simple"])
            .into(),
        Type::Number => number(chance),
        Type::Bool => chance.pick(&[json!(true), json!(false), json!("true"), json!(1), json!("x")]).clone(),
        Type::Email => email(chance),
        Type::Url => chance
            .word(&[
                "https://example.com",
                "http://a.b/c?d=e#f",
                "",
                "https://example.com:80/x",
                "no url",
                "http://例え.jp",
            ])
            .into(),
        Type::Date => chance.word(&DATES).into(),
        Type::Autodate => "2020-01-01 00:00:00.000Z".into(),
        Type::Select => select(chance, field),
        Type::Json => document(chance, 3),
        Type::GeoPoint => point(chance),
        Type::Password => (*chance.pick(&[PASSWORD, "short", ""])).into(),
        // Rows are known to the generator of rows alone.
        Type::Relation | Type::File => Value::Null,
    }
}

fn text(chance: &mut Chance) -> Value {
    match chance.below(100) {
        0..50 => chance.word(&PLAIN).into(),
        50..97 => chance.word(&TEXTS).into(),
        _ => "long ".repeat(chance.between(20, 120)).into(),
    }
}

fn number(chance: &mut Chance) -> Value {
    if chance.percent(60) {
        return json!(i64::try_from(chance.below(12)).unwrap_or_default() - 3);
    }
    let odd = [
        json!(1.5),
        json!(-0.5),
        json!(0.1),
        json!(0.1 + 0.2),
        json!(1e-7),
        json!(1e21),
        json!(1e15),
        json!(1e308),
        json!(5e-324),
        json!(9_007_199_254_740_993_i64),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(-0.0),
        json!("12"),
        json!("1.50"),
        json!(" 7"),
        json!("abc"),
        json!(""),
        json!(true),
        json!(null),
        json!(123_456.789),
        json!(100_000_000),
        json!(1_234_567_890_123.5),
        json!(2.0),
    ];
    chance.pick(&odd).clone()
}

fn email(chance: &mut Chance) -> Value {
    chance
        .word(&[
            "a@b.co",
            "x@example.com",
            "A@Example.com",
            "",
            "no e-mail",
            "ü@example.com",
            "a+b@example.co.uk",
        ])
        .into()
}

fn select(chance: &mut Chance, field: &Field) -> Value {
    let values = field.options.get("values").and_then(Value::as_array).cloned().unwrap_or_default();
    let one = |chance: &mut Chance| match chance.percent(4) || values.is_empty() {
        true => Value::from(chance.word(&OPTIONS)),
        false => chance.pick(&values).clone(),
    };
    if !field.is_multiple() && chance.percent(90) {
        return if chance.percent(15) { "".into() } else { one(chance) };
    }
    let count = chance.below(4);
    (0..count).map(|_| one(chance)).collect()
}

fn point(chance: &mut Chance) -> Value {
    let points = [
        json!({"lon": 0, "lat": 0}),
        json!({"lon": 23.32, "lat": 42.69}),
        json!({"lon": -0.1276, "lat": 51.5072}),
        json!({"lon": 180, "lat": 90}),
        json!({"lon": -180, "lat": -90}),
        json!({"lat": 1}),
        json!({}),
        json!(null),
        json!("{\"lon\":1,\"lat\":2}"),
        json!({"lon": 1e-9, "lat": 5}),
        json!({"lon": 200, "lat": 0}),
        json!({"lat": "3", "lon": "4"}),
    ];
    chance.pick(&points).clone()
}

/// JSON of every shape; the keys are those that paths ask for.
pub(super) fn document(chance: &mut Chance, depth: usize) -> Value {
    match chance.below(if depth == 0 { 70 } else { 100 }) {
        0..10 => Value::Null,
        10..18 => chance.percent(50).into(),
        18..34 => number(chance),
        34..58 => text(chance),
        58..70 => chance
            .pick(&[
                json!([]),
                json!({}),
                json!("{\"a\":\"b\"}"),
                json!("[1, 2]"),
                json!("123"),
                json!("1e5"),
                json!("\"q\""),
            ])
            .clone(),
        70..83 => (0..chance.below(4)).map(|_| document(chance, depth - 1)).collect(),
        _ => {
            let keys = chance.between(1, 3);
            let pairs = (0..keys)
                .map(|_| ((*chance.pick(&super::paths::KEYS)).to_owned(), document(chance, depth - 1)));
            Value::Object(pairs.collect())
        }
    }
}

/// A value of any shape.
fn any(chance: &mut Chance) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-2.5),
        json!([]),
        json!({}),
        json!(["a", "b"]),
        json!([1, "x", null]),
        json!({"a": 1}),
        json!([["a"]]),
        json!(""),
        json!("[\"a\",\"b\"]"),
        json!(1e100),
    ];
    chance.pick(&values).clone()
}
