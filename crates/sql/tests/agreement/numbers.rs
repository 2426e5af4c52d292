use baibase_sql::{ColumnType, Comparison, Expr, Select, Source, Values};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::expressions::config;
use crate::stores::Stores;

/// How many numbers a statement has.
const COUNT: usize = 40;

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        2 => any::<f64>().prop_filter("a number", |number| number.is_finite()),
        1 => any::<i64>().prop_map(|number| number as f64),
        2 => (any::<i32>(), -12..12_i32).prop_map(|(digits, power)| f64::from(digits) * 10_f64.powi(power)),
        1 => (any::<i64>(), -20..3_i32).prop_map(|(digits, power)| digits as f64 * 10_f64.powi(power)),
    ]
}

/// A text that reads like a number or nearly so.
fn written() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => number().prop_map(|number| number.to_string()),
        2 => number().prop_map(|number| format!("{number:e}")),
        1 => "[ \\t]{0,2}[+-]?[0-9]{0,25}\\.?[0-9]{0,25}([eE][+-]?[0-9]{0,4})?[ \\n]{0,2}",
        1 => "[+-]?0{0,300}[0-9]{0,400}\\.?0{0,300}[0-9]{0,20}(e-?[0-9]{1,3})?",
    ]
}

#[test]
fn texts_of_numbers() {
    let stores = Stores::open();
    let test = |numbers: Vec<f64>| {
        let row = numbers
            .iter()
            .enumerate()
            .fold(Select::new(), |row, (index, number)| row.column_as((*number).into(), format!("n{index}")));
        let text = |index| {
            let number = Expr::column_of("row", format!("n{index}"), Values::Computed(ColumnType::Number));
            Expr::Concat(vec![number])
        };
        let row = Select::from(Source::select(row, "row"));
        // Of one part, nothing is made text in SQLite.
        let texts =
            (0..COUNT).fold(row, |select, index| select.column(Expr::Concat(vec![text(index), "".into()])));
        let [sqlite, postgres] = stores.rows(&texts, |row| {
            (0..COUNT).map(|column| row.get(column).to_text().map(String::from)).collect::<Vec<_>>()
        });
        for ((number, sqlite), postgres) in numbers.iter().zip(&sqlite[0]).zip(&postgres[0]) {
            // SQLite does not always find the nearest 17th digit of others.
            let is_extreme = !(1e-10..1e17).contains(&number.abs());
            let read = |text: &Option<String>| text.as_ref().unwrap().parse::<f64>();
            let is_same = sqlite == postgres || is_extreme && read(sqlite) == read(postgres);
            prop_assert!(is_same, "{number} {sqlite:?} {postgres:?}");
        }
        Ok(())
    };
    let numbers = prop::collection::vec(number(), COUNT);
    TestRunner::new(config()).run(&numbers, test).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn numbers_of_texts() {
    let stores = Stores::open();
    let test = |pairs: Vec<(f64, String)>| {
        let number = || Expr::column_of("v", "number", Values::Stored(ColumnType::Number));
        let first = Select::from_table("v").filter(Expr::RowId { table: None }.eq(1));
        let compared = pairs.iter().fold(first, |select, (_, text)| {
            let same = text.trim().parse::<f64>().unwrap_or(0.0);
            // The number of the row is 0; beside it, what is read decides.
            select
                .column(number().compare(Comparison::Lt, text.as_str()))
                .column(number().eq(text.as_str()))
                .column(
                    Expr::column_of("v", "text", Values::Stored(ColumnType::Text))
                        .compare(Comparison::Lt, same),
                )
        });
        let [sqlite, postgres] = stores.rows(&compared, |row| {
            (0..3 * COUNT).map(|column| row.get(column).as_bool()).collect::<Vec<_>>()
        });
        prop_assert_eq!(&sqlite, &postgres, "{:?}", pairs);
        Ok(())
    };
    let pairs = prop::collection::vec((number(), written()), COUNT);
    TestRunner::new(config()).run(&pairs, test).unwrap_or_else(|error| panic!("{error}"));
}
