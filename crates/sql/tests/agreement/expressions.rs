use std::fmt::Debug;

use baibase_sql::{Dialect, Expr, JoinKind, Select, Source, Value, render};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::random::{condition, value};
use crate::stores::Stores;

/// A query of all pairs of rows, in the order of their numbers.
fn pairs(first: Expr) -> Select {
    Select::from(Source::table_as("v", "l")).column(first).column(row_id("l")).column(row_id("r")).join(
        JoinKind::Cross,
        Source::table_as("v", "r"),
        None,
    )
}

pub(crate) fn row_id(table: &'static str) -> Expr {
    Expr::RowId { table: Some(table.into()) }
}

fn in_order(select: Select) -> Select {
    select.order_by(row_id("l"), false).order_by(row_id("r"), false)
}

/// How many statements are tried; `PROPTEST_CASES` asks for another number.
pub(crate) fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60);
    ProptestConfig { cases, max_shrink_iters: 400, failure_persistence: None, ..<_>::default() }
}

/// Runs the queries that are made of random expressions on both stores and compares what `read` makes of the first
/// column of each row.
fn agree<S, T>(expressions: S, query: impl Fn(Expr) -> Select, read: fn(&dyn store::Row) -> T)
where
    S: Strategy<Value = Expr>,
    T: PartialEq + Debug + Send + 'static,
{
    let stores = Stores::open();
    let test = |expr| {
        let select = query(expr);
        let [sqlite, postgres] = stores.rows(&select, read);
        prop_assert_eq!(sqlite.len(), postgres.len());
        for (sqlite, postgres) in sqlite.iter().zip(&postgres) {
            let texts = [Dialect::Sqlite, Dialect::Postgres].map(|dialect| render(&select, dialect));
            prop_assert_eq!(sqlite, postgres, "{:#?}", texts);
        }
        Ok(())
    };
    TestRunner::new(config()).run(&expressions, test).unwrap_or_else(|error| panic!("{error}"));
}

fn numbers(row: &dyn store::Row) -> [Option<i64>; 2] {
    [row.get(1).as_i64(), row.get(2).as_i64()]
}

#[test]
fn conditions() {
    let query = |condition: Expr| {
        let branches = vec![(condition.clone(), 1.into()), (condition.not(), 0.into())];
        in_order(pairs(Expr::Case { branches, otherwise: None }))
    };
    agree(condition(), query, |row| (row.get(0).as_i64(), numbers(row)));
}

/// Found at random: PostgreSQL has no type for a null that nothing is done to.
#[test]
fn a_bound_null_is_null() {
    let stores = Stores::open();
    for negated in [false, true] {
        let check = Expr::IsNull { operand: Box::new(Expr::Value(Value::Null)), negated };
        let branches = vec![(check, 1.into())];
        let select = Select::new().column(Expr::Case { branches, otherwise: Some(Box::new(0.into())) });
        let expected = vec![Some(i64::from(!negated))];
        assert_eq!(stores.rows(&select, |row| row.get(0).as_i64()), [expected.clone(), expected]);
    }
}

#[test]
fn texts() {
    let query = |value| in_order(pairs(Expr::Concat(vec!["<".into(), value, ">".into()])));
    agree(value(), query, |row| (row.get(0).to_text().map(String::from), numbers(row)));
}

#[test]
fn orders() {
    for descending in [false, true] {
        // A number in the text of a statement would be the place of a column.
        let values = value().prop_filter("a literal", |value| !matches!(value, Expr::Literal(_)));
        agree(values, |value| in_order(pairs(1.into()).order_by(value, descending)), numbers);
    }
}
