//! Values that are easily confused.

use baibase_sql::Value;

/// Texts, many of which read like numbers or patterns.
pub(crate) const TEXTS: [&str; 33] = [
    "",
    "a",
    "A",
    "é",
    "É",
    "z",
    "~",
    "5",
    "5.0",
    " 5 ",
    "-1",
    "1",
    "1.0",
    "0",
    "1e3",
    "+5",
    ".5",
    "5.",
    "0x10",
    "1e400",
    "-1e-400",
    "inf",
    "nan",
    "true",
    "%",
    "_",
    "a\\",
    "\\%",
    "a%",
    "[1,2]",
    "{\"a\":1}",
    "\u{1f600}",
    "12345678901234567890",
];

/// Numbers of all sizes.
pub(crate) const NUMBERS: [f64; 24] = [
    0.0,
    1.0,
    5.0,
    -1.0,
    0.5,
    -2.5,
    0.1,
    0.1 + 0.2,
    1.0 / 3.0,
    4.35,
    0.899_999_999_999_999_9,
    1e-5,
    1e-320,
    1000.0,
    1e15,
    123_456_789_012_345.67,
    1e16,
    9_007_199_254_740_992.0,
    1e17,
    1e18,
    9.3e18,
    1e20,
    1.797e308,
    -1e300,
];

/// JSON documents, and texts that are none. Those of numbers are as a column of SQLite keeps them.
pub(crate) const DOCUMENTS: [&str; 30] = [
    "null",
    "1",
    "5",
    "-2.5",
    "\"1\"",
    "\"5.0\"",
    "\"a\"",
    "\"A\"",
    "\"\"",
    "\"\\u0041\\n\\\"\"",
    "true",
    "false",
    "[]",
    "[\"a\"]",
    "[\"a\",\"5\",\"1\"]",
    "[1,\"1\",null,true,{\"a\":[1]},1.0,[2]]",
    "{}",
    "{\"a\":1,\"b\":\"a\",\"c\":true,\"d\":null}",
    "{\"a\":1.0,\"b\":5.0,\"c\":\"1.0\",\"d\":1e3}",
    "{\"a\":\"5\",\"b\":[1, 2],\"c\":{ \"x\" : 1 },\"d\":\"A\"}",
    "{\"a\":[\"a\"],\"b\":\"%\",\"c\":false,\"d\":-0}",
    "{\"a\":1,\"a\":2,\"b\":{\"a\":3},\"c\":\"\\u0061\"}",
    "{\"\\u0061\":\"x\",\"b\":12345678901234567890,\"c\":0.1,\"d\":1e400}",
    "{\"0\":\"zero\"}",
    "[[\"a\",5],{\"b\":\"b\"}]",
    "not json",
    "{\"a\":",
    "[1,]",
    "'a'",
    "",
];

/// One row for each text, with something else of everything.
pub(crate) fn all() -> Vec<[Value; 4]> {
    let document = |index: usize| match DOCUMENTS.get(index) {
        Some(text) => Value::Text((*text).to_owned()),
        None => Value::Null,
    };
    let row = |(index, text): (usize, &&str)| {
        let number = NUMBERS[index % NUMBERS.len()];
        [(*text).into(), number.into(), (index % 2 == 0).into(), document(index)]
    };
    TEXTS.iter().enumerate().map(row).collect()
}
