//! SQLite's mathematical functions, which the bundled build leaves out. Views and rules use them.

use std::f64::consts::PI;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Result};

type Unary = fn(f64) -> f64;
type Binary = fn(f64, f64) -> f64;

const UNARY: [(&str, Unary); 20] = [
    ("acos", f64::acos),
    ("acosh", f64::acosh),
    ("asin", f64::asin),
    ("asinh", f64::asinh),
    ("atan", f64::atan),
    ("atanh", f64::atanh),
    ("cos", f64::cos),
    ("cosh", f64::cosh),
    ("degrees", |x| x * (180.0 / PI)),
    ("exp", f64::exp),
    ("ln", |x| positive(x).ln()),
    ("log", |x| positive(x).log10()),
    ("log10", |x| positive(x).log10()),
    ("log2", |x| positive(x).log2()),
    ("radians", |x| x * (PI / 180.0)),
    ("sin", f64::sin),
    ("sinh", f64::sinh),
    ("sqrt", f64::sqrt),
    ("tan", f64::tan),
    ("tanh", f64::tanh),
];

const BINARY: [(&str, Binary); 5] = [
    ("atan2", f64::atan2),
    ("log", |base, x| positive(x).ln() / positive(positive(base).ln())),
    ("mod", |x, y| x % y),
    ("pow", f64::powf),
    ("power", f64::powf),
];

/// These leave a whole number as it is.
const ROUNDING: [(&str, Unary); 4] =
    [("ceil", f64::ceil), ("ceiling", f64::ceil), ("floor", f64::floor), ("trunc", f64::trunc)];

/// Makes the functions known to a connection.
pub(crate) fn register(connection: &Connection) -> Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    for (name, function) in UNARY {
        connection.create_scalar_function(name, 1, flags, move |arguments| {
            Ok(number(arguments, 0).map(function))
        })?;
    }
    for (name, function) in BINARY {
        connection.create_scalar_function(name, 2, flags, move |arguments| {
            Ok(number(arguments, 0).zip(number(arguments, 1)).map(|(x, y)| function(x, y)))
        })?;
    }
    for (name, function) in ROUNDING {
        connection.create_scalar_function(name, 1, flags, move |arguments| match arguments.get_raw(0) {
            ValueRef::Integer(whole) => Ok(rusqlite::types::Value::Integer(whole)),
            _ => Ok(number(arguments, 0).map(function).into()),
        })?;
    }
    connection.create_scalar_function("pi", 0, flags, |_| Ok(PI))
}

/// An argument that is a number or text that looks like one. A result that is not a number becomes null as well:
/// SQLite has none.
fn number(arguments: &Context<'_>, position: usize) -> Option<f64> {
    match arguments.get_raw(position) {
        #[expect(clippy::cast_precision_loss, reason = "SQLite does the same")]
        ValueRef::Integer(value) => Some(value as f64),
        ValueRef::Real(value) => Some(value),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text).ok()?.trim_ascii();
            // Rust also reads words such as "inf".
            text.bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
                .then(|| text.parse().ok())?
        }
        ValueRef::Null | ValueRef::Blob(_) => None,
    }
}

/// Not a number instead of minus infinity for the logarithm of zero.
fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_those_of_sqlite() {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection).unwrap();
        // What the functions of a full build of SQLite 3.50 give.
        for (expression, expected) in [
            ("sqrt(16)", "4.0"),
            ("sqrt(-1)", "null"),
            ("acos(1.0000001)", "null"),
            ("acos('x')", "null"),
            ("cos('0')", "1.0"),
            ("sin(' 0 ')", "0.0"),
            ("cos('inf')", "null"),
            ("cos('')", "null"),
            ("cos(NULL)", "null"),
            ("cos(x'30')", "null"),
            ("radians(180) = pi()", "1"),
            ("degrees(pi())", "180.0"),
            ("ln(0)", "null"),
            ("log(100)", "2.0"),
            ("log(2, 8)", "3.0"),
            ("log(-2, 8)", "null"),
            ("log(1, 8)", "null"),
            ("log2(8)", "3.0"),
            ("pow(2, 10)", "1024.0"),
            ("mod(7, 4)", "3.0"),
            ("mod(7, 0)", "null"),
            ("atan2(0, 1)", "0.0"),
            ("floor(2.5)", "2.0"),
            ("ceil(-2.5)", "-2.0"),
            ("trunc(-2.5)", "-2.0"),
            ("floor(7)", "7"),
            ("floor('2.5')", "2.0"),
            ("typeof(exp(0))", "real"),
        ] {
            let query = format!("SELECT coalesce(CAST({expression} AS TEXT), 'null')");
            let result: String = connection.query_row(&query, [], |row| row.get(0)).unwrap();
            assert_eq!(result, expected, "{expression}");
        }
    }
}
