//! Values of every type, and texts that PostgreSQL does not have.

use crate::support::{first, open, query, run, texts};
use sql::{Expr, Insert, Select, Statement, Value};
use store::{Cost, Error, Store, fetch, fetch_optional};
use test_postgres::Cluster;

#[tokio::test]
async fn values_of_every_type_can_be_read() {
    let database = Cluster::shared().database();
    let store = open(&database, baibase_store_postgres::Options::default()).await;
    for (expression, expected) in [
        ("true", Value::Bool(true)),
        ("1::int2", 1.into()),
        ("-2::int4", (-2).into()),
        ("9223372036854775807::int8", i64::MAX.into()),
        ("7::oid", 7.into()),
        ("0.5::float4", 0.5.into()),
        ("0.1::float8", 0.1.into()),
        ("12345678901234567890::numeric", 12_345_678_901_234_567_890.0.into()),
        ("sum(2::int8)", 2.into()),
        ("1.50::numeric", 1.5.into()),
        ("'a'::text", "a".into()),
        ("'a'", "a".into()),
        ("'a'::varchar(3)", "a".into()),
        ("'a'::char(3)", "a  ".into()),
        ("'a'::name", "a".into()),
        ("'\\xff00'::bytea", vec![0xff, 0].into()),
        ("'{\"b\": 1,  \"a\": 2}'::json", "{\"b\": 1,  \"a\": 2}".into()),
        ("'{\"b\": 1,  \"a\": 2}'::jsonb", "{\"a\": 2, \"b\": 1}".into()),
        ("'2024-02-29'::date", "2024-02-29".into()),
        ("'2024-02-29 12:34:56.789+02'::timestamptz", "2024-02-29 10:34:56.789+00".into()),
        ("'1 day 2 hours'::interval", "1 day 02:00:00".into()),
        ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11".into()),
        ("ARRAY[1, 2]", "{1,2}".into()),
        ("'127.0.0.1'::inet", "127.0.0.1/32".into()),
        ("NULL", Value::Null),
        ("NULL::uuid", Value::Null),
    ] {
        let view = query(&database, &format!("SELECT {expression} AS x"));
        // Beside other columns, so that each keeps its place and its name counts for nothing.
        let query = Select { columns: Vec::new(), ..view }.column(Expr::value("before"));
        let query = query.column(Expr::name("x")).column(Expr::name("x"));
        let row = fetch_optional(&*store, &query, Cost::Point, |row| {
            Ok([row.get(0).to_value(), row.get(1).to_value(), row.get(2).to_value()])
        });
        assert_eq!(row.await.unwrap(), Some(["before".into(), expected.clone(), expected]), "{expression}");
    }
}

#[tokio::test]
async fn null_takes_the_type_of_its_place() {
    let database = Cluster::shared().database();
    let store = open(&database, baibase_store_postgres::Options::default()).await;
    run(&*store, &["CREATE TABLE t (a double precision, b boolean, c text)"]).await.unwrap();
    let insert = |values: [Value; 3]| {
        Statement::from(Insert {
            table: "t".into(),
            columns: vec!["a".into(), "b".into(), "c".into()],
            rows: vec![values.map(Expr::Value).into()],
            on_conflict: None,
        })
    };
    let mut transaction = store.begin().await.unwrap();
    transaction.execute(&insert([Value::Null, Value::Null, Value::Null])).await.unwrap();
    transaction.execute(&insert([1.0.into(), true.into(), "x".into()])).await.unwrap();
    transaction.execute(&insert([Value::Null, Value::Null, Value::Null])).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(
        texts(&database, &*store, "SELECT count(c)::text || count(*)::text FROM t").await.unwrap(),
        ["13"]
    );
}

#[tokio::test]
async fn nul_is_refused_where_it_would_be_stored_and_found_nowhere() {
    let database = Cluster::shared().database();
    let store = open(&database, baibase_store_postgres::Options::default()).await;
    run(&*store, &["CREATE TABLE t (a text)", "INSERT INTO t VALUES ('a')"]).await.unwrap();
    let insert = Statement::from(Insert {
        table: "t".into(),
        columns: vec!["a".into()],
        rows: vec![vec!["a\0b".into()]],
        on_conflict: None,
    });
    let mut transaction = store.begin().await.unwrap();
    let error = transaction.execute(&insert).await.unwrap_err();
    assert!(matches!(&error, Error::Constraint(text) if text.contains("NUL")), "{error}");
    transaction.commit().await.unwrap();
    let found = |text: &'static str| {
        let query = Select::from_table("t").column(Expr::name("a")).filter(Expr::name("a").eq(text));
        let store = store.clone();
        async move { fetch(&*store, &query, Cost::Point, first).await.unwrap() }
    };
    assert!(found("a\0").await.is_empty());
    assert_eq!(found("a").await, ["a"]);
}

#[tokio::test]
async fn a_text_that_is_too_long_for_an_index_is_a_constraint() {
    let database = Cluster::shared().database();
    let store = open(&database, baibase_store_postgres::Options::default()).await;
    run(&*store, &["CREATE TABLE t (a text PRIMARY KEY)"]).await.unwrap();
    // Random enough not to be compressed.
    let long = "INSERT INTO t SELECT string_agg(md5(i::text), '') FROM generate_series(1, 1000) AS s(i)";
    let error = run(&*store, &[long]).await.unwrap_err();
    assert!(matches!(error, Error::Constraint(_)), "{error}");
}
