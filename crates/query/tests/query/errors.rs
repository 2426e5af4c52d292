//! What a filter, rule or sort is refused with: these texts are for superusers and logs.

use std::fmt::Display;

use baibase_query::{Compiler, List, Part, Request};
use filter::{Position, Span};

use crate::support::Collections;

/// Texts that can be read but mean nothing for `posts`.
const FILTERS: &[&str] = &[
    "title = 1 && nope = 2",
    "title = nope",
    "// a comment\ntitle = 'x' &&\n  (nope = 1)",
    "title = '你好' && nope = 1",
    "author.nope = 1",
    "author.author = 1",
    "parent.parent.nope = 1",
    "parent.nope.title = 1",
    "nope.title = 1",
    "title.x = 1",
    "parent.title.x = 1",
    "#tag = 1",
    "@nope = 1",
    "@request = 1",
    "@request.auth = 1",
    "@request.nope.x = 1",
    "@collection.users = 1",
    "@collection.nope.id = 1",
    "@collection.users:a.nope = 1",
    "title = author.secret",
    "shut.name = 'x'",
    "parent.shut.name = 'x'",
    "parent.parent.parent.parent.parent.parent.parent.title = 1",
    "comments_via_writer.text = 1",
    "comments_via_nope.text = 1",
    "nope_via_post.text = 1",
    "title:nope = 1",
    "parent.title:nope = 1",
    "parent:lower.title = 1",
    "@request.query.a:each = 1",
    "@request.headers.a:changed = 1",
    "@request.body.title:each = 1",
    "@request.body.title:nope = 1",
    "1 = nope(title)",
    "geoDistance(1, 2, 3) = 1",
    "geoDistance() = 1",
    "geoDistance(1, 2, 3, 'x') = 1",
    "geoDistance(1, 2, 3, nope) = 1",
    "geoDistance(1, 2, 3, author.nope) = 1",
    "geoDistance(1, 2, 3, strftime('%Y')) = 1",
    "strftime() = 1",
    "strftime(title) = 1",
    "strftime('%Y', nope) = 1",
    "strftime('%Y', strftime('%Y')) = 1",
    "strftime('%Y', title, title) = 1",
    "strftime('1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11') = 1",
];

/// Texts that are no filters at all.
const NO_FILTERS: &[&str] =
    &["title =", "title == 1", "(title = 1", "title = 1 and id = 2", "title = 'x", "", "title = 1\n&& = 2"];

/// An error as superusers are told, with what it is about underlined.
fn explain(text: &str, span: Span, problem: &dyn Display) -> String {
    let place = Position::of(span, text);
    let line = text.lines().nth(place.line - 1).unwrap_or_default();
    let marks = "^".repeat(span.of(text).chars().count());
    format!("{line}\n{}{marks}\n{place}: {problem}\n", " ".repeat(place.column - 1))
}

#[test]
fn errors_point_at_the_name_and_say_what_was_expected() {
    let collections = Collections::load();
    let request = Request::default();
    let mut out = Vec::new();
    for text in FILTERS {
        let filter = filter::parse(text).unwrap();
        let list = List { filter: Some(&filter), ..List::new(collections.get("posts")) };
        let error = Compiler::new(&collections, &request).list(&list).unwrap_err();
        assert_eq!(error.part, Part::Filter);
        out.push(explain(text, error.span, &error.kind));
    }
    for text in NO_FILTERS {
        let error = filter::parse(text).unwrap_err();
        out.push(explain(text, error.span, &error.kind));
    }
    insta::assert_snapshot!(out.join("\n"));
}

#[test]
fn errors_of_a_sort_point_at_its_items() {
    let collections = Collections::load();
    let request = Request::default();
    let mut out = Vec::new();
    for text in ["title,-nope", "author.nope", "shut.name", "null", "-title,@now"] {
        let sort = filter::sort::parse(text).unwrap();
        let list = List { sort: &sort, ..List::new(collections.get("posts")) };
        let error = Compiler::new(&collections, &request).list(&list).unwrap_err();
        assert_eq!(error.part, Part::Sort);
        out.push(explain(text, error.span, &error.kind));
    }
    for text in ["title,,id", "-", "a,b,c,d,e,f,g,h,i"] {
        let error = filter::sort::parse(text).unwrap_err();
        out.push(explain(text, error.span, &error.kind));
    }
    insta::assert_snapshot!(out.join("\n"));
}

#[test]
fn values_are_no_order() {
    let collections = Collections::load();
    let request = Request { is_superuser: true, ..Request::default() };
    for text in ["null", "@now", "@request.method", "@request.query.a:isset", "@request.body.tags:length"] {
        let sort = filter::sort::parse(text).unwrap();
        let list = List { sort: &sort, ..List::new(collections.get("posts")) };
        assert!(Compiler::new(&collections, &request).list(&list).is_err(), "{text}");
    }
}

#[test]
fn a_wrong_list_rule_of_a_related_collection_is_told() {
    let text = "title = 'x' && guard.name = 'x'";
    let filter = filter::parse(text).unwrap();
    let request = Request::default();
    let mut out = Vec::new();
    for rule in ["owner =", "id != '' && nope = 1"] {
        let collections = Collections::load().with_list_rule("guarded", rule);
        let list = List { filter: Some(&filter), ..List::new(collections.get("posts")) };
        let error = Compiler::new(&collections, &request).list(&list).unwrap_err();
        assert_eq!(error.part, Part::Filter);
        out.push(explain(text, error.span, &error.kind));
    }
    insta::assert_snapshot!(out.join("\n"));
}

#[test]
fn an_error_of_the_rule_is_not_one_of_the_filter() {
    let collections = Collections::load();
    let request = Request::default();
    let (rule, filter) = (filter::parse("nope = 1").unwrap(), filter::parse("title = 1").unwrap());
    let list = List { rule: Some(&rule), filter: Some(&filter), ..List::new(collections.get("posts")) };
    assert_eq!(Compiler::new(&collections, &request).list(&list).unwrap_err().part, Part::Rule);
}
