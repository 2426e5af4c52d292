//! Names that PostgreSQL cannot keep.

use crate::support::open;
use baibase_store_postgres::Options;
use sql::{
    AlterTable, Catalog, ColumnChange, ColumnDef, ColumnKind, CreateIndex, CreateTable, Expr, IndexColumn,
    IndexKey, Insert, RenameTable, Select, Statement,
};
use store::{Cost, Error, Store, fetch};
use test_postgres::Cluster;

async fn execute(store: &dyn Store, statements: Vec<Statement>) -> Result<(), Error> {
    let mut transaction = store.begin().await?;
    for statement in &statements {
        transaction.execute(statement).await?;
    }
    transaction.commit().await
}

async fn names(store: &dyn Store, query: &Select) -> Vec<String> {
    let name = |row: &dyn store::Row| Ok(row.get(0).to_text().unwrap_or_default().into_owned());
    fetch(store, query, Cost::Scan, name).await.unwrap()
}

fn unique_index(name: &str, table: &str, columns: &[String]) -> Statement {
    let key = |name: &String| IndexColumn {
        key: IndexKey::Column(name.into()),
        collation: Some("NOCASE".into()),
        descending: None,
    };
    let (name, table) = (name.to_owned().into(), table.to_owned().into());
    let columns = columns.iter().map(key).collect();
    CreateIndex { name, table, unique: true, if_not_exists: false, columns, filter: None }.into()
}

#[tokio::test]
async fn they_are_read_as_they_were_written() {
    let database = Cluster::shared().database();
    let store = open(&database, Options::default()).await;
    let [table, renamed, index] =
        ["table", "renamed", "index"].map(|name| format!("{}_{name}", "a".repeat(70)));
    let columns = [format!("{}1", "b".repeat(63)), format!("{}2", "b".repeat(63)), "xmin".to_owned()];
    let column = |name: &String| ColumnDef { name: name.into(), kind: ColumnKind::Text };
    let create = CreateTable {
        name: (&table).into(),
        if_not_exists: false,
        columns: columns.iter().map(column).collect(),
    };
    execute(&*store, vec![create.into(), unique_index(&index, &table, &columns)]).await.unwrap();
    assert_eq!(names(&*store, &Catalog::tables()).await, [table.as_str()]);
    assert_eq!(names(&*store, &Catalog::columns(&table)).await, columns);
    assert_eq!(names(&*store, &Catalog::indexes(&table)).await, [index]);
    assert_eq!(names(&*store, &Catalog::exists(&table.to_uppercase())).await, ["1"]);

    let insert = || -> Statement {
        let row = columns.iter().map(|_| Expr::value("x")).collect();
        let columns = columns.iter().map(Into::into).collect();
        Insert { table: (&table).into(), columns, rows: vec![row], on_conflict: None }.into()
    };
    execute(&*store, vec![insert()]).await.unwrap();
    match execute(&*store, vec![insert()]).await {
        Err(Error::Unique { table: of, columns: key }) => {
            assert_eq!((of, key), (table.clone(), columns.to_vec()));
        }
        other => panic!("{other:?}"),
    }

    let rename = RenameTable { from: (&table).into(), to: (&renamed).into() };
    let to = "c".repeat(80);
    let change = ColumnChange::Rename { from: (&columns[0]).into(), to: (&to).into() };
    let alter = AlterTable { table: (&renamed).into(), change };
    execute(&*store, vec![rename.into(), alter.into()]).await.unwrap();
    assert_eq!(names(&*store, &Catalog::tables()).await, [renamed.as_str()]);
    assert_eq!(
        names(&*store, &Catalog::columns(&renamed)).await,
        [to.clone(), columns[1].clone(), columns[2].clone()]
    );
    assert_eq!(names(&*store, &Select::from_table(&renamed).column(Expr::name(&to))).await, ["x"]);
}
