//! The statements for every construct in both dialects.

use std::fmt::Write as _;

use baibase_query::{Caller, Compiler, Context, Headers, List, Request};
use serde_json::{Map, Value, json};
use sql::{Dialect, Select, render};

use crate::support::Collections;

/// What stands for everything that comes from a request.
const MARK: &str = "zqx";

struct Maps {
    query: Map<String, Value>,
    headers: Headers,
    body: Map<String, Value>,
}

fn maps() -> Maps {
    let object = |value: Value| value.as_object().unwrap().clone();
    let query = object(json!({"q": MARK, "count": "7"}));
    Maps {
        headers: query.clone().into(),
        query,
        body: object(json!({
            "title": MARK, "tags": ["a", MARK], "kind": MARK, "author": MARK, "editors": [MARK, "zqx2"],
            "data": {"n": MARK}, "count": 7, "other": {"list": [MARK]},
        })),
    }
}

fn request<'a>(collections: &'a Collections, maps: &'a Maps) -> Request<'a> {
    let auth = Caller {
        collection: collections.get("users"),
        id: MARK,
        email: MARK,
        email_visibility: true,
        verified: false,
    };
    Request {
        context: Context::Realtime,
        method: "PATCH",
        query: &maps.query,
        headers: &maps.headers,
        body: &maps.body,
        auth: Some(auth),
        now: "2024-02-10T21:05:07.123Z".parse().unwrap(),
        ..Request::default()
    }
}

/// Both texts and the values.
fn report(report: &mut String, title: &str, select: &Select) {
    let [sqlite, postgres] = [Dialect::Sqlite, Dialect::Postgres].map(|dialect| render(select, dialect));
    for rendered in [&sqlite, &postgres] {
        assert!(!rendered.text.contains(MARK), "{title}: {}", rendered.text);
    }
    writeln!(report, "-- {title}\nS {}\nP {}\n", sqlite.text, postgres.text).unwrap();
    let values: Vec<_> = sqlite.values.iter().map(|value| format!("{value:?}")).collect();
    // It is somewhere: what has no mark in its text is not merely without it.
    assert!(!title.contains(MARK) || values.iter().any(|value| value.contains(MARK)), "{title}: {values:?}");
    writeln!(report, "v {}\n", values.join(", ")).unwrap();
}

/// The statements that ask whether a record meets each of these rules.
fn rules(texts: &[&str]) -> String {
    let (collections, maps) = (Collections::load(), maps());
    let request = request(&collections, &maps);
    let compiler = Compiler::new(&collections, &request);
    let mut out = String::new();
    for text in texts {
        let rule = filter::parse(text).unwrap();
        let select = compiler.meets_rule(collections.get("posts"), "zqx", Some(&rule)).unwrap();
        report(&mut out, text, &select);
    }
    out
}

#[test]
fn comparisons() {
    insta::assert_snapshot!(rules(&[
        "title = 'zqx'",
        "title != 'zqx'",
        "title > 'zqx' && count <= 5",
        "title < 1 || count >= -2.5 && active = true",
        "title = ''",
        "null != title",
        "title = must",
        "title != must",
        "'' = null",
        "'' != ''",
        "data = 'zqx'",
        "data != null",
        "title ~ 'zqx_'",
        "title !~ 'zqx%'",
        "title ~ must",
        "count ~ 1.5",
        "created > @now && @year = 2024",
    ]));
}

#[test]
fn requests() {
    insta::assert_snapshot!(rules(&[
        "@request.context = 'realtime' && @request.method = 'PATCH'",
        "@request.query.q = title",
        "@request.headers.q:lower = title:lower",
        "@request.query.count = count",
        "@request.query.nope = ''",
        "@request.query.q:isset = true",
        "@request.auth.id = author && @request.auth.verified = false",
        "@request.auth.name = title && @request.auth.org.name = 'zqx'",
        "@request.auth.nope = ''",
        "@request.body.title = 'zqx'",
        "@request.body.other.list.0 = 'zqx'",
        "@request.body.data = 'zqx'",
        "@request.body.title:changed = true",
        "@request.body.active:changed = true",
        "@request.body.title:lower ~ 'zqx'",
        "@request.body.tags:length = 2",
        "@request.body.tags:each = 'a'",
        "@request.body.author.name = 'zqx'",
        "@request.body.editors.name ?= 'zqx'",
    ]));
}

#[test]
fn paths() {
    insta::assert_snapshot!(rules(&[
        "author.name = 'zqx'",
        "author.id = 'zqx'",
        "author.org.name = author.org.level",
        "editors.name = 'zqx'",
        "editors.name ?= 'zqx'",
        "editors.name = author.name",
        "editors.name = guards.name",
        "editors.id ?= @request.auth.id",
        "comments_via_post.text = 'zqx'",
        "comments_via_post.mentions.name ?= 'zqx'",
        "author.comments_via_mentions.text ?= 'zqx'",
        "author.profiles_via_user.bio = 'zqx'",
        "@collection.comments.post ?= id && @collection.comments.text ?= 'zqx'",
        "@collection.comments:a.post = id",
        "data.n.0.x = 'zqx'",
        "place.lon > 1",
        "parent.data = editors.name",
    ]));
}

#[test]
fn modifiers_and_functions() {
    insta::assert_snapshot!(rules(&[
        "title:lower = 'zqx'",
        "data:lower = 'zqx'",
        "tags:length > 1",
        "kind:length = 1",
        "tags:each = 'zqx'",
        "tags:each ?= 'zqx'",
        "kind:each = 'zqx'",
        "editors.teams:length = 1",
        "editors.teams:each ?= 'zqx'",
        "title:isset = true",
        "geoDistance(place.lon, place.lat, 23.3, 42.7) < 5",
        "strftime('%Y', date, '+1 day') = 'zqx'",
        "strftime('%Y', comments_via_post.created) = ''",
        "strftime('%Y') ~ 'zqx'",
    ]));
}

#[test]
fn lists() {
    let (collections, maps) = (Collections::load(), maps());
    let request = request(&collections, &maps);
    let mut out = String::new();
    for (rule, filter, sort) in [
        ("", "", ""),
        ("author = @request.auth.id", "title ~ 'zqx'", "-created,title"),
        ("editors.id ?= @request.auth.id", "editors.name ?= 'zqx'", "-created"),
        ("", "editors.name ?= 'zqx'", "-author.name,data.n,@random"),
        ("", "author.email = 'zqx'", "@rowid"),
        ("", "guard.name = 'zqx'", ""),
    ] {
        let parse = |text: &str| (!text.is_empty()).then(|| filter::parse(text).unwrap());
        let (parsed_rule, parsed_filter) = (parse(rule), parse(filter));
        let sort_items = if sort.is_empty() { Vec::new() } else { filter::sort::parse(sort).unwrap() };
        let list = List {
            rule: parsed_rule.as_ref(),
            filter: parsed_filter.as_ref(),
            sort: &sort_items,
            offset: 60,
            ..List::new(collections.get("posts"))
        };
        let page = Compiler::new(&collections, &request).list(&list).unwrap();
        let title = format!("rule {rule:?} filter {filter:?} sort {sort:?}");
        report(&mut out, &title, &page.rows);
        report(&mut out, "its count", &page.count);
    }
    insta::assert_snapshot!(out);
}

#[test]
fn records() {
    let (collections, maps) = (Collections::load(), maps());
    let request = request(&collections, &maps);
    let compiler = Compiler::new(&collections, &request);
    let guarded = collections.get("guarded");
    let rule = filter::parse("posts_via_guard.title ?= 'zqx'").unwrap();
    let new_rule = filter::parse("name = 'zqx' && owner.name = @collection.guarded.name").unwrap();
    let row = [("id", "zqx"), ("name", "zqx"), ("owner", "zqx")];
    let row = row.map(|(name, value)| (name.to_owned(), value.into()));
    let mut out = String::new();
    report(&mut out, "one", &compiler.record(guarded, "zqx", Some(&rule)).unwrap());
    report(&mut out, "several", &compiler.records(guarded, &["zqx", "zqx2"], Some(&rule)).unwrap());
    report(&mut out, "several without a rule", &compiler.records(guarded, &["zqx"], None).unwrap());
    report(&mut out, "subscriber's filter", &compiler.meets_filter(guarded, "zqx", &rule).unwrap());
    report(&mut out, "new", &compiler.would_meet_rule(guarded, row, Some(&new_rule)).unwrap());
    let superuser = Request { is_superuser: true, ..request };
    let compiler = Compiler::new(&collections, &superuser);
    report(&mut out, "superuser", &compiler.record(guarded, "zqx", Some(&rule)).unwrap());
    insta::assert_snapshot!(out);
}
