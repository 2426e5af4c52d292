//! Compiles any text as a filter (and, after a NUL, as a sort) against the collections of the query suite, as a guest,
//! a user or a superuser. What compiles must run on SQLite, and no value may be found in the text for either database.
#![no_main]

use std::sync::{Arc, LazyLock};

use filter::{Expr, Operand, OperandKind};
use libfuzzer_sys::fuzz_target;
use query::{Caller, Compiler, List, Page, Request, Schema};
use schema::Collection;
use schema::collection::NewId;
use serde_json::{Map, Value, json};
use sql::{Dialect, Select, Statement, render};
use store::{Cost, Store};
use store_sqlite::{Options, SqliteStore};
use tokio::runtime::{Builder, Runtime};

/// Put into every value. No name of a table or column can have it.
const MARK: char = '\u{e000}';

struct World {
    collections: Vec<Arc<Collection>>,
    values: Map<String, Value>,
    store: SqliteStore,
    runtime: Runtime,
    _directory: tempfile::TempDir,
}

static WORLD: LazyLock<World> = LazyLock::new(World::load);

impl World {
    fn load() -> Self {
        let list: Vec<Value> =
            serde_json::from_str(include_str!("../../crates/query/tests/query/golden/collections.json"))
                .unwrap();
        let entropy = ambient::SeededEntropy::new(1);
        let read = |json| Arc::new(Collection::from_json(json, NewId::FromJson, &entropy).unwrap());
        let directory = tempfile::tempdir().unwrap();
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let store = SqliteStore::open(&directory.path().join("data.db"), Options::default()).unwrap();
        runtime.block_on(async {
            let mut transaction = store.begin().await.unwrap();
            for line in include_str!("../../crates/query/tests/query/golden/tables.sql").lines() {
                transaction.execute(&Statement::Authored(line.to_owned())).await.unwrap();
            }
            transaction.commit().await.unwrap();
        });
        let marked = format!("a{MARK}");
        let values = json!({
            "q": marked, "title": marked, "tags": ["a", marked], "author": marked, "editors": [marked],
            "data": {"n": marked}, "count": 7,
        });
        let Value::Object(values) = values else { unreachable!("it is one") };
        // The table of superusers is there in part only.
        let complete = list.iter().filter(|json| json["name"] != "_superusers");
        let collections = complete.map(read).collect();
        Self { collections, values, store, runtime, _directory: directory }
    }

    fn run(&self, select: &Select) {
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            let text = render(select, dialect).text;
            assert!(!text.contains(MARK), "{text}");
        }
        let rows = store::fetch(&self.store, select, Cost::Point, |_| Ok(()));
        match self.runtime.block_on(rows) {
            // A filter can be too much for the database, which then says so.
            Ok(_) | Err(store::Error::Busy(_)) => {}
            Err(error) => panic!("{error}\n{}", render(select, Dialect::Sqlite).text),
        }
    }
}

impl Schema for World {
    fn collection(&self, id_or_name: &str) -> Option<Arc<Collection>> {
        let is_it = |c: &&Arc<Collection>| c.id == id_or_name || c.name.eq_ignore_ascii_case(id_or_name);
        self.collections.iter().find(is_it).cloned()
    }
}

fn mark(expr: &mut Expr) {
    match expr {
        Expr::Comparison(comparison) => {
            mark_operand(&mut comparison.left);
            mark_operand(&mut comparison.right);
        }
        Expr::And(parts) | Expr::Or(parts) => parts.iter_mut().for_each(mark),
    }
}

fn mark_operand(operand: &mut Operand) {
    match &mut operand.kind {
        OperandKind::Text(text) => text.push(MARK),
        OperandKind::Function { arguments, .. } => arguments.iter_mut().for_each(mark_operand),
        OperandKind::Identifier(_) | OperandKind::Number(_) => {}
    }
}

fuzz_target!(|input: (u8, &str)| {
    let (choice, text) = input;
    let world = &*WORLD;
    let (condition, sort) = text.split_once('\0').unwrap_or((text, ""));
    let parsed = filter::parse(condition);
    let Ok(sort) = filter::sort::parse(sort) else { return };
    let Ok(plain) = parsed else { return };
    let mut marked = plain.clone();
    mark(&mut marked);
    let id = format!("u{MARK}");
    let auth = Caller {
        collection: &world.collection("users").unwrap(),
        id: &id,
        email: &id,
        email_visibility: true,
        verified: false,
    };
    let (who, which) = (choice & 3, usize::from(choice >> 2));
    let request = Request {
        method: "GET",
        query: &world.values,
        headers: &world.values,
        body: &world.values,
        auth: (who != 0).then_some(auth),
        is_superuser: who > 1,
        ..Request::default()
    };
    let compiler = Compiler::new(world, &request);
    let collection = &world.collections[which % world.collections.len()];
    for expr in [&plain, &marked] {
        let list = List { filter: Some(expr), sort: &sort, ..List::new(collection) };
        if let Ok(Page { rows, count }) = compiler.list(&list) {
            world.run(&rows);
            world.run(&count);
        }
        if let Ok(select) = compiler.meets_rule(collection, "id", Some(expr)) {
            world.run(&select);
        }
    }
});
