//! What a filter, rule or sort is refused with: these texts are for superusers and logs.

use std::fmt::Write as _;

use baibase_query::{Compiler, ErrorKind, List, Request};

use crate::support::Collections;

#[test]
fn errors_point_at_the_name_and_say_what_was_expected() {
    let collections = Collections::load();
    let request = Request::default();
    let mut out = String::new();
    for text in [
        "title = 1 && nope = 2",
        "author.nope = 1",
        "title.x = 1",
        "#tag = 1",
        "@request.nope.x = 1",
        "title = author.secret",
        "shut.name = 'x'",
        "parent.parent.parent.parent.parent.parent.parent.title = 1",
        "comments_via_writer.text = 1",
        "nope_via_post.text = 1",
        "title:nope = 1",
        "@request.query.a:each = 1",
        "@collection.nope.id = 1",
        "1 = nope(title)",
        "geoDistance(1, 2, 3) = 1",
        "geoDistance(1, 2, 3, 'x') = 1",
        "geoDistance(1, 2, 3, nope) = 1",
        "strftime(title) = 1",
        "strftime('%Y', title, title) = 1",
    ] {
        let filter = filter::parse(text).unwrap();
        let list = List { filter: Some(&filter), ..List::new(collections.get("posts")) };
        let error = Compiler::new(&collections, &request).list(&list).unwrap_err();
        writeln!(
            out,
            "{text}\n{}{}\n{error}\n",
            " ".repeat(error.span.start),
            "^".repeat(error.span.of(text).len())
        )
        .unwrap();
    }
    insta::assert_snapshot!(out);
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
fn a_wrong_list_rule_of_a_related_collection_is_told_apart() {
    let filter = filter::parse("guard.name = 'x'").unwrap();
    for (rule, expected) in [("owner =", "RelatedRuleText"), ("nope = 1", "RelatedRule")] {
        let collections = Collections::load().with_list_rule("guarded", rule);
        let request = Request::default();
        let list = List { filter: Some(&filter), ..List::new(collections.get("posts")) };
        let error = Compiler::new(&collections, &request).list(&list).unwrap_err();
        let found = match error.kind {
            ErrorKind::RelatedRuleText { .. } => "RelatedRuleText",
            ErrorKind::RelatedRule { .. } => "RelatedRule",
            other => panic!("{other}"),
        };
        assert_eq!(found, expected);
    }
}
