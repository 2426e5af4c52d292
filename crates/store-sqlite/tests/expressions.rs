//! What expressions mean in SQLite: the text that `sql` renders is only right if these hold.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use baibase_store_sqlite::{Options, SqliteStore};
use sql::{
    Arithmetic, CastType, Comparison, Expr, Function, JoinKind, PathSegment, Select, Source, Statement,
    Value, ValueRef,
};
use store::{Cost, Store, fetch};
use tempfile::TempDir;

fn open() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("data.db"), Options::default()).unwrap();
    (folder, store)
}

async fn rows(store: &SqliteStore, query: &Select) -> Vec<Value> {
    fetch(store, query, Cost::Point, |row| Ok(row.get(0).to_value())).await.unwrap()
}

/// Checks the value of each expression over one row with a column `v`.
async fn check<const N: usize>(v: Value, expected: [(Expr, Value); N]) {
    let (_folder, store) = open();
    for (expr, value) in expected {
        let one = Select::new().column_as(Expr::Value(v.clone()), "v");
        let query = Select::from(Source::select(one, "t")).column(expr.clone());
        assert_eq!(rows(&store, &query).await, [value], "{expr:?} of {v:?}");
    }
}

fn v() -> Expr {
    Expr::column("t", "v")
}

fn boxed() -> Box<Expr> {
    Box::new(v())
}

fn call(function: Function, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Call(function, arguments.into_iter().collect())
}

fn extract(path: &[PathSegment]) -> Expr {
    Expr::JsonExtract { document: boxed(), path: path.to_vec() }
}

fn key(name: &str) -> PathSegment {
    PathSegment::Key(name.into())
}

const YES: Value = Value::Integer(1);
const NO: Value = Value::Integer(0);

#[tokio::test]
async fn comparisons_with_null() {
    check(
        Value::Null,
        [
            (v().eq("x"), Value::Null),
            (v().compare(Comparison::NotEq, "x"), Value::Null),
            (v().is("x"), NO),
            (v().is(Expr::NULL), YES),
            (v().is(Value::Null), YES),
            (v().is_not("x"), YES),
            (v().is_not(Expr::TRUE), YES),
            (v().is_null(), YES),
            (v().is_not_null(), NO),
            (Expr::coalesce([v(), Expr::EMPTY]), "".into()),
            (v().in_list(Vec::<Expr>::new()), NO),
            (Expr::Concat(vec!["a".into(), v()]), Value::Null),
        ],
    )
    .await;
}

#[tokio::test]
async fn comparisons_of_text_and_numbers() {
    check(
        "Été_10%".into(),
        [
            (v().like("éTÉ%"), NO),
            (v().like("ÉtÉ%"), NO),
            (v().like("É_é\\_10\\%"), YES),
            (v().like("ÉT%"), YES),
            (Expr::Like { subject: boxed(), pattern: Box::new("%10\\_".into()), negated: true }, YES),
            (v().compare(Comparison::EqIgnoreCase, "ÉTé_10%"), YES),
            (v().compare(Comparison::EqIgnoreCase, "éTé_10%"), NO),
            (v().lower(), "Été_10%".into()),
            (Expr::Concat(vec!["%".into(), v(), "%".into()]), "%Été_10%%".into()),
            (v().compare(Comparison::Gt, 5), YES),
        ],
    )
    .await;
    // Not "true", but the number 1.
    check(5.into(), [(v().is(Expr::TRUE), NO), (v().is_not(Expr::FALSE), YES), (v().eq(5.0), YES)]).await;
}

#[tokio::test]
async fn logic_keeps_its_order() {
    let (yes, no) = (|| Expr::TRUE, || Expr::FALSE);
    check(
        Value::Null,
        [
            (no().and(no()).or(yes()), YES),
            (no().and(no().or(yes())), NO),
            (yes().not().or(yes()), YES),
            (no().and(yes()).not(), YES),
            (Expr::All(vec![]), YES),
            (Expr::Any(vec![]), NO),
            (
                Expr::Case { branches: vec![(no(), "a".into()), (yes(), "b".into())], otherwise: None },
                "b".into(),
            ),
            (
                Expr::Case { branches: vec![(no(), "a".into())], otherwise: Some(Box::new("c".into())) },
                "c".into(),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn numbers_and_times() {
    let half =
        Expr::Arithmetic { op: Arithmetic::Divide, left: Box::new(v()), right: Box::new(Expr::integer(2)) };
    let difference =
        Expr::Arithmetic { op: Arithmetic::Subtract, left: boxed(), right: Box::new(half.clone()) };
    let cast = |to| Expr::Cast { operand: Box::new("2.5x".into()), to };
    check(
        3.0.into(),
        [
            (half, 1.5.into()),
            (difference, 1.5.into()),
            (cast(CastType::Integer), 2.into()),
            (cast(CastType::Real), 2.5.into()),
            (Expr::Cast { operand: boxed(), to: CastType::Text }, "3.0".into()),
            (
                call(Function::Acos, [call(Function::Cos, [call(Function::Radians, [180.0.into()])])]),
                std::f64::consts::PI.into(),
            ),
            (call(Function::Sin, [0.0.into()]), 0.0.into()),
            (call(Function::Acos, [v()]), Value::Null),
            (
                call(
                    Function::Strftime,
                    ["%Y/%m".into(), "2024-01-31 10:00:00.000Z".into(), "+1 day".into()],
                ),
                "2024/02".into(),
            ),
            (call(Function::Max, [v()]), 3.0.into()),
            (Expr::count(), 1.into()),
        ],
    )
    .await;
}

#[tokio::test]
async fn json_documents() {
    let document = r#"{"a": {"b c": [1, "two", true, null, {"x": 1}]}, "q\"": 7}"#;
    let list = [key("a"), key("b c")];
    let item = |index| [list.as_slice(), &[PathSegment::Index(index)]].concat();
    check(
        document.into(),
        [
            (extract(&list), r#"[1,"two",true,null,{"x":1}]"#.into()),
            (extract(&item(0)), 1.into()),
            (extract(&item(1)), "two".into()),
            (extract(&item(2)), 1.into()),
            (extract(&item(3)), Value::Null),
            (extract(&item(9)), Value::Null),
            (extract(&[key("q\"")]), 7.into()),
            (extract(&[key("missing"), key("deep")]), Value::Null),
            (Expr::JsonArrayLength(boxed()), 1.into()),
        ],
    )
    .await;
    check("\"text\"".into(), [(extract(&[]), "text".into()), (extract(&[key("a")]), Value::Null)]).await;
    check("not { json".into(), [(extract(&[]), "not { json".into()), (extract(&[key("a")]), Value::Null)])
        .await;
    check("".into(), [(extract(&[]), "".into()), (extract(&[PathSegment::Index(0)]), Value::Null)]).await;
    check(12.into(), [(extract(&[]), 12.into())]).await;
    check(Value::Null, [(extract(&[]), Value::Null)]).await;
}

#[tokio::test]
async fn json_arrays() {
    let length = || Expr::JsonArrayLength(boxed());
    let of = || Expr::JsonArrayOf(boxed());
    let last = || Expr::JsonArrayLast(boxed());
    check(
        "[\"a\",\"b\"]".into(),
        [(length(), 2.into()), (of(), "[\"a\",\"b\"]".into()), (last(), "b".into())],
    )
    .await;
    check("[]".into(), [(length(), 0.into()), (of(), "[]".into()), (last(), "".into())]).await;
    check("".into(), [(length(), 0.into()), (of(), "[]".into()), (last(), "".into())]).await;
    check(Value::Null, [(length(), 0.into()), (of(), "[]".into()), (last(), "".into())]).await;
    check("abc".into(), [(length(), 1.into()), (of(), "[\"abc\"]".into()), (last(), "abc".into())]).await;
    check("{\"a\":1}".into(), [(length(), 1.into()), (of(), "[\"{\\\"a\\\":1}\"]".into())]).await;
}

#[tokio::test]
async fn items_of_arrays() {
    let (_folder, store) = open();
    for (stored, items) in [
        (Value::from("[\"a\",\"b\",3]"), vec![Value::from("a"), "b".into(), 3.into()]),
        ("single".into(), vec!["single".into()]),
        ("".into(), vec!["".into()]),
        (Value::Null, vec![Value::Null]),
        ("[]".into(), vec![Value::Null]),
    ] {
        let one = Select::new().column_as(Expr::Value(stored.clone()), "v");
        let query = Select::from(Source::select(one, "t")).column(Expr::column("je", "value")).join(
            JoinKind::Left,
            Source::json_each(v(), "je"),
            None,
        );
        assert_eq!(rows(&store, &query).await, items, "{stored:?}");
    }
    let bound =
        Select::from(Source::json_each("[\"x\",\"y\"]".into(), "je")).column(Expr::column("je", "value"));
    assert_eq!(rows(&store, &bound).await, [Value::from("x"), "y".into()]);
    check(
        "y".into(),
        [(v().in_select(bound.clone()), YES), (Expr::exists(bound.clone().filter(v().eq("z"))), NO)],
    )
    .await;
}

#[tokio::test]
async fn pages_come_in_order_with_null_first() {
    let (_folder, store) = open();
    let list =
        Select::from(Source::json_each("[3,null,1,2]".into(), "je")).column(Expr::column("je", "value"));
    let mut page = list.clone().order_by(Expr::column("je", "value"), false).limit(2);
    assert_eq!(rows(&store, &page).await, [Value::Null, 1.into()]);
    page.offset = Some(2);
    assert_eq!(rows(&store, &page).await, [Value::from(2), 3.into()]);
    page.limit = None;
    assert_eq!(rows(&store, &page).await, [Value::from(2), 3.into()]);
    let down = list.order_by(Expr::column("je", "value"), true).limit(1);
    assert_eq!(rows(&store, &down).await, [Value::from(3)]);
}

#[tokio::test]
async fn a_query_of_queries() {
    let (_folder, store) = open();
    let mut query = Select::from_table("new")
        .column(Expr::column("new", "id"))
        .filter(Expr::Scalar(Box::new(Select::from_table("new").column(Expr::count()))).eq(1))
        .filter(Expr::not_exists(
            Select::from_table("new").column(Expr::integer(1)).filter(Expr::name("n").eq(2)),
        ));
    query.with = vec![("new".into(), Select::new().column_as("x".into(), "id").column_as(1.into(), "n"))];
    query.distinct = true;
    assert_eq!(rows(&store, &query).await, [Value::from("x")]);
}

#[tokio::test]
async fn odd_text_comes_back_or_comes_as_bytes() {
    let (_folder, store) = open();
    let nul = "a\0b";
    let query = Select::new().column(nul.into());
    assert_eq!(rows(&store, &query).await, [Value::from(nul)]);

    let mut transaction = store.begin().await.unwrap();
    for text in ["CREATE TABLE t (v TEXT)", "INSERT INTO t VALUES (CAST(x'61ff' AS TEXT))"] {
        transaction.execute(&Statement::Authored(text.into())).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let query = Select::from_table("t").column(Expr::name("v"));
    let texts = fetch(&store, &query, Cost::Point, |row| {
        assert_eq!(row.get(0), ValueRef::Blob(b"a\xff"));
        Ok(row.get(0).to_text().map(std::borrow::Cow::into_owned))
    });
    assert_eq!(texts.await.unwrap(), [Some("a\u{fffd}".to_owned())]);
}
