//! The native records API on a collection with every type of field.

use baibase_tests::{Reply, Server, validate};
use serde_json::{Value, json};

const PATH: &str = "/api/collections/things/records";

async fn start() -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let collection = json!({
        "name": "things", "type": "base",
        "listRule": "", "viewRule": "", "createRule": "", "updateRule": "", "deleteRule": "",
        "fields": [
            {"type": "text", "name": "title", "min": 2, "max": 10, "pattern": "^[a-z ]+$"},
            {"type": "editor", "name": "story", "maxSize": 20},
            {"type": "number", "name": "size", "min": 5, "max": 9, "onlyInt": true},
            {"type": "bool", "name": "done"},
            {"type": "email", "name": "mail", "onlyDomains": ["example.com"]},
            {"type": "url", "name": "link"},
            {"type": "date", "name": "due", "min": "2020-01-01 00:00:00.000Z"},
            {"type": "select", "name": "kind", "values": ["a", "b", "c"]},
            {"type": "select", "name": "kinds", "values": ["a", "b", "c"], "maxSelect": 2},
            {"type": "json", "name": "more", "maxSize": 50},
            {"type": "geoPoint", "name": "place"},
            {"type": "text", "name": "secret", "hidden": true},
            {"type": "autodate", "name": "created", "onCreate": true},
            {"type": "autodate", "name": "updated", "onCreate": true, "onUpdate": true},
        ],
        "indexes": ["CREATE UNIQUE INDEX idx_things_link ON things (link) WHERE link != ''"],
    });
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    (server, token)
}

async fn create(server: &Server, body: Value) -> Reply {
    server.post(PATH).json(&body).send().await
}

#[tokio::test]
async fn a_record_is_created_viewed_updated_and_deleted() {
    let (server, _) = start().await;
    let body = json!({
        "title": "hello", "story": "<p>x</p>", "size": 7, "done": true, "mail": "a@example.com",
        "link": "https://example.com/x?a=1&b=2", "due": "2024-02-29T10:00:00+08:00", "kind": "b",
        "kinds": ["c", "a"], "more": {"b": [1, 2.5, null], "a": "<&>"}, "place": {"lon": 116.4, "lat": 39.9},
    });
    let created = create(&server, body).await.expect(200);
    let mut expected = json!({
        "title": "hello", "story": "<p>x</p>", "size": 7, "done": true, "mail": "a@example.com",
        "link": "https://example.com/x?a=1&b=2", "due": "2024-02-29 02:00:00.000Z", "kind": "b",
        "kinds": ["c", "a"], "more": {"a": "<&>", "b": [1, 2.5, null]}, "place": {"lon": 116.4, "lat": 39.9},
        "collectionName": "things",
    });
    for key in ["id", "collectionId", "created", "updated"] {
        expected[key] = created[key].clone();
    }
    assert_eq!(created.json, expected);
    validate("record-id", &created["id"]);
    validate("time", &created["created"]);

    let path = format!("{PATH}/{}", created.at("/id"));
    assert_eq!(server.get(&path).send().await.expect(200).json, created.json);
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let change =
        json!({"title": "bye", "size+": 2, "kinds-": "c", "done": false, "created": "2001-01-01 00:00:00Z"});
    let updated = server.patch(&path).json(&change).send().await.expect(200);
    assert_eq!(
        (updated.at("/title"), &updated["size"], &updated["kinds"]),
        ("bye", &json!(9), &json!(["a"]))
    );
    assert_eq!(updated["created"], created["created"]);
    assert!(updated.at("/updated") > created.at("/updated"));

    let deleted = server.delete(&path).send().await.expect(204);
    assert!(deleted.bytes.is_empty());
    for reply in [server.get(&path), server.patch(&path).json(&json!({})), server.delete(&path)] {
        validate("native-error", &reply.send().await.expect(404).json);
    }
}

#[tokio::test]
async fn empty_values_have_their_types() {
    let (server, _) = start().await;
    let record = create(&server, json!({})).await.expect(200);
    for (name, empty) in [
        ("title", json!("")),
        ("size", json!(0)),
        ("done", json!(false)),
        ("due", json!("")),
        ("kind", json!("")),
        ("kinds", json!([])),
        ("more", json!(null)),
        ("place", json!({"lon": 0, "lat": 0})),
    ] {
        assert_eq!(record[name], empty, "{name}");
    }
}

#[tokio::test]
async fn each_bad_value_has_its_code() {
    let (server, _) = start().await;
    let cases = [
        ("title", json!("x"), "validation_min_text_constraint"),
        ("title", json!("abcdefghijkl"), "validation_max_text_constraint"),
        ("title", json!("ABC"), "validation_invalid_format"),
        ("story", json!("x".repeat(21)), "validation_content_size_limit"),
        ("size", json!(7.5), "validation_only_int_constraint"),
        ("size", json!(4), "validation_min_number_constraint"),
        ("size", json!(10), "validation_max_number_constraint"),
        ("mail", json!("nobody"), "validation_is_email"),
        ("mail", json!("a@other.com"), "validation_email_domain_not_allowed"),
        ("link", json!("not a url"), "validation_invalid_url"),
        ("due", json!("2019-12-31 00:00:00Z"), "validation_min_greater_equal_than_required"),
        ("kind", json!("z"), "validation_invalid_value"),
        ("kinds", json!(["a", "b", "c"]), "validation_too_many_values"),
        ("more", json!("x".repeat(60)), "validation_json_size_limit"),
        ("place", json!({"lon": 181, "lat": 0}), "validation_invalid_longitude"),
        ("id", json!("short"), "validation_min_text_constraint"),
    ];
    for (name, value, code) in cases {
        let reply = create(&server, json!({name: value})).await.expect(400);
        validate("native-error", &reply.json);
        assert_eq!(reply.at("/message"), "Failed to create record.");
        let data = reply["data"].as_object().unwrap();
        assert_eq!(data.keys().collect::<Vec<_>>(), [name], "{}", reply.text());
        validate("field-error", &data[name]);
        assert_eq!(data[name]["code"], code, "{name}: {value}");
    }
    let several = create(&server, json!({"title": "x", "kind": "z"})).await.expect(400);
    assert_eq!(several["data"].as_object().unwrap().len(), 2, "all errors come together");
    assert_eq!(server.get(PATH).send().await.expect(200)["totalItems"], 0, "nothing was written");
}

#[tokio::test]
async fn unique_values_and_ids() {
    let (server, _) = start().await;
    let first =
        create(&server, json!({"id": "aaaaaaaaaaaaaaa", "link": "https://a.example"})).await.expect(200);
    assert_eq!(first.at("/id"), "aaaaaaaaaaaaaaa");
    let link = create(&server, json!({"link": "https://a.example"})).await.expect(400);
    assert_eq!(link.at("/data/link/code"), "validation_not_unique");
    assert_eq!(link.at("/data/link/message"), "Value must be unique.");
    let id = create(&server, json!({"id": "aaaaaaaaaaaaaaa"})).await.expect(400);
    assert_eq!(id.at("/data/id/code"), "validation_not_unique");
    create(&server, json!({"link": ""})).await.expect(200);
    create(&server, json!({"link": ""})).await.expect(200);
}

#[tokio::test]
async fn hidden_fields_are_for_superusers() {
    let (server, token) = start().await;
    let guest = create(&server, json!({"secret": "s"})).await.expect(200);
    assert!(guest.json.get("secret").is_none());
    let path = format!("{PATH}/{}", guest.at("/id"));
    let seen = server.get(&path).token(&token).send().await.expect(200);
    assert_eq!(seen.at("/secret"), "", "a guest's value is not taken");
    server.patch(&path).token(&token).json(&json!({"secret": "s"})).send().await.expect(200);
    assert_eq!(server.get(&path).token(&token).send().await.expect(200).at("/secret"), "s");
    assert!(server.get(&path).send().await.expect(200).json.get("secret").is_none());
    let filter = server.get(PATH).query(&[("filter", "secret = 's'")]).send().await;
    filter.expect(400);
    server.get(PATH).query(&[("sort", "secret")]).send().await.expect(400);
}

async fn numbered(server: &Server) {
    for (size, title) in [(7, "ca"), (5, "aa"), (9, "bb"), (6, "bb"), (8, "cc")] {
        create(server, json!({"size": size, "title": title})).await.expect(200);
    }
}

fn sizes(page: &Reply) -> Vec<i64> {
    page["items"].as_array().unwrap().iter().map(|item| item["size"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn lists_are_sorted_and_paged() {
    let (server, _) = start().await;
    numbered(&server).await;
    let list = async |query: &[(&str, &str)]| server.get(PATH).query(query).send().await.expect(200);
    let page = list(&[("sort", "size")]).await;
    validate("page", &page.json);
    assert_eq!(sizes(&page), [5, 6, 7, 8, 9]);
    assert_eq!((&page["page"], &page["perPage"], &page["totalPages"]), (&json!(1), &json!(30), &json!(1)));
    assert_eq!(sizes(&list(&[("sort", "-title,+size")]).await), [8, 7, 6, 9, 5]);
    let second = list(&[("sort", "-size"), ("page", "2"), ("perPage", "2")]).await;
    assert_eq!(sizes(&second), [7, 6]);
    assert_eq!((&second["totalItems"], &second["totalPages"]), (&json!(5), &json!(3)));
    let beyond = list(&[("page", "9"), ("perPage", "2")]).await;
    assert_eq!((sizes(&beyond), &beyond["page"]), (vec![], &json!(9)));
    let untotalled = list(&[("skipTotal", "1"), ("perPage", "2")]).await;
    assert_eq!((&untotalled["totalItems"], &untotalled["totalPages"]), (&json!(-1), &json!(-1)));
    assert_eq!(sizes(&untotalled).len(), 2);
    for (query, per_page) in [("perPage=0", 30), ("perPage=-1", 30), ("perPage=5000", 1000), ("page=0", 30)] {
        let page = server.get(&format!("{PATH}?{query}")).send().await.expect(200);
        assert_eq!((&page["perPage"], &page["page"]), (&json!(per_page), &json!(1)), "{query}");
    }
    for query in ["page=x", "perPage=x", "skipTotal=x", "sort=nosuch", "sort=title,", "sort=null"] {
        validate("native-error", &server.get(&format!("{PATH}?{query}")).send().await.expect(400).json);
    }
    let names: Vec<_> = (0..9).map(|_| "title").collect();
    server.get(PATH).query(&[("sort", &names.join(","))]).send().await.expect(400);
}

#[tokio::test]
async fn fields_choose_what_is_sent() {
    let (server, _) = start().await;
    let record =
        create(&server, json!({"title": "abc", "more": {"a": 1, "b": 2}, "story": "<p>one two</p>"}))
            .await
            .expect(200);
    let path = format!("{PATH}/{}", record.at("/id"));
    let view =
        async |fields: &str| server.get(&path).query(&[("fields", fields)]).send().await.expect(200).json;
    assert_eq!(view("title,nosuch").await, json!({"title": "abc"}));
    assert_eq!(view("id,more.b").await, json!({"id": record["id"], "more": {"b": 2}}));
    assert_eq!(view("*").await, record.json);
    assert_eq!(view("story:excerpt(3,true)").await, json!({"story": "one..."}));
    let list = server.get(PATH).query(&[("fields", "title")]).send().await.expect(200);
    assert_eq!(list["items"], json!([{"title": "abc"}]));
    assert_eq!(list["totalItems"], 1, "the page around the items stays whole");
}

#[tokio::test]
async fn the_route_table_answers_as_it_should() {
    let (server, _) = start().await;
    let id = create(&server, json!({})).await.expect(200).at("/id").to_owned();
    server.get("/api/collections/THINGS/records").send().await.expect(200);
    server.call(&reqwest::Method::HEAD, PATH).send().await.expect(200);
    for (method, path) in [
        ("PUT", PATH.to_owned()),
        ("POST", format!("{PATH}/{id}")),
        ("DELETE", PATH.to_owned()),
        ("POST", "/api/nosuch".into()),
    ] {
        let reply = server.call(&method.parse().unwrap(), &path).send().await.expect(404);
        assert_eq!(reply.at("/message"), "The requested resource wasn't found.", "{method} {path}");
    }
    // What has no route is looked for among the static files.
    let no_file = server.get("/api/nosuch").send().await.expect(404);
    assert_eq!(no_file.at("/message"), "File not found.");
    let missing = server.get("/api/collections/nosuch/records").send().await.expect(404);
    assert_eq!(missing.at("/message"), "Missing collection context.");
    let preflight = server.call(&reqwest::Method::OPTIONS, PATH).header("Origin", "https://example.com");
    let preflight = preflight.header("Access-Control-Request-Method", "PATCH").send().await.expect(204);
    assert!(preflight.header("access-control-allow-methods").contains("PATCH"));
    assert_eq!(preflight.header("access-control-allow-origin"), "*");
}
