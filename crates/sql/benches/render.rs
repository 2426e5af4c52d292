//! What it costs to write a statement's text and to gather its values, for either database.

use baibase_sql::{Dialect, Expr, Insert, Select, Statement, render};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

const DIALECTS: [Dialect; 2] = [Dialect::Sqlite, Dialect::Postgres];

const COLUMNS: [&str; 7] = ["id", "title", "body", "views", "published", "owner", "created"];

fn columns() -> Select {
    COLUMNS
        .iter()
        .fold(Select::from_table("posts"), |query, column| query.column(Expr::column("posts", *column)))
}

/// A record by its id.
#[divan::bench(args = DIALECTS)]
fn record(bencher: Bencher<'_, '_>, dialect: Dialect) {
    let query = columns().filter(Expr::column("posts", "id").eq("post00000000001")).limit(1);
    bencher.bench_local(|| render(black_box(&query), dialect).text.len());
}

/// A page of a list with a filter and a sort.
#[divan::bench(args = DIALECTS)]
fn list(bencher: Bencher<'_, '_>, dialect: Dialect) {
    let column = |name: &'static str| Expr::column("posts", name);
    let filter = Expr::All(vec![
        column("published").eq(true),
        column("owner").in_list(["owner0000000001", "owner0000000002"]),
        column("title").eq("a title").or(column("title").is_null()),
    ]);
    let query = columns().filter(filter).order_by(column("views"), true).limit(30);
    bencher.bench_local(|| render(black_box(&query), dialect).text.len());
}

/// A new row.
#[divan::bench(args = DIALECTS)]
fn insert(bencher: Bencher<'_, '_>, dialect: Dialect) {
    let statement: Statement = Insert {
        table: "posts".into(),
        columns: COLUMNS.iter().map(|column| (*column).into()).collect(),
        rows: vec![COLUMNS.iter().map(|column| (*column).into()).collect()],
        on_conflict: None,
    }
    .into();
    bencher.bench_local(|| render(black_box(&statement), dialect).text.len());
}
