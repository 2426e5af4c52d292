//! Reads any text as a filter, a sort, an expand and a list of fields. What is read as a filter must read the same
//! after it is printed.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(expr) = filter::parse(text) {
        let printed = expr.to_string();
        let again = filter::parse(&printed).map(|expr| expr.without_spans());
        assert_eq!(again, Ok(expr.without_spans()), "{printed}");
    }
    let _ = filter::sort::parse(text);
    let _ = filter::expand::parse(text);
    if let Ok(fields) = filter::fields::parse(text) {
        let mut value = serde_json::Value::from(text);
        fields.pick(&mut value);
    }
});
