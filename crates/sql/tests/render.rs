//! The text of every construct in both dialects.

use baibase_sql::{
    AlterTable, Arithmetic, Authored, CastType, Catalog, ColumnChange, ColumnDef, ColumnKind, ColumnType,
    Comparison, CreateIndex, CreateTable, CreateView, Delete, Dialect, DropIndex, DropTable, DropView, Expr,
    Function, Ident, IndexColumn, IndexKey, Insert, JoinKind, OnConflict, Order, Output, PathSegment,
    RenameTable, Render, Select, Source, Statement, Table, Tables, Update, Value, Values, render,
};

/// Compares a report with the snapshot of this name.
fn check(name: &str, report: &str) {
    insta::assert_snapshot!(name, report);
}

/// Both texts and the values of each tree.
fn both<'a, T: Render + 'a>(trees: impl IntoIterator<Item = &'a (&'a str, T)>) -> String {
    let mut report = String::new();
    for (name, tree) in trees {
        let sqlite = render(tree, Dialect::Sqlite);
        let postgres = render(tree, Dialect::Postgres);
        report.push_str(&format!("-- {name}\nS {}\nP {}\n", sqlite.text, postgres.text));
        for (letter, values) in [("s", &sqlite.values), ("p", &postgres.values)] {
            if !values.is_empty() && (letter == "s" || sqlite.values != postgres.values) {
                report.push_str(&format!("{letter} {values:?}\n"));
            }
        }
        report.push('\n');
    }
    report
}

fn a() -> Expr {
    Expr::name("a")
}

fn b() -> Expr {
    Expr::column("t", "b")
}

/// A query of nothing but this expression.
fn only((name, expr): (&'static str, Expr)) -> (&'static str, Select) {
    (name, Select::from_table("t").filter(expr).column(Expr::integer(1)))
}

fn call(function: Function, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Call(function, arguments.into_iter().collect())
}

#[test]
fn conditions() {
    let compare = |op| a().compare(op, "x");
    let trees = [
        ("eq", compare(Comparison::Eq)),
        ("not eq", compare(Comparison::NotEq)),
        ("eq ignore case", compare(Comparison::EqIgnoreCase)),
        ("lt", compare(Comparison::Lt)),
        ("lte", compare(Comparison::Lte)),
        ("gt", compare(Comparison::Gt)),
        ("gte", compare(Comparison::Gte)),
        ("is", compare(Comparison::Is)),
        ("is not", compare(Comparison::IsNot)),
        (
            "literals",
            a().eq(Expr::TRUE).and(a().is(Expr::FALSE)).and(a().is_not(Expr::NULL)).and(a().eq(Expr::EMPTY)),
        ),
        ("all", a().eq("x").and(b().eq("y").or(b().is_null())).and(a().is_not_null())),
        ("all of none", Expr::All(vec![])),
        ("any of none", Expr::Any(vec![]).and(a().eq(1.5))),
        ("all of one", Expr::All(vec![a().eq(true)])),
        ("not", a().eq("x").not().and(b().not())),
        ("like", a().like("%x%")),
        ("not like", Expr::Like { subject: Box::new(a()), pattern: Box::new(b()), negated: true }),
        ("in list", a().in_list(["x", "y"])),
        ("in empty list", a().in_list(Vec::<Expr>::new())),
        ("not in list", Expr::InList { operand: Box::new(a()), list: vec![Expr::integer(2)], negated: true }),
        ("not in empty list", Expr::InList { operand: Box::new(a()), list: vec![], negated: true }),
        ("in select", a().in_select(Select::from_table("u").column(Expr::name("id")))),
        ("exists", Expr::exists(Select::from_table("u").column(Expr::integer(1)))),
        ("not exists", Expr::not_exists(Select::from_table("u").column(Expr::integer(1)))),
    ];
    check("conditions", &both(&trees.map(only)));
}

#[test]
fn values() {
    let arithmetic = |op| Expr::Arithmetic { op, left: Box::new(a()), right: Box::new(b()) };
    let trees = [
        ("row id", Expr::RowId { table: Some("t".into()) }),
        (
            "every value",
            Expr::coalesce([true.into(), 7.into(), 1.5.into(), "x".into(), Expr::value(vec![0_u8])]),
        ),
        ("scalar", Expr::Scalar(Box::new(Select::from_table("u").column(Expr::count())))),
        ("add", arithmetic(Arithmetic::Add)),
        ("subtract", arithmetic(Arithmetic::Subtract)),
        ("multiply", arithmetic(Arithmetic::Multiply)),
        ("divide", arithmetic(Arithmetic::Divide)),
        ("concat", Expr::Concat(vec!["%".into(), a(), "%".into()])),
        ("concat of none", Expr::Concat(vec![])),
        ("lower", a().lower()),
        ("geo", call(Function::Acos, [call(Function::Cos, [call(Function::Radians, [a()])])])),
        ("sin", call(Function::Sin, [a()])),
        ("random", call(Function::Random, [])),
        ("strftime", call(Function::Strftime, ["%Y".into(), a(), "+1 day".into()])),
        ("strftime now", call(Function::Strftime, ["%Y".into()])),
        ("max", call(Function::Max, [a()])),
        ("min", call(Function::Min, [a()])),
        ("case", Expr::Case { branches: vec![(a().is_null(), "x".into())], otherwise: Some(Box::new(b())) }),
        ("case without branches", Expr::Case { branches: vec![], otherwise: None }),
        ("cast", Expr::Cast { operand: Box::new(a()), to: CastType::Text }),
        ("cast integer", Expr::Cast { operand: Box::new(a()), to: CastType::Integer }),
        ("cast real", Expr::Cast { operand: Box::new(a()), to: CastType::Real }),
        ("count", Expr::count()),
        ("count distinct", b().count_distinct()),
    ];
    check("values", &both(&trees.map(only)));
}

/// A column of the table `t`.
fn stored(kind: ColumnType) -> Expr {
    Expr::column_of("t", format!("{kind:?}"), Values::Stored(kind))
}

#[test]
fn kinds() {
    let (text, number, flag) =
        (stored(ColumnType::Text), stored(ColumnType::Number), stored(ColumnType::Bool));
    let (json, item) = (stored(ColumnType::Json), Expr::item("i"));
    let viewed = Expr::column_of("t", "v", Values::Viewed(ColumnType::Text));
    let computed = |kind| Expr::column_of("t", "c", Values::Computed(kind));
    let trees = [
        ("texts", text.clone().eq("x").and(text.clone().compare(Comparison::Lt, "x"))),
        ("texts of a view", viewed.clone().compare(Comparison::Gte, text.clone())),
        ("text and number", text.clone().eq(1.0).and(text.clone().eq(Expr::integer(1)))),
        ("text and boolean", text.clone().eq(true).and(text.clone().is(Expr::TRUE))),
        ("text and null", text.clone().eq(Expr::NULL).or(text.clone().is_not(Value::Null))),
        ("text and number of tables", text.clone().eq(number.clone())),
        ("numbers", number.clone().eq(1.5).and(number.clone().compare(Comparison::Gt, 1))),
        ("number and text", number.clone().eq("1").and(number.clone().eq(Expr::EMPTY))),
        ("number and text of a query", number.clone().eq(computed(ColumnType::Text))),
        ("text and number of a query", text.clone().eq(computed(ColumnType::Number))),
        ("values of different types", Expr::value("1").eq(1.0)),
        ("boolean", flag.clone().eq(Expr::TRUE).and(flag.clone().eq(1.0)).and(flag.clone().eq("1"))),
        ("json text", json.clone().eq("[]").and(json.clone().is(json.clone()))),
        ("item", item.clone().eq("x").and(item.clone().eq(1.0)).and(item.clone().is(item.clone()))),
        ("item and columns", item.clone().eq(text.clone()).and(item.clone().eq(number.clone()))),
        (
            "mixed",
            Expr::coalesce([number.clone(), Expr::EMPTY]).eq(Expr::coalesce([text.clone(), Expr::EMPTY])),
        ),
        (
            "mixed branches",
            text.clone().is(Expr::Case {
                branches: vec![(flag.clone(), item.clone()), (flag.clone().not(), flag.clone())],
                otherwise: Some(Box::new(Expr::NULL)),
            }),
        ),
        ("lists", number.clone().in_list(["1", "x"]).and(text.clone().in_list([1, 2]))),
        ("list of several types", item.clone().in_list([Expr::value("x"), 1.into()])),
        (
            "items",
            text.clone().in_select(Select::from(Source::json_each(json.clone(), "i")).column(item.clone())),
        ),
        ("like", number.clone().like("%1%").and(flag.clone().like(text.clone())).and(item.clone().like("%"))),
        ("like a part", text.clone().like(Expr::Concat(vec!["%".into(), number.clone(), "%".into()]))),
        (
            "like what cannot be",
            text.clone().like("100%\\").and(text.clone().like(Expr::value("\\").lower())),
        ),
        (
            "texts of numbers",
            Expr::Concat(vec![number.clone(), flag.clone(), item.clone(), 1.5.into(), 1.into()]),
        ),
        (
            "arithmetic",
            Expr::Arithmetic { op: Arithmetic::Add, left: Box::new(text), right: Box::new(item.clone()) },
        ),
        ("strftime", call(Function::Strftime, ["%Y".into(), number])),
        ("strftime of an item", call(Function::Strftime, ["%Y".into(), item])),
        (
            "extract",
            Expr::JsonExtract { document: Box::new(json), path: vec![PathSegment::Index(0)] }.eq(true),
        ),
    ];
    check("kinds", &both(&trees.map(only)));
}

#[test]
fn orders() {
    let table = || Select::from_table("t").column(Expr::column("t", "id"));
    let by = |expr: Expr| table().order_by(expr.clone(), false).order_by(expr, true);
    let joined = |kind| Expr::column_of("j", "c", Values::Stored(kind));
    let greatest = |expr| call(Function::Max, [expr]);
    let several = |order_by: Vec<Order>| Select {
        distinct: true,
        order_by,
        filter: Some(joined(ColumnType::Text).eq("x")),
        limit: Some(1),
        ..table().join(JoinKind::Left, Source::table("j"), None)
    };
    let order = |by| Order { by, descending: true };
    let row_order = || Some(Ident::from("t"));
    check(
        "orders",
        &both(&[
            ("text", by(stored(ColumnType::Text))),
            ("number", by(stored(ColumnType::Number))),
            ("json", by(stored(ColumnType::Json))),
            ("item", by(Expr::item("i"))),
            ("of what is joined", by(joined(ColumnType::Number))),
            ("of a view", by(Expr::column_of("t", "v", Values::Viewed(ColumnType::Text)))),
            ("not said", by(a())),
            ("random", table().order_by(call(Function::Random, []), false)),
            ("rows", Select { row_order: row_order(), ..table() }),
            ("rows at last", Select { row_order: row_order(), ..by(stored(ColumnType::Number)) }),
            ("different", several(vec![])),
            ("different in order", several(vec![order(stored(ColumnType::Text))])),
            (
                "different rows in order",
                Select { row_order: row_order(), ..several(vec![order(stored(ColumnType::Text))]) },
            ),
            (
                "groups",
                Select { group_by: vec![Expr::column("t", "id")], row_order: row_order(), ..table() }
                    .order_by(greatest(joined(ColumnType::Text)), true)
                    .order_by(greatest(joined(ColumnType::Bool)), true)
                    .order_by(call(Function::Min, [Expr::item("i")]), false),
            ),
        ]),
    );
}

#[test]
fn json() {
    let extract = |path| Expr::JsonExtract { document: Box::new(b()), path };
    let path = vec![PathSegment::Key("a\"b\\".into()), PathSegment::Index(2), PathSegment::Key("c d".into())];
    let trees = [
        ("whole document", extract(vec![])),
        ("part", extract(path).is("x")),
        ("array length", Expr::JsonArrayLength(Box::new(b()))),
        ("array of", Expr::JsonArrayOf(Box::new(b()))),
        ("array last", Expr::JsonArrayLast(Box::new(b()))),
        (
            "each of a column",
            Expr::exists(Select::from(Source::json_each(b(), "je")).column(Expr::column("je", "value"))),
        ),
        (
            "each of a value",
            Expr::exists(
                Select::from(Source::json_each("[1]".into(), "je")).column(Expr::column("je", "value")),
            ),
        ),
    ];
    check("json", &both(&trees.map(only)));
}

#[test]
fn selects() {
    let mut everything = Select::from(Source::table_as("posts", "p"))
        .column(Expr::column("p", "id"))
        .column_as(Expr::count(), "total")
        .join(JoinKind::Left, Source::table_as("users", "u"), Some(b().eq(a())))
        .join(JoinKind::Left, Source::json_each(b(), "je"), None)
        .join(JoinKind::Inner, Source::table("tags"), Some(a().eq(a())))
        .join(JoinKind::Inner, Source::table("tags2"), None)
        .join(JoinKind::Cross, Source::table("x"), None)
        .filter(a().eq("1"))
        .filter(b().eq("2").or(b().is_null()))
        .order_by(a(), false)
        .order_by(b(), true)
        .limit(30);
    everything.distinct = true;
    everything.offset = Some(60);
    everything.group_by = vec![a(), b()];
    everything.with =
        vec![("new".into(), Select::new().column_as("v".into(), "id").column_as(1.0.into(), "n"))];

    let mut offset_only = Select::from_table("t").all_columns();
    offset_only.offset = Some(5);
    let mut all_of = Select::from(Source::select(Select::from_table("u").all_columns(), "s"));
    all_of.columns = vec![Output::All(Some("s".into()))];
    let authored = Source::Authored { query: "SELECT 1 AS id".into(), alias: "v".into() };
    let values = [Value::Null, true.into(), 1.into(), 1.5.into(), "x".into(), vec![1_u8].into()];
    let one_row = values.into_iter().fold(Select::new(), |row, value| row.column(Expr::Value(value)));

    check(
        "selects",
        &both(&[
            ("everything", everything),
            ("offset only", offset_only),
            ("all of a subquery", all_of),
            ("authored", Select::from(authored).all_columns()),
            ("one row of values", one_row),
            ("odd names", Select::from_table("a`b\"c").column(Expr::name("d\0`\"e"))),
            ("long names", Select::from_table("t".repeat(64)).column(Expr::name("xmin"))),
        ]),
    );
}

#[test]
fn catalog() {
    check(
        "catalog",
        &both(&[
            ("exists", Catalog::exists("Posts")),
            ("tables", Catalog::tables()),
            ("columns", Catalog::columns("posts")),
            ("indexes", Catalog::indexes("posts")),
        ]),
    );
}

#[test]
fn changes() {
    let insert = |on_conflict| Insert {
        table: "t".into(),
        columns: vec!["id".into(), "n".into()],
        rows: vec![vec!["x".into(), 1.into()], vec!["y".into(), Expr::NULL]],
        on_conflict,
    };
    let conflict = |update| Some(OnConflict { key: vec!["id".into()], update });
    let defaults = Insert { table: "t".into(), columns: vec![], rows: vec![], on_conflict: None };
    let set = vec![("n".into(), 2.into()), ("m".into(), Expr::name("m").lower())];
    let update = Update { table: "t".into(), set, filter: Some(a().eq("x")) };
    let delete = Delete { table: "t".into(), filter: Some(a().eq("x")) };
    check(
        "changes",
        &both(&[
            ("insert", Statement::from(insert(None))),
            ("insert or nothing", insert(conflict(vec![])).into()),
            ("insert or update", insert(conflict(vec!["n".into(), "m".into()])).into()),
            ("insert defaults", defaults.into()),
            ("update", update.into()),
            ("delete", delete.into()),
            ("delete all", Delete { table: "t".into(), filter: None }.into()),
            ("authored", Statement::Authored("VACUUM".into())),
        ]),
    );
}

const KINDS: [ColumnKind; 16] = [
    ColumnKind::RandomId,
    ColumnKind::TextKey,
    ColumnKind::Text,
    ColumnKind::UniqueText,
    ColumnKind::NullableText,
    ColumnKind::TextOr("it's"),
    ColumnKind::CurrentTime,
    ColumnKind::Number,
    ColumnKind::Integer,
    ColumnKind::RequiredInteger,
    ColumnKind::Bool,
    ColumnKind::Json,
    ColumnKind::JsonBytes,
    ColumnKind::JsonArray,
    ColumnKind::JsonObject,
    ColumnKind::GeoPoint,
];

/// SQL about the table `t`.
fn authored(text: &str) -> Authored {
    let columns = ["a", "b", "c"].map(|name| (name.to_owned(), ColumnType::Text)).to_vec();
    Authored::new(text, &Tables::new([Table { name: "t".into(), is_view: false, columns }]))
}

#[test]
fn tables() {
    let column = |kind| ColumnDef { name: format!("{kind:?}").into(), kind };
    let create = |if_not_exists, columns| CreateTable { name: "t".into(), if_not_exists, columns };
    let alter = |change| Statement::from(AlterTable { table: "t".into(), change });
    let index = |columns: Vec<IndexColumn>, unique, filter: Option<&str>| CreateIndex {
        name: "idx".into(),
        table: "t".into(),
        unique,
        if_not_exists: !unique,
        columns,
        filter: filter.map(authored),
    };
    let key = |name: &str| IndexColumn {
        key: IndexKey::Column(name.to_owned().into()),
        collation: None,
        descending: None,
    };
    let ordered = IndexColumn { collation: Some("NOCASE".into()), descending: Some(true), ..key("b") };
    let expression = IndexColumn {
        key: IndexKey::Authored(authored("lower(c)")),
        collation: None,
        descending: Some(false),
    };
    check(
        "tables",
        &both(&[
            ("create", Statement::from(create(false, KINDS.map(column).to_vec()))),
            ("create unless there", create(true, vec![column(ColumnKind::Text)]).into()),
            ("add column", alter(ColumnChange::Add(column(ColumnKind::Bool)))),
            ("drop column", alter(ColumnChange::Drop("a".into()))),
            ("rename column", alter(ColumnChange::Rename { from: "a".into(), to: "b".into() })),
            ("rename table", RenameTable { from: "t".into(), to: "u".into() }.into()),
            ("drop table", DropTable { name: "t".into(), if_exists: false }.into()),
            ("index", index(vec![key("a")], true, Some("`a` != ''")).into()),
            ("index on several", index(vec![key("a"), ordered, expression], false, None).into()),
            ("drop index", DropIndex { name: "idx".into(), if_exists: true }.into()),
            ("create view", CreateView { name: "v".into(), query: authored("SELECT a FROM t") }.into()),
            ("drop view", DropView { name: "v".into(), if_exists: true }.into()),
        ]),
    );
}

#[test]
fn a_record_table_looks_as_pocketbase_writes_it() {
    let columns = vec![
        ColumnDef { name: "a".into(), kind: ColumnKind::Text },
        ColumnDef { name: "id".into(), kind: ColumnKind::RandomId },
    ];
    let table = Statement::from(CreateTable { name: "x".into(), if_not_exists: false, columns });
    assert_eq!(
        render(&table, Dialect::Sqlite).text,
        "CREATE TABLE `x` (`a` TEXT DEFAULT '' NOT NULL, \
         `id` TEXT PRIMARY KEY DEFAULT ('r'||lower(hex(randomblob(7)))) NOT NULL)"
    );
}
