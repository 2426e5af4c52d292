//! What is not the same in PostgreSQL, with both answers. docs/stores.md lists it.

use baibase_sql::{Expr, Function, PathSegment, Select, Value};

use crate::stores::Stores;

/// Checks what an expression is in SQLite and in PostgreSQL.
fn check(stores: &Stores, expr: Expr, sqlite: impl Into<Value>, postgres: impl Into<Value>) {
    let select = Select::new().column(expr);
    let found = stores.rows(&select, |row| match row.get(0).to_value() {
        Value::Bool(truth) => Value::Integer(truth.into()),
        value => value,
    });
    assert_eq!(found, [vec![sqlite.into()], vec![postgres.into()]], "{select:?}");
}

fn part(document: impl Into<Expr>, path: Vec<PathSegment>) -> Expr {
    Expr::JsonExtract { document: Box::new(document.into()), path }
}

fn strftime(arguments: &[&str]) -> Expr {
    Expr::Call(Function::Strftime, arguments.iter().copied().map(Expr::from).collect())
}

#[test]
fn whole_numbers_of_json_are_floats_when_they_are_compared() {
    let number = part("[9007199254740993]", vec![PathSegment::Index(0)]);
    check(&Stores::open(), number.eq(9_007_199_254_740_992.0), 0, 1);
}

#[test]
fn the_seventeenth_digit_of_a_very_large_or_small_number() {
    let text = Expr::Concat(vec![(-3.416_905_704_846_963e21).into(), "".into()]);
    check(&Stores::open(), text, "-3.4169057048469632e+21", "-3.4169057048469633e+21");
}

#[test]
fn characters_of_json_that_no_text_can_hold() {
    let stores = Stores::open();
    check(&stores, part("[\"a\\u0000b\"]", vec![PathSegment::Index(0)]), "a\0b", "a\u{fffd}b");
    let half = part("[\"a\\ud800b\"]", vec![PathSegment::Index(0)]);
    check(&stores, half, Value::Blob(b"a\xed\xa0\x80b".to_vec()), "a\u{fffd}b");
}

#[test]
fn very_deep_json() {
    let deep = format!("{}1{}", "[".repeat(1001), "]".repeat(1001));
    // What is no JSON is its own value, in any case with the spaces that it has.
    check(&Stores::open(), part(format!(" {deep}"), vec![]).eq(deep), 0, 1);
}

#[test]
fn a_modifier_for_another_time_zone_than_utc() {
    let stores = Stores::open();
    // After something that is no time, SQLite begins anew.
    check(&stores, strftime(&["%Y", "1e10", "utc"]), "-4713", Value::Null);
    // The local time of SQLite is that of the machine.
    let local = Select::new().column(strftime(&["%H:%M", "2024-06-01 12:00", "localtime"]));
    let [_, postgres] = stores.rows(&local, |row| row.get(0).to_value());
    assert_eq!(postgres, ["12:00".into()]);
}

#[test]
fn a_very_long_pattern() {
    let stores = Stores::open();
    let select = Select::new().column(Expr::value("x").like("%".repeat(50_001)));
    let read = |row: &dyn store::Row| row.get(0).as_bool();
    assert!(stores.try_rows(&*stores.sqlite, &select, read).is_err());
    assert_eq!(stores.try_rows(&*stores.postgres, &select, read).unwrap(), [Some(true)]);
}
