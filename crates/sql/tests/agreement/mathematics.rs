use baibase_sql::{Arithmetic, Expr, Function, JoinKind, Select, Source};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use crate::expressions::{config, row_id};
use crate::random::value;
use crate::stores::Stores;

fn quantity() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        2 => value(),
        2 => (-200.0..200.0_f64).prop_map(Expr::from),
        1 => select(vec![0.0, 1e308, -1e308, 1e-308, 5e-324, f64::INFINITY, f64::NEG_INFINITY]).prop_map(Expr::from),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        let functions = vec![Function::Acos, Function::Cos, Function::Sin, Function::Radians];
        let angle =
            (select(functions), inner).prop_map(|(function, inner)| Expr::Call(function, vec![inner]));
        // Sums and products are only made of what is neither huge nor tiny.
        let calculations =
            vec![Arithmetic::Add, Arithmetic::Subtract, Arithmetic::Multiply, Arithmetic::Divide];
        let trigonometric = vec![Function::Cos, Function::Sin];
        // The sine of what is tiny would be tiny again.
        let cosine = angle.clone().prop_map(|angle| Expr::Call(Function::Cos, vec![angle]));
        let operand = (select(trigonometric), cosine).prop_map(|(f, cosine)| Expr::Call(f, vec![cosine]));
        let operand = operand.boxed();
        let calculation = (select(calculations), operand.clone(), operand).prop_map(|(op, left, right)| {
            Expr::Arithmetic { op, left: Box::new(left), right: Box::new(right) }
        });
        prop_oneof![angle, calculation]
    })
}

/// The same, as far as rounding goes.
fn is_close(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other || (one - other).abs() <= 1e-9 * one.abs().max(1.0),
        (one, other) => one == other,
    }
}

#[test]
fn quantities() {
    let stores = Stores::open();
    let test = |quantity: Expr| {
        // What has been through a function is a number in both.
        let sine = Expr::Call(Function::Sin, vec![quantity]);
        let rows = Select::from(Source::table_as("v", "l")).column(sine).order_by(row_id("l"), false);
        let same = Some(row_id("r").eq(row_id("l")));
        let rows = rows.join(JoinKind::Inner, Source::table_as("v", "r"), same);
        let [sqlite, postgres] = stores.rows(&rows, |row| row.get(0).as_f64());
        for (sqlite, postgres) in sqlite.iter().zip(&postgres) {
            prop_assert!(is_close(*sqlite, *postgres), "{sqlite:?} {postgres:?} {rows:?}");
        }
        Ok(())
    };
    TestRunner::new(config()).run(&quantity(), test).unwrap_or_else(|error| panic!("{error}"));
}
