//! The filter language over the wire: every operator, joins, groups, literals, macros, and its limits.

use std::collections::BTreeSet;

use baibase_tests::{Server, validate};
use serde_json::json;

const PATH: &str = "/api/collections/things/records";

async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let collection = json!({
        "name": "things", "type": "base", "listRule": "", "createRule": "",
        "fields": [
            {"type": "text", "name": "name"},
            {"type": "text", "name": "title"},
            {"type": "number", "name": "size"},
            {"type": "bool", "name": "done"},
            {"type": "date", "name": "due"},
            {"type": "select", "name": "kinds", "values": ["a", "b", "c"], "maxSelect": 3},
            {"type": "json", "name": "more"},
            {"type": "autodate", "name": "created", "onCreate": true},
        ],
    });
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    for record in [
        json!({"name": "one", "title": "Apple", "size": 1, "done": true, "due": "2024-01-01 00:00:00Z", "kinds": ["a"]}),
        json!({"name": "two", "title": "banana 50%", "size": 2, "due": "2099-01-01 00:00:00Z", "kinds": ["a", "b"]}),
        json!({"name": "three", "title": "three", "size": 3.5, "more": {"deep": [{"x": "y"}]}}),
        json!({"name": "four", "title": "it's \"quoted\" \\", "size": -4, "kinds": ["c"], "more": {"n": 7}}),
    ] {
        server.post(PATH).json(&record).send().await.expect(200);
    }
    (server, token)
}

#[tokio::test]
async fn what_filters_find() {
    let (server, _) = start().await;
    let cases: &[(&str, &[&str])] = &[
        ("name = 'one'", &["one"]),
        ("name = \"one\"", &["one"]),
        ("'one' = name", &["one"]),
        ("name != 'one'", &["two", "three", "four"]),
        ("size > 1", &["two", "three"]),
        ("size >= 2 && size < 3.5", &["two"]),
        ("size <= -4", &["four"]),
        ("title ~ 'AN'", &["two"]),
        ("title ~ 'ba%'", &["two"]),
        ("title ~ '50\\%'", &["two"]),
        ("title !~ 'a'", &["three", "four"]),
        ("done = true", &["one"]),
        ("done = false", &["two", "three", "four"]),
        ("due = ''", &["three", "four"]),
        ("due != null", &["one", "two"]),
        ("due > @now", &["two"]),
        ("due < @todayStart && due != ''", &["one"]),
        ("created >= @yesterday && created <= @tomorrow", &["one", "two", "three", "four"]),
        ("name = title", &["three"]),
        ("name = 'one' || name = 'two' && size = 1", &["one"]),
        ("(name = 'one' || name = 'two') && size = 2", &["two"]),
        ("name = 'one'||name='two'", &["one", "two"]),
        ("// nothing\nname = 'one' // really", &["one"]),
        ("title ~ \"it's\"", &["four"]),
        ("kinds ~ 'a'", &["one", "two"]),
        ("kinds:each = 'a'", &["one"]),
        ("kinds:each ?= 'a'", &["one", "two"]),
        ("kinds:each ?= 'b'", &["two"]),
        ("kinds:length = 2", &["two"]),
        ("title:lower = 'apple'", &["one"]),
        ("more.n = 7", &["four"]),
        ("more.deep.0.x = 'y'", &["three"]),
        ("name = '' || 1 = 1", &["one", "two", "three", "four"]),
        ("name = \"'; DROP TABLE things; --\"", &[]),
        ("name = '%'", &[]),
        ("name ~ '_ne'", &[]),
    ];
    for (filter, expected) in cases {
        let reply = server.get(PATH).query(&[("filter", filter)]).send().await;
        assert_eq!(reply.status, 200, "{filter}: {}", reply.text());
        let names: BTreeSet<&str> =
            reply["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected.iter().copied().collect(), "{filter}");
        assert_eq!(reply["totalItems"], expected.len(), "{filter}");
    }
}

#[tokio::test]
async fn bad_filters_are_refused() {
    let (server, _) = start().await;
    let many = vec!["size = 1"; 201].join(" || ");
    let long = format!("name = '{}'", "x".repeat(10_000));
    let texts = [
        "name",
        "name =",
        "= 'x'",
        "name = 'x",
        "name == 'x'",
        "name = 'x' &&",
        "(name = 'x'",
        "name = 'x')",
        "()",
        "name = 'x' & size = 1",
        "nosuch = 1",
        "name.deeper = 1",
        "name = @nosuch",
        "name:nosuch = 1",
        "// only a comment",
        "name = 'x'\r\n",
        "name = ;",
        "size = 1e5",
        "size = +1",
        "name = 'a' 'b'",
        "kinds:each:length = 1",
        "nosuch() = 1",
        "title = 'a text cannot end with a backslash \\'",
        &many,
        &long,
    ];
    for filter in texts {
        let reply = server.get(PATH).query(&[("filter", filter)]).send().await;
        let shown: String = filter.chars().take(60).collect();
        assert_eq!(reply.status, 400, "{shown}: {}", reply.text());
        validate("native-error", &reply.json);
        assert_eq!(reply["data"], json!({}), "{shown}");
        assert!(!reply.text().to_lowercase().contains("sql"), "nothing leaks: {}", reply.text());
    }
    server.get(PATH).send().await.expect(200);
}

#[tokio::test]
async fn deep_groups_do_not_end_the_process() {
    let (server, _) = start().await;
    for (open, filter) in [(1500, "size = 1"), (1700, "size ="), (3499, "")] {
        let filter =
            format!("{}{filter}{}", "(".repeat(open), ")".repeat(open.min(3500 - open - filter.len())));
        let reply = server.get(PATH).query(&[("filter", &filter)]).send().await;
        assert!([200, 400].contains(&reply.status), "{}", reply.text());
    }
    server.get("/api/health").send().await.expect(200);
}

#[tokio::test]
async fn only_superusers_filter_by_collection_and_request() {
    let (server, token) = start().await;
    for filter in ["@collection.things.name ?= name", "@request.auth.id = ''", "name = '@request.'"] {
        let reply = server.get(PATH).query(&[("filter", filter)]).send().await.expect(403);
        validate("native-error", &reply.json);
        server.get(PATH).token(&token).query(&[("filter", filter)]).send().await.expect(200);
    }
    let sort = server.get(PATH).query(&[("sort", "@request.auth.id")]).send().await;
    sort.expect(403);
}
