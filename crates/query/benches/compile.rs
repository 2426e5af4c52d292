//! What it costs to make a statement of what a client asks: parsing, compiling, and both with the rendering.

#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::sync::Arc;

use ambient::SeededEntropy;
use baibase_query::{Caller, Compiler, List, Request, Schema};
use divan::Bencher;
use filter::{Expr, ParseError};
use schema::Collection;
use schema::collection::NewId;
use serde_json::Value;
use sql::{Dialect, render};

fn main() {
    divan::main();
}

/// A list as it comes in a request.
#[derive(Debug)]
struct Asked {
    rule: &'static str,
    filter: &'static str,
    sort: &'static str,
}

const PUBLIC: Asked = Asked { rule: "", filter: "active = true && count >= 20000", sort: "-count" };

const OF_CALLER: Asked = Asked {
    rule: "@request.auth.id != '' && author = @request.auth.id",
    filter: "title ~ 'harbour' || kind = 'a'",
    sort: "-created,title",
};

const RELATED: Asked =
    Asked { rule: "", filter: "author.name = 'Ann' && editors.score ?> 3", sort: "author.name" };

/// The collections of the small service that the tests ask.
struct Collections(Vec<Arc<Collection>>);

impl Collections {
    fn load() -> Self {
        let text = include_str!("../tests/query/golden/collections.json");
        let list: Vec<Value> = serde_json::from_str(text).unwrap();
        let entropy = SeededEntropy::new(1);
        let read = |json| Arc::new(Collection::from_json(json, NewId::FromJson, &entropy).unwrap());
        Self(list.iter().map(read).collect())
    }

    fn named(&self, name: &str) -> &Arc<Collection> {
        self.0.iter().find(|collection| collection.name == name).unwrap()
    }
}

impl Schema for Collections {
    fn collection(&self, id_or_name: &str) -> Option<Arc<Collection>> {
        let is_it = |c: &&Arc<Collection>| c.id == id_or_name || c.name.eq_ignore_ascii_case(id_or_name);
        self.0.iter().find(is_it).cloned()
    }
}

/// The rule as the catalog keeps it.
fn rule(text: &str) -> Option<Expr> {
    (!text.is_empty()).then(|| filter::parse(text).unwrap())
}

fn caller(users: &Arc<Collection>) -> Caller<'_> {
    Caller {
        collection: users,
        id: "u00000000000001",
        email: "ann@example.com",
        email_visibility: false,
        verified: true,
    }
}

#[divan::bench(args = [PUBLIC, OF_CALLER, RELATED])]
fn parse(asked: &Asked) -> Result<Expr, ParseError> {
    filter::parse(divan::black_box(asked.filter))
}

#[divan::bench]
fn compile_record(bencher: Bencher<'_, '_>) {
    let collections = Collections::load();
    let request = Request { method: "GET", ..Request::default() };
    let posts = collections.named("posts");
    bencher.bench_local(|| {
        Compiler::new(&collections, &request).record(posts, "p00000000000001", None).unwrap()
    });
}

#[divan::bench(args = [PUBLIC, OF_CALLER, RELATED])]
fn compile_list(bencher: Bencher<'_, '_>, asked: &Asked) {
    let collections = Collections::load();
    let auth = Some(caller(collections.named("users")));
    let request = Request { method: "GET", auth, ..Request::default() };
    let (rule, filter) = (rule(asked.rule), filter::parse(asked.filter).unwrap());
    let sort = filter::sort::parse(asked.sort).unwrap();
    let list = List {
        rule: rule.as_ref(),
        filter: Some(&filter),
        sort: &sort,
        ..List::new(collections.named("posts"))
    };
    bencher.bench_local(|| Compiler::new(&collections, &request).list(divan::black_box(&list)).unwrap());
}

/// From the texts of a request to the text of a statement.
#[divan::bench(args = [PUBLIC, OF_CALLER, RELATED])]
fn text_to_statement(bencher: Bencher<'_, '_>, asked: &Asked) {
    let collections = Collections::load();
    let auth = Some(caller(collections.named("users")));
    let request = Request { method: "GET", auth, ..Request::default() };
    let rule = rule(asked.rule);
    bencher.bench_local(|| {
        let filter = filter::parse(divan::black_box(asked.filter)).unwrap();
        let sort = filter::sort::parse(asked.sort).unwrap();
        let list = List {
            rule: rule.as_ref(),
            filter: Some(&filter),
            sort: &sort,
            ..List::new(collections.named("posts"))
        };
        let page = Compiler::new(&collections, &request).list(&list).unwrap();
        render(&page.rows, Dialect::Sqlite).into_owned()
    });
}
