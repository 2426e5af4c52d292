use std::sync::Arc;

use sql::{
    Catalog, ColumnDef, ColumnKind, CreateTable, Delete, DropIndex, Expr, Insert, OnConflict, Select,
    Statement, Update, Value,
};

use super::items;
use crate::{Cost, Store, fetch, fetch_optional};

/// What is stored comes back as it was, from a table and from a bound value.
pub async fn values_come_back(store: Arc<dyn Store>) {
    items::create(&*store).await;
    // Not every database can index a text of any length.
    let drop_key = DropIndex { name: "items_key".into(), if_exists: false };
    items::run(&*store, &[drop_key.into()]).await;
    let texts = [
        String::new(),
        "it's \"quoted\" `x` \\ % _ ?1 $1 :a".into(),
        "Grüße, 世界 👋🏽 \u{feff}\u{202e}".into(),
        "a\nb\r\n\tc".into(),
        "x".repeat(3_000_000),
    ];
    for (number, text) in texts.iter().enumerate() {
        let id = format!("id{number}");
        items::run(&*store, &[items::insert(&id, text.as_str(), 0.5)]).await;
        let query = Select::from_table("items").column(Expr::name("title")).filter(Expr::name("id").eq(id));
        let found = fetch_optional(&*store, &query, Cost::Scan, |row| Ok(row.get(0).to_value()));
        assert_eq!(found.await.unwrap(), Some(Value::from(text.as_str())));
    }
    for number in [0.0, 1.0, -1.0, 0.1, -2.5, 1e15, 123_456_789.125, f64::MAX, f64::MIN_POSITIVE] {
        let update =
            Update { table: "items".into(), set: vec![("n".into(), number.into())], filter: first() };
        items::run(&*store, &[update.into()]).await;
        let query = Select::from_table("items").column(Expr::name("n")).filter(Expr::name("id").eq("id0"));
        let found = fetch_optional(&*store, &query, Cost::Point, |row| Ok(row.get(0).as_f64()));
        assert_eq!(found.await.unwrap(), Some(Some(number)));
    }
    let update = Update { table: "items".into(), set: vec![("n".into(), (-0.0).into())], filter: first() };
    items::run(&*store, &[update.into()]).await;
    let query = Select::from_table("items").column(Expr::name("n")).filter(Expr::name("id").eq("id0"));
    let found = fetch_optional(&*store, &query, Cost::Point, |row| Ok(row.get(0).as_f64().map(f64::to_bits)));
    assert_eq!(found.await.unwrap(), Some(Some(0)), "zero has no sign");
    let bound = [
        Value::Null,
        7.into(),
        i64::MAX.into(),
        i64::MIN.into(),
        1.5.into(),
        "x".into(),
        vec![0, 255].into(),
    ];
    let query = bound.iter().fold(Select::new(), |query, value| query.column(Expr::Value(value.clone())));
    let count = bound.len();
    let found = fetch_optional(&*store, &query, Cost::Point, move |row| {
        Ok((0..count).map(|column| row.get(column).to_value()).collect::<Vec<_>>())
    });
    assert_eq!(found.await.unwrap(), Some(bound.to_vec()));
}

fn first() -> Option<Expr> {
    Some(Expr::name("id").eq("id0"))
}

/// An insert of a key that exists replaces the named columns, or leaves the row as it is.
pub async fn upserts_replace_and_keep(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let upsert = |title: &str, update: Vec<sql::Ident>| {
        Statement::from(Insert {
            table: "items".into(),
            columns: vec!["id".into(), "title".into()],
            rows: vec![vec!["x".into(), title.into()]],
            on_conflict: Some(OnConflict { key: vec!["id".into()], update }),
        })
    };
    items::run(&*store, &[upsert("a", vec![]), upsert("b", vec![]), upsert("c", vec!["title".into()])]).await;
    let titles = Select::from_table("items").column(Expr::name("title"));
    assert_eq!(fetch(&*store, &titles, Cost::Point, items::text).await.unwrap(), ["c"]);
}

/// A statement gives the number of rows it changed, whether their values differ or not.
pub async fn changed_rows_are_counted(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let mut transaction = store.begin().await.unwrap();
    for id in ["x", "y", "z"] {
        assert_eq!(transaction.execute(&items::insert(id, id, 1.0)).await.unwrap(), 1);
    }
    let update = Update { table: "items".into(), set: vec![("n".into(), 1.0.into())], filter: None };
    assert_eq!(transaction.execute(&update.into()).await.unwrap(), 3);
    let delete = |filter| Statement::from(Delete { table: "items".into(), filter });
    assert_eq!(transaction.execute(&delete(Some(Expr::name("id").eq("none")))).await.unwrap(), 0);
    assert_eq!(transaction.execute(&delete(None)).await.unwrap(), 3);
    transaction.commit().await.unwrap();
}

/// Columns without a value get their defaults.
pub async fn defaults_are_filled_in(store: Arc<dyn Store>) {
    let kinds = [
        (ColumnKind::Text, ""),
        (ColumnKind::NullableText, "null"),
        (ColumnKind::TextOr("it's"), "it's"),
        (ColumnKind::Number, "0"),
        (ColumnKind::Integer, "0"),
        (ColumnKind::Json, "null"),
        (ColumnKind::JsonArray, "[]"),
        (ColumnKind::JsonObject, "{}"),
        (ColumnKind::GeoPoint, "{\"lon\":0,\"lat\":0}"),
    ];
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    let mut columns: Vec<ColumnDef> =
        names.iter().zip(kinds).map(|(&name, (kind, _))| ColumnDef { name: name.into(), kind }).collect();
    columns.push(ColumnDef { name: "id".into(), kind: ColumnKind::RandomId });
    columns.push(ColumnDef { name: "created".into(), kind: ColumnKind::CurrentTime });
    columns.push(ColumnDef { name: "flag".into(), kind: ColumnKind::Bool });
    let create = CreateTable { name: "t".into(), if_not_exists: false, columns };
    let insert = Insert { table: "t".into(), columns: vec![], rows: vec![], on_conflict: None };
    items::run(&*store, &[create.into(), insert.into()]).await;

    let mut query = Select::from_table("t").column(Expr::name("id")).column(Expr::name("created"));
    for name in names {
        query = query.column(Expr::name(name));
    }
    query = query.column(Expr::name("flag"));
    let row = fetch_optional(&*store, &query, Cost::Point, |row| {
        let text = |column| row.get(column).to_text().map_or("null".to_owned(), std::borrow::Cow::into_owned);
        assert_eq!(row.get(11).as_bool(), Some(false));
        Ok((text(0), text(1), (2..11).map(text).collect::<Vec<_>>()))
    });
    let (id, created, others) = row.await.unwrap().unwrap();
    assert!(id.len() == 15 && id.starts_with('r'), "{id}");
    assert!(created.len() == 24 && created.starts_with("20") && created.ends_with('Z'), "{created}");
    assert_eq!(others, kinds.map(|(_, default)| default));
}

/// The catalogue gives tables, columns and indexes as they were made.
pub async fn the_catalogue_knows_the_tables(store: Arc<dyn Store>) {
    items::create(&*store).await;
    let rows = async |query: Select| fetch(&*store, &query, Cost::Scan, items::text).await.unwrap();
    assert_eq!(rows(Catalog::exists("ITEMS")).await, ["1"]);
    assert!(rows(Catalog::exists("item")).await.is_empty());
    assert_eq!(rows(Catalog::tables()).await, ["items"]);
    assert_eq!(rows(Catalog::columns("items")).await, ["id", "title", "n"]);
    assert_eq!(rows(Catalog::indexes("Items")).await, ["items_key"]);
}
