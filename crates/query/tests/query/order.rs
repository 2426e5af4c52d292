//! Records that nothing else puts in order come in the order in which they were created, on every store.

use baibase_query::{Compiler, List, Request};
use sql::{CreateIndex, Expr, IndexColumn, IndexKey, Update};

use crate::support::Collections;
use crate::support::database::Database;

async fn found(collections: &Collections, database: &Database, filter: &str, sort: &str) -> String {
    let request = Request { is_superuser: true, ..Request::default() };
    let filter = (!filter.is_empty()).then(|| filter::parse(filter).unwrap());
    let sort = if sort.is_empty() { Vec::new() } else { filter::sort::parse(sort).unwrap() };
    let list = List { filter: filter.as_ref(), sort: &sort, ..List::new(collections.get("posts")) };
    let page = Compiler::new(collections, &request).list(&list).unwrap();
    database.run(&page.rows).await.iter().filter_map(|id| id.chars().nth(4)).collect()
}

async fn check(collections: &Collections, database: &Database) {
    // A changed row is in another place in PostgreSQL's tables.
    let set = vec![("must".into(), Expr::value("changed"))];
    let filter = Some(Expr::name("id").in_list(["post10000000000", "post30000000000"]));
    database.execute(&Update { table: "posts".into(), set, filter }.into()).await;
    for (filter, sort, expected) in [
        ("", "", "123456"),
        ("count >= 0", "", "12356"),
        ("editors.name ?!= ''", "", "1246"),
        ("", "kind", "316254"),
        ("", "-kind", "425163"),
        ("editors.name ?!= ''", "kind", "1624"),
        ("editors.name ?!= ''", "data.nothing", "1246"),
        ("editors.name ?!= ''", "author.org.name", "4126"),
    ] {
        assert_eq!(found(collections, database, filter, sort).await, expected, "{filter} {sort}");
    }
}

/// Where SQLite takes the order from an index, what is equal comes as the index has it. docs/stores.md lists the
/// difference.
async fn index_kind(database: &Database) {
    let kind = IndexColumn { key: IndexKey::Column("kind".into()), collation: None, descending: None };
    let index = CreateIndex {
        name: "posts_kind".into(),
        table: "posts".into(),
        unique: false,
        if_not_exists: false,
        columns: vec![kind],
        filter: None,
    };
    database.execute(&index.into()).await;
}

#[tokio::test]
async fn on_sqlite() {
    let collections = Collections::load();
    let database = Database::sqlite(&collections).await;
    check(&collections, &database).await;
    index_kind(&database).await;
    assert_eq!(found(&collections, &database, "", "-kind").await, "452613");
    assert_eq!(found(&collections, &database, "kind > ''", "").await, "16254");
}

#[tokio::test]
async fn on_postgres() {
    let collections = Collections::load();
    let database = Database::postgres(&collections).await;
    check(&collections, &database).await;
    index_kind(&database).await;
    assert_eq!(found(&collections, &database, "", "-kind").await, "425163");
    assert_eq!(found(&collections, &database, "kind > ''", "").await, "12456");
}
